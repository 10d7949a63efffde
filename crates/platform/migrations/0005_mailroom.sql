-- What the scanner for harmful software said of a stored file: one row a content. It is the scanner's queue too.
CREATE TABLE platform_scans (
    sha256 TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    found TEXT NOT NULL,
    at BIGINT NOT NULL,
    scanned_at BIGINT,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);
CREATE INDEX platform_scans_due ON platform_scans (next_at) WHERE state = 'waiting';
CREATE INDEX platform_scans_bad ON platform_scans (sha256) WHERE state IN ('infected', 'unfit');

-- Who brought a file in: until it is scanned, only they open it.
CREATE TABLE platform_brought (
    sha256 TEXT NOT NULL,
    person_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (sha256, person_id)
);

-- The scanner as this installation saw it last.
CREATE TABLE platform_scanner (
    one BIGINT PRIMARY KEY,
    policy TEXT NOT NULL,
    version TEXT NOT NULL,
    signatures_at BIGINT,
    error TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- The mail box an agency has its letters fetched from.
CREATE TABLE platform_mailboxes (
    agency_id UUID PRIMARY KEY,
    server TEXT NOT NULL,
    port BIGINT NOT NULL,
    security TEXT NOT NULL,
    account TEXT NOT NULL,
    password TEXT NOT NULL,
    folder TEXT NOT NULL,
    processed TEXT NOT NULL,
    allowed TEXT NOT NULL,
    active BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    polled_at BIGINT,
    error TEXT NOT NULL,
    detail TEXT NOT NULL,
    letters BIGINT NOT NULL,
    tested_at BIGINT,
    test TEXT NOT NULL,
    test_detail TEXT NOT NULL
);
CREATE INDEX platform_mailboxes_due ON platform_mailboxes (next_at) WHERE active = 1;
