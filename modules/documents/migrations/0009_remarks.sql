-- What people who work on an incoming document say to each other.
CREATE TABLE documents_remarks (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    post TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX documents_remarks_incoming ON documents_remarks (incoming_id, at);
