-- A question put to colleagues, until a moment.
CREATE TABLE documents_polls (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    subject TEXT NOT NULL,
    subject_path TEXT NOT NULL,
    question TEXT NOT NULL,
    asked_by UUID NOT NULL,
    asked_name TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    due BIGINT NOT NULL,
    extended BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT NOT NULL,
    conclusion TEXT NOT NULL
);
CREATE INDEX documents_polls_list ON documents_polls (agency_id, asked_at, id);

-- What each of them says; empty until they have said it.
CREATE TABLE documents_opinions (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    poll_id UUID NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    person_title TEXT NOT NULL,
    sort BIGINT NOT NULL,
    answer TEXT NOT NULL,
    words TEXT NOT NULL,
    answered_at BIGINT,
    answered_by TEXT NOT NULL,
    UNIQUE (poll_id, person_id)
);
