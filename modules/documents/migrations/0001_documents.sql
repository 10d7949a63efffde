-- Documents that came to an agency.
CREATE TABLE documents_incoming (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    source TEXT NOT NULL,
    envelope_id UUID,
    document_id TEXT NOT NULL,
    from_code TEXT NOT NULL,
    from_name TEXT NOT NULL,
    symbol TEXT NOT NULL,
    place TEXT NOT NULL,
    promulgated TEXT NOT NULL,
    type_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    signer_competence TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    due TEXT,
    to_places TEXT NOT NULL,
    trace TEXT NOT NULL,
    response_for TEXT NOT NULL,
    forwards TEXT,
    signature TEXT NOT NULL,
    duplicate_of UUID,
    content_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    arrived_at BIGINT NOT NULL,
    series TEXT NOT NULL,
    arrival_year BIGINT,
    arrival_number BIGINT,
    registered_at BIGINT,
    directed_at BIGINT,
    instruction TEXT NOT NULL,
    lead_unit UUID,
    lead_person UUID,
    lead_name TEXT NOT NULL,
    handle_due BIGINT,
    begun_at BIGINT,
    done_at BIGINT,
    outcome TEXT NOT NULL,
    answer_symbol TEXT NOT NULL,
    return_reason TEXT NOT NULL,
    replaced_by UUID
);
CREATE INDEX documents_incoming_list ON documents_incoming (agency_id, arrived_at, id);
CREATE INDEX documents_incoming_status ON documents_incoming (agency_id, status, arrived_at, id);
CREATE INDEX documents_incoming_document ON documents_incoming (agency_id, document_id);
CREATE INDEX documents_incoming_symbol ON documents_incoming (agency_id, symbol, promulgated);
CREATE INDEX documents_incoming_precedent ON documents_incoming (agency_id, from_code, arrived_at)
    WHERE directed_at IS NOT NULL;
CREATE INDEX documents_incoming_due ON documents_incoming (agency_id, handle_due)
    WHERE handle_due IS NOT NULL AND status IN ('registered', 'directed', 'assigned', 'in_progress');
CREATE UNIQUE INDEX documents_incoming_number
    ON documents_incoming (agency_id, series, arrival_year, arrival_number) WHERE arrival_number IS NOT NULL;

-- Units and people a leader's direction names beside the lead.
CREATE TABLE documents_involved (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    unit_id UUID,
    person_id UUID,
    name TEXT NOT NULL,
    lead BIGINT NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX documents_involved_incoming ON documents_involved (incoming_id);

-- Documents an agency writes.
CREATE TABLE documents_outgoing (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    unit_id UUID,
    drafter UUID NOT NULL,
    drafter_name TEXT NOT NULL,
    type_code TEXT NOT NULL,
    type_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    due TEXT,
    to_places TEXT NOT NULL,
    answers UUID,
    forwards UUID,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    content_by TEXT NOT NULL,
    content_at BIGINT,
    format_by TEXT NOT NULL,
    format_at BIGINT,
    signer UUID,
    signer_competence TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    signed_at BIGINT,
    series TEXT NOT NULL,
    number_year BIGINT,
    number BIGINT,
    symbol TEXT NOT NULL,
    promulgated TEXT,
    issued_at BIGINT,
    issued_by TEXT NOT NULL,
    document_id TEXT NOT NULL,
    envelope_id UUID,
    content_person UUID,
    format_person UUID,
    plan TEXT NOT NULL,
    dropped_files TEXT NOT NULL,
    voided_at BIGINT,
    voided_by TEXT NOT NULL,
    void_reason TEXT NOT NULL,
    updates UUID,
    replaces UUID,
    change_reason TEXT NOT NULL,
    replaced_by UUID,
    frozen_at BIGINT,
    authority_number TEXT,
    authority_date TEXT,
    authority_until TEXT
);
CREATE INDEX documents_outgoing_list ON documents_outgoing (agency_id, updated_at, id);
CREATE INDEX documents_outgoing_status ON documents_outgoing (agency_id, status, updated_at, id);
CREATE INDEX documents_outgoing_document ON documents_outgoing (agency_id, document_id);
CREATE INDEX documents_outgoing_answers ON documents_outgoing (answers);
CREATE INDEX documents_outgoing_forwards ON documents_outgoing (forwards);
CREATE INDEX documents_outgoing_updates ON documents_outgoing (updates) WHERE updates IS NOT NULL;
CREATE UNIQUE INDEX documents_outgoing_number ON documents_outgoing (agency_id, series, number_year, number);

-- State secrets that were issued on paper: only what their register holds. There is no column for a text, and no
-- file, envelope or search entry is ever made of a row.
CREATE TABLE documents_secret (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    level TEXT NOT NULL,
    type_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    unit_id UUID,
    signer_competence TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    to_places TEXT NOT NULL,
    copies BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    number_year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    symbol TEXT NOT NULL,
    promulgated TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by TEXT NOT NULL,
    voided_at BIGINT,
    voided_by TEXT NOT NULL,
    void_reason TEXT NOT NULL
);
CREATE UNIQUE INDEX documents_secret_number ON documents_secret (agency_id, number_year, number);
-- The types of documents a head of unit signs by order, as the agency's working rules say (article 13.4).
CREATE TABLE documents_by_order (
    agency_id UUID PRIMARY KEY,
    types TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Every version of a draft, kept (Decree 30/2020, Annex VI.I.5a).
CREATE TABLE documents_versions (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    auto BIGINT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (outgoing_id, version)
);

CREATE TABLE documents_comments (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    post TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX documents_comments_outgoing ON documents_comments (outgoing_id, at);

-- Where a document was sent, and how far each recipient is.
CREATE TABLE documents_recipients (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    to_agency UUID NOT NULL,
    to_code TEXT NOT NULL,
    to_name TEXT NOT NULL,
    tier TEXT NOT NULL,
    area TEXT NOT NULL,
    sort BIGINT NOT NULL,
    status TEXT NOT NULL,
    at_place TEXT NOT NULL,
    staff TEXT NOT NULL,
    reason TEXT NOT NULL,
    arrived_at BIGINT,
    status_at BIGINT,
    envelope_id UUID,
    replaced_by UUID,
    UNIQUE (outgoing_id, to_agency)
);
CREATE INDEX documents_recipients_outgoing ON documents_recipients (outgoing_id, sort);
CREATE INDEX documents_recipients_trouble ON documents_recipients (agency_id, status_at)
    WHERE status IN ('refused', 'failed') AND replaced_by IS NULL;
CREATE INDEX documents_recipients_envelope ON documents_recipients (envelope_id, to_code);

-- Every status packet that came back, as it came.
CREATE TABLE documents_statuses (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    from_code TEXT NOT NULL,
    code TEXT NOT NULL,
    description TEXT NOT NULL,
    at_place TEXT NOT NULL,
    staff TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX documents_statuses_outgoing ON documents_statuses (outgoing_id, from_code, at);

-- Saved groups of recipients.
CREATE TABLE documents_groups (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    name TEXT NOT NULL,
    members TEXT NOT NULL,
    at BIGINT NOT NULL,
    voided_at BIGINT,
    UNIQUE (agency_id, name)
);

-- What the agency asks of those it sent a document to: to give it back, or to take another version.
CREATE TABLE documents_requests (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    version_id UUID,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_person UUID,
    asked_at BIGINT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at BIGINT,
    answer TEXT NOT NULL,
    forwarded TEXT NOT NULL
);
CREATE INDEX documents_requests_outgoing ON documents_requests (outgoing_id, asked_at);
CREATE INDEX documents_requests_recipient ON documents_requests (recipient_id);

-- What senders ask of the agency about documents it has received. `version` is the other version of an update,
-- JSON of a document that travels: the proposed one until it is taken, then the one before.
CREATE TABLE documents_demands (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    kind TEXT NOT NULL,
    request UUID,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at BIGINT,
    answer TEXT NOT NULL
);
CREATE INDEX documents_demands_incoming ON documents_demands (incoming_id, asked_at);
CREATE INDEX documents_demands_open ON documents_demands (agency_id, asked_at, id) WHERE state = 'open';

-- What is left of a file that was given back (Decree 30/2020, Annex VI.I.8).
CREATE TABLE documents_tombstones (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    was_sha256 TEXT NOT NULL,
    destroyed_at BIGINT NOT NULL
);
CREATE INDEX documents_tombstones_incoming ON documents_tombstones (incoming_id);

-- Which documents of its sender an incoming one stands in place of.
CREATE TABLE documents_replaced (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    document_id TEXT NOT NULL,
    symbol TEXT NOT NULL
);
CREATE INDEX documents_replaced_document ON documents_replaced (agency_id, document_id);
CREATE INDEX documents_replaced_incoming ON documents_replaced (incoming_id);
