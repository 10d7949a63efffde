-- Agencies that are asked by an issued document; what each says stands in the document it answers with.
CREATE TABLE documents_polled (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    poll_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    to_agency UUID NOT NULL,
    to_code TEXT NOT NULL,
    to_name TEXT NOT NULL,
    sort BIGINT NOT NULL,
    answer TEXT NOT NULL,
    words TEXT NOT NULL,
    incoming_id UUID,
    answered_at BIGINT,
    answered_by TEXT NOT NULL,
    UNIQUE (poll_id, to_code)
);
CREATE INDEX documents_polled_outgoing ON documents_polled (outgoing_id);
CREATE INDEX documents_polled_incoming ON documents_polled (incoming_id) WHERE incoming_id IS NOT NULL;
