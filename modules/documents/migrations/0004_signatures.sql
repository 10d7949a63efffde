-- A document as its leader signed it, until the agency's own signature is added or it goes back. made_of names the
-- stored file that was signed; it is empty for what was printed.
CREATE TABLE documents_signed (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    made_of TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    signed_by TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX documents_signed_outgoing ON documents_signed (outgoing_id) WHERE ended_at IS NULL;
CREATE INDEX documents_signed_file ON documents_signed (sha256) WHERE ended_at IS NULL;

-- What the signatures of a file were worth when they were judged last. told is JSON of contracts::signing.
CREATE TABLE documents_verdicts (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    told TEXT NOT NULL,
    checked_at BIGINT NOT NULL,
    UNIQUE (agency_id, sha256)
);
