-- What is late, and where: the leader's board reads these and nothing of a million finished documents.
CREATE INDEX documents_incoming_open_due ON documents_incoming (agency_id, handle_due)
    WHERE done_at IS NULL AND handle_due IS NOT NULL;
CREATE INDEX documents_incoming_was_late ON documents_incoming (agency_id, handle_due)
    WHERE done_at > handle_due;
CREATE INDEX documents_outgoing_due ON documents_outgoing (agency_id, due)
    WHERE status = 'issued' AND due IS NOT NULL;

-- Reminders: who was reminded of what, by whom. The number is drawn in the transaction that writes the row.
CREATE TABLE documents_reminders (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    person_id UUID NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    words TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (agency_id, year, number)
);
CREATE INDEX documents_reminders_subject ON documents_reminders (subject_id, person_id);
CREATE INDEX documents_reminders_person ON documents_reminders (agency_id, person_id, at);
