-- Who wants to hear when a document moves on.
CREATE TABLE documents_follows (
    person_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person_id, subject_id)
);
CREATE INDEX documents_follows_subject ON documents_follows (subject_id);
