-- After how many minutes work is told further up, where an agency has chosen other figures than the house's. Lines are
-- never changed: the newest one counts.
CREATE TABLE documents_ladders (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    cause TEXT NOT NULL,
    minutes TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    by_name TEXT NOT NULL
);
CREATE INDEX documents_ladders_agency ON documents_ladders (agency_id, cause, from_at);

-- What was told further up: each rung of each deadline of a task once, in however many processes the clock is watched.
CREATE TABLE documents_escalations (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    task_id UUID NOT NULL,
    cause TEXT NOT NULL,
    rung TEXT NOT NULL,
    since BIGINT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    path TEXT NOT NULL,
    told TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (task_id, cause, rung, since)
);
CREATE INDEX documents_escalations_at ON documents_escalations (agency_id, at, id);
CREATE INDEX documents_escalations_since ON documents_escalations (since);
