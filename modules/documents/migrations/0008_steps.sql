-- Which steps drafts pass in an agency: of one type of document or all, of one drafting unit or all, for drafts that
-- were begun from a moment on. Lines are never changed: a later one takes the place of an earlier one.
CREATE TABLE documents_steps (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    type_code TEXT NOT NULL,
    unit_id UUID,
    from_at BIGINT NOT NULL,
    steps TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX documents_steps_agency ON documents_steps (agency_id, from_at, id);

-- The steps of a draft as they were when it was submitted, and the one it waits at.
CREATE TABLE documents_chains (
    outgoing_id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    steps TEXT NOT NULL,
    place BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL
);

-- What was said at the steps between content and approval.
CREATE TABLE documents_reviews (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    outgoing_id UUID NOT NULL,
    place BIGINT NOT NULL,
    person_id UUID,
    person_name TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX documents_reviews_outgoing ON documents_reviews (outgoing_id, at);
