-- A file of another editor that stands for the words of a draft: from which version on, and until which.
CREATE TABLE documents_bodies (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    file_id UUID NOT NULL,
    name TEXT NOT NULL,
    pages BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    since_version BIGINT NOT NULL,
    until_version BIGINT
);
CREATE INDEX documents_bodies_outgoing ON documents_bodies (outgoing_id, since_version);

-- Which remarks about a draft are settled.
CREATE TABLE documents_settled (
    comment_id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
