-- The journal of the exchange: a line for each packet that left an agency or came to it, each with the hash of the one
-- before. Never changed.
CREATE TABLE platform_journal (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    n BIGINT NOT NULL UNIQUE,
    agency_code TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    direction TEXT NOT NULL,
    envelope_id UUID NOT NULL,
    kind TEXT NOT NULL,
    document_id TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    packet TEXT NOT NULL,
    receipt TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (agency_id, seq),
    UNIQUE (envelope_id, agency_id, direction, counterpart)
);
CREATE INDEX platform_journal_document ON platform_journal (document_id, n);

-- shared: the last line, whose ever it is.
CREATE TABLE platform_journal_head (
    one BIGINT PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO platform_journal_head (one, n) VALUES (1, 0);

-- shared: a seal is over the lines of all agencies since the last one.
CREATE TABLE platform_seals (
    number BIGINT PRIMARY KEY,
    first_n BIGINT NOT NULL,
    last_n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    statement TEXT NOT NULL,
    witness TEXT NOT NULL,
    signature TEXT NOT NULL,
    crl BYTEA NOT NULL,
    stamp BYTEA NOT NULL,
    sealed_at BIGINT
);
CREATE INDEX platform_seals_open ON platform_seals (number) WHERE sealed_at IS NULL;

-- shared: how sealing goes, one line for the tenant.
CREATE TABLE platform_sealing (
    one BIGINT PRIMARY KEY,
    failing_since BIGINT,
    error TEXT NOT NULL
);
INSERT INTO platform_sealing (one, failing_since, error) VALUES (1, NULL, '');

-- shared: the last seal of each tenant of the nodes below that was countersigned here.
CREATE TABLE platform_witnessed (
    node TEXT NOT NULL,
    tenant TEXT NOT NULL,
    number BIGINT NOT NULL,
    statement TEXT NOT NULL,
    signature TEXT NOT NULL,
    crl BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (node, tenant)
);
