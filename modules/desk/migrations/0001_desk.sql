-- Searches a person keeps. `alert` says when they are told of what is new: empty for never, `now`, `daily`. What was
-- findable under a row number up to `mark` has been told, or was there before.
CREATE TABLE desk_searches (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_date TEXT,
    to_date TEXT,
    alert TEXT NOT NULL,
    mark BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);
CREATE INDEX desk_searches_person ON desk_searches (person_id);
CREATE INDEX desk_searches_alert ON desk_searches (alert, id) WHERE alert <> '';
