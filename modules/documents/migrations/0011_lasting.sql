-- Signed files the agency keeps, and when each is looked at again: its signatures are to last longer than the certificates
-- of those who made them. subject is the issued document, or the copy, that holds the file.
CREATE TABLE documents_lasting (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    look_at BIGINT NOT NULL,
    UNIQUE (subject_id, sha256)
);
CREATE INDEX documents_lasting_look ON documents_lasting (look_at);
