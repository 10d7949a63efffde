-- Letters of the agency's mail box: each once, by its Message-ID and content. What was set aside waits for a clerk.
CREATE TABLE documents_letters (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    message_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    from_address TEXT NOT NULL,
    from_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    sent_at BIGINT,
    arrived_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    incoming_id UUID,
    UNIQUE (agency_id, message_id, hash)
);
CREATE INDEX documents_letters_state ON documents_letters (agency_id, state, arrived_at);
