-- The dossiers an agency means to open in a year (Decree 30/2020, article 28).
CREATE TABLE archives_catalogues (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    year BIGINT NOT NULL,
    state TEXT NOT NULL,
    numbering TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_on TEXT,
    approved_at BIGINT,
    approved_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (agency_id, year)
);

-- Headings of a catalogue; one with a parent is a small one.
CREATE TABLE archives_headings (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    catalogue_id UUID NOT NULL,
    parent_id UUID,
    sort BIGINT NOT NULL,
    name TEXT NOT NULL,
    symbol TEXT NOT NULL
);
CREATE INDEX archives_headings_catalogue ON archives_headings (catalogue_id, sort);

-- Lines of a catalogue. No years means for ever.
CREATE TABLE archives_lines (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    catalogue_id UUID NOT NULL,
    heading_id UUID NOT NULL,
    number BIGINT NOT NULL,
    notation TEXT NOT NULL,
    title TEXT NOT NULL,
    years BIGINT,
    construction BIGINT NOT NULL,
    person_id UUID,
    person_name TEXT NOT NULL,
    note TEXT NOT NULL,
    voided_at BIGINT,
    UNIQUE (catalogue_id, notation)
);
CREATE INDEX archives_lines_catalogue ON archives_lines (catalogue_id, number);

-- Dossiers: what belongs to one piece of work (article 29).
CREATE TABLE archives_dossiers (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    year BIGINT NOT NULL,
    line_id UUID,
    notation TEXT NOT NULL,
    title TEXT NOT NULL,
    years BIGINT,
    construction BIGINT NOT NULL,
    access TEXT NOT NULL,
    keeper UUID NOT NULL,
    keeper_name TEXT NOT NULL,
    language TEXT NOT NULL,
    note TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    started_on TEXT NOT NULL,
    ended_on TEXT,
    closed_at BIGINT,
    due_on TEXT,
    noticed_at BIGINT,
    keep_asked TEXT,
    keep_reason TEXT NOT NULL,
    kept_until TEXT,
    keep_consent TEXT NOT NULL,
    handover_id UUID,
    received_at BIGINT,
    expires_on TEXT,
    destruction_id UUID,
    destroyed_at BIGINT,
    UNIQUE (agency_id, year, notation)
);
CREATE INDEX archives_dossiers_list ON archives_dossiers (agency_id, opened_at, id);
CREATE INDEX archives_dossiers_state ON archives_dossiers (agency_id, state, opened_at, id);
CREATE INDEX archives_dossiers_keeper ON archives_dossiers (keeper, state);
CREATE INDEX archives_dossiers_due ON archives_dossiers (due_on) WHERE state = 'closed';
CREATE INDEX archives_dossiers_expires ON archives_dossiers (agency_id, expires_on) WHERE destroyed_at IS NULL;
CREATE INDEX archives_dossiers_handover ON archives_dossiers (handover_id);
CREATE INDEX archives_dossiers_destruction ON archives_dossiers (destruction_id);

-- What is in a dossier: documents by reference, and uploaded files. What is known of a document is kept as it was
-- when it was filed, so that the table of contents outlives it.
CREATE TABLE archives_entries (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    dossier_id UUID NOT NULL,
    kind TEXT NOT NULL,
    document_id UUID NOT NULL,
    code TEXT NOT NULL,
    symbol TEXT NOT NULL,
    dated TEXT NOT NULL,
    type_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    author TEXT NOT NULL,
    signer_position TEXT NOT NULL,
    signer_name TEXT NOT NULL,
    pages BIGINT NOT NULL,
    urgency BIGINT NOT NULL,
    arrival_number BIGINT,
    arrived_at BIGINT,
    due TEXT,
    files BIGINT NOT NULL,
    note TEXT NOT NULL,
    path TEXT NOT NULL,
    ordinal BIGINT,
    added_at BIGINT NOT NULL,
    added_name TEXT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX archives_entries_dossier ON archives_entries (dossier_id, dated, added_at);
CREATE INDEX archives_entries_document ON archives_entries (document_id);
CREATE UNIQUE INDEX archives_entries_once ON archives_entries (dossier_id, document_id) WHERE removed_at IS NULL;

-- Hand-overs to the agency's archive, each with its minutes (article 30).
CREATE TABLE archives_handovers (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    block TEXT NOT NULL,
    condition TEXT NOT NULL,
    giver UUID NOT NULL,
    giver_name TEXT NOT NULL,
    giver_post TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    receiver_name TEXT NOT NULL,
    receiver_post TEXT NOT NULL,
    decided_at BIGINT,
    reason TEXT NOT NULL,
    UNIQUE (agency_id, year, number)
);
CREATE INDEX archives_handovers_list ON archives_handovers (agency_id, offered_at, id);

-- Destructions: which dossiers, on whose decision.
CREATE TABLE archives_destructions (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_on TEXT,
    decided_at BIGINT,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    files BIGINT NOT NULL,
    UNIQUE (agency_id, year, number)
);
CREATE INDEX archives_destructions_list ON archives_destructions (agency_id, proposed_at, id);

-- Who took a whole dossier away, and when.
CREATE TABLE archives_exports (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    dossier_id UUID NOT NULL,
    person_id UUID NOT NULL,
    at BIGINT NOT NULL
);
