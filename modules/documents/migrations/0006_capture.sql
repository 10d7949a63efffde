-- A scan that was handed in, until it is registered or put away.
CREATE TABLE documents_captures (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    state TEXT NOT NULL,
    files TEXT NOT NULL,
    pdf TEXT NOT NULL,
    pages BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    trouble TEXT NOT NULL,
    content TEXT NOT NULL,
    incoming_id UUID,
    at BIGINT NOT NULL
);
CREATE INDEX documents_captures_list ON documents_captures (agency_id, state, at, id);

-- What was read off it for a field of the register: how sure, in percent, and where it stands, in thousandths of the page.
CREATE TABLE documents_guesses (
    capture_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    sure BIGINT NOT NULL,
    page BIGINT NOT NULL,
    place_left BIGINT NOT NULL,
    place_top BIGINT NOT NULL,
    place_width BIGINT NOT NULL,
    place_height BIGINT NOT NULL,
    PRIMARY KEY (capture_id, field)
);

-- The words of scans of a document that came, for the search; they go with its content.
CREATE TABLE documents_scan_words (
    incoming_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    part BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (incoming_id, part)
);
