-- The audit log: one row an act, chained by hash.
CREATE TABLE kernel_audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id UUID,
    person_name TEXT NOT NULL,
    stands_for TEXT NOT NULL,
    right_id TEXT NOT NULL,
    act TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    agency_id UUID,
    note TEXT NOT NULL,
    path TEXT NOT NULL,
    writes TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX kernel_audit_subject ON kernel_audit (subject_id, seq);
CREATE INDEX kernel_audit_agency ON kernel_audit (agency_id, seq);
CREATE TABLE kernel_audit_head (
    one BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO kernel_audit_head (one, seq, hash) VALUES (1, 0, '');

-- Work to do after a transaction.
-- only: sqlite
CREATE TABLE kernel_jobs (
    id INTEGER PRIMARY KEY,
-- only: postgres
CREATE TABLE kernel_jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
-- only: both
    kind TEXT NOT NULL,
    dedup TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT NOT NULL,
    batch_id UUID,
    UNIQUE (kind, dedup)
);
CREATE INDEX kernel_jobs_due ON kernel_jobs (run_at) WHERE state IN ('q', 'r');

-- How far the jobs are that one act queued together. A job that is done is deleted; here it is counted.
CREATE TABLE kernel_batches (
    id UUID PRIMARY KEY,
    person_id UUID,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX kernel_batches_at ON kernel_batches (at);

-- Forms and API calls that were acted on: a second click finds the first answer.
CREATE TABLE kernel_once (
    key TEXT PRIMARY KEY,
    person_id UUID,
    reply TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX kernel_once_at ON kernel_once (at);

-- What was measured of the tenant, and when its last backup was finished.
CREATE TABLE kernel_upkeep (
    name TEXT PRIMARY KEY,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL
);
