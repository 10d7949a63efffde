-- Copies of documents that came or were issued (Decree 30/2020, articles 25 to 27). All forms share one series of numbers
-- a year. sha256 names the signed file of an electronic copy; it is empty for one on paper.
CREATE TABLE documents_copies (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID,
    outgoing_id UUID,
    form TEXT NOT NULL,
    medium TEXT NOT NULL,
    number_year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    symbol TEXT NOT NULL,
    of_symbol TEXT NOT NULL,
    subject TEXT NOT NULL,
    extract TEXT NOT NULL,
    signer_competence TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    to_places TEXT NOT NULL,
    made_on TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    UNIQUE (agency_id, number_year, number)
);
CREATE INDEX documents_copies_list ON documents_copies (agency_id, made_at, id);
CREATE INDEX documents_copies_incoming ON documents_copies (incoming_id);
CREATE INDEX documents_copies_outgoing ON documents_copies (outgoing_id);
CREATE INDEX documents_copies_file ON documents_copies (agency_id, sha256);
