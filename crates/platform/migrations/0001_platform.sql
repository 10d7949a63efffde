-- The directory: every agency this tenant knows; `local` ones work here.
CREATE TABLE platform_agencies (
    id UUID PRIMARY KEY,
    rid BIGINT NOT NULL UNIQUE,
    code_102 TEXT NOT NULL UNIQUE,
    code_qd20 TEXT NOT NULL,
    name TEXT NOT NULL,
    symbol TEXT NOT NULL,
    place TEXT NOT NULL,
    tier TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent_id UUID,
    local BIGINT NOT NULL,
    locked BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    sort_key BYTEA NOT NULL
);
CREATE INDEX platform_agencies_qd20 ON platform_agencies (code_qd20);
CREATE INDEX platform_agencies_parent ON platform_agencies (parent_id, sort_key);
CREATE INDEX platform_agencies_local ON platform_agencies (tier, sort_key) WHERE local = 1;

-- Who took over from whom: merged, split, renamed or abolished.
CREATE TABLE platform_successors (
    old_id UUID NOT NULL,
    new_id UUID NOT NULL,
    kind TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    PRIMARY KEY (old_id, new_id)
);

-- only: sqlite
CREATE VIRTUAL TABLE platform_agency_words USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
-- only: postgres
CREATE TABLE platform_agency_words (
    rowid BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX platform_agency_words_gin ON platform_agency_words USING GIN (words);
-- only: both

-- Units inside an agency.
CREATE TABLE platform_units (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    name TEXT NOT NULL,
    symbol TEXT NOT NULL,
    sort BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX platform_units_agency ON platform_units (agency_id, sort);

-- Everybody with an account, under the agency whose administrators keep it.
CREATE TABLE platform_people (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL, -- read by all: names stand in what other agencies read
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sort_key BYTEA NOT NULL,
    email TEXT NOT NULL,
    lang TEXT NOT NULL,
    theme TEXT NOT NULL,
    active BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What a person is, where, since when: the source of their rights.
CREATE TABLE platform_posts (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    unit_id UUID,
    title TEXT NOT NULL,
    role TEXT NOT NULL,
    reach TEXT NOT NULL,
    main BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX platform_posts_person ON platform_posts (person_id);
CREATE INDEX platform_posts_agency ON platform_posts (agency_id, role);

-- Where a person holds posts, and nothing else of them: an administrator who sees one post must know that there
-- are others before locking the account. Kept by the database itself.
CREATE TABLE platform_held (
    post UUID PRIMARY KEY,
    person UUID NOT NULL,
    agency UUID NOT NULL,
    until TEXT
);
CREATE INDEX platform_held_person ON platform_held (person);
-- only: sqlite
CREATE TRIGGER platform_posts_held_insert AFTER INSERT ON platform_posts BEGIN
    INSERT INTO platform_held (post, person, agency, until)
    VALUES (NEW.id, NEW.person_id, NEW.agency_id, NEW.valid_to);
END;
CREATE TRIGGER platform_posts_held_update AFTER UPDATE OF valid_to ON platform_posts BEGIN
    UPDATE platform_held SET until = NEW.valid_to WHERE post = NEW.id;
END;
CREATE TRIGGER platform_posts_held_delete AFTER DELETE ON platform_posts BEGIN
    DELETE FROM platform_held WHERE post = OLD.id;
END;
-- only: postgres
CREATE FUNCTION platform_post_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM platform_held WHERE post = OLD.id;
    ELSE
        INSERT INTO platform_held (post, person, agency, until)
        VALUES (NEW.id, NEW.person_id, NEW.agency_id, NEW.valid_to)
        ON CONFLICT (post) DO UPDATE SET until = EXCLUDED.until;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER platform_posts_held AFTER INSERT OR UPDATE OF valid_to OR DELETE ON platform_posts
    FOR EACH ROW EXECUTE FUNCTION platform_post_held();
-- only: both

CREATE TABLE platform_grants (
    role TEXT NOT NULL,
    right_id TEXT NOT NULL,
    PRIMARY KEY (role, right_id)
);
-- Rights already handed to their founding roles, so that a taken-back one stays taken back.
CREATE TABLE platform_known_rights (
    right_id TEXT PRIMARY KEY
);

-- Who stands in for whom while they are away.
CREATE TABLE platform_delegations (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    from_person UUID NOT NULL,
    to_person UUID NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX platform_delegations_to ON platform_delegations (to_person, to_at);
CREATE INDEX platform_delegations_from ON platform_delegations (from_person, to_at);
CREATE INDEX platform_delegations_begin ON platform_delegations (from_at) WHERE ended_at IS NULL;
CREATE INDEX platform_delegations_end ON platform_delegations (to_at) WHERE ended_at IS NULL;

-- Moves with every change of what somebody may do: rights worked out under an older number are worked out anew.
CREATE TABLE platform_rights_mark (
    one BIGINT PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO platform_rights_mark (one, n) VALUES (1, 0);
-- only: sqlite
CREATE TRIGGER platform_people_mark_update AFTER UPDATE OF name, active ON platform_people BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_people_mark_delete AFTER DELETE ON platform_people BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_posts_mark_insert AFTER INSERT ON platform_posts BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_posts_mark_update AFTER UPDATE ON platform_posts BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_posts_mark_delete AFTER DELETE ON platform_posts BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_grants_mark_insert AFTER INSERT ON platform_grants BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_grants_mark_update AFTER UPDATE ON platform_grants BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_grants_mark_delete AFTER DELETE ON platform_grants BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_delegations_mark_insert AFTER INSERT ON platform_delegations BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_delegations_mark_update AFTER UPDATE ON platform_delegations BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_delegations_mark_delete AFTER DELETE ON platform_delegations BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_agencies_mark_insert AFTER INSERT ON platform_agencies BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_agencies_mark_update AFTER UPDATE OF parent_id ON platform_agencies BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
CREATE TRIGGER platform_agencies_mark_delete AFTER DELETE ON platform_agencies BEGIN UPDATE platform_rights_mark SET n = n + 1; END;
-- only: postgres
CREATE FUNCTION platform_mark_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE platform_rights_mark SET n = n + 1; RETURN NULL; END $$;
CREATE TRIGGER platform_people_mark AFTER UPDATE OF name, active OR DELETE ON platform_people
    FOR EACH STATEMENT EXECUTE FUNCTION platform_mark_rights();
CREATE TRIGGER platform_posts_mark AFTER INSERT OR UPDATE OR DELETE ON platform_posts
    FOR EACH STATEMENT EXECUTE FUNCTION platform_mark_rights();
CREATE TRIGGER platform_grants_mark AFTER INSERT OR UPDATE OR DELETE ON platform_grants
    FOR EACH STATEMENT EXECUTE FUNCTION platform_mark_rights();
CREATE TRIGGER platform_delegations_mark AFTER INSERT OR UPDATE OR DELETE ON platform_delegations
    FOR EACH STATEMENT EXECUTE FUNCTION platform_mark_rights();
CREATE TRIGGER platform_agencies_mark AFTER INSERT OR UPDATE OF parent_id OR DELETE ON platform_agencies
    FOR EACH STATEMENT EXECUTE FUNCTION platform_mark_rights();
-- only: both

-- Work somebody owns: one person, or everybody who holds a right in the agency (a pool).
CREATE TABLE platform_tasks (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    path TEXT NOT NULL,
    act_path TEXT,
    person_id UUID,
    unit_id UUID,
    pool TEXT,
    lead BIGINT NOT NULL,
    urgency BIGINT NOT NULL,
    due_at BIGINT,
    rank BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    given_by UUID,
    opened_at BIGINT,
    done_at BIGINT,
    done_by UUID,
    outcome TEXT
);
CREATE INDEX platform_tasks_person ON platform_tasks (agency_id, person_id, rank, id)
    WHERE done_at IS NULL AND person_id IS NOT NULL;
CREATE INDEX platform_tasks_pool ON platform_tasks (agency_id, pool, rank, id)
    WHERE done_at IS NULL AND pool IS NOT NULL;
CREATE INDEX platform_tasks_done ON platform_tasks (agency_id, done_by, done_at) WHERE done_by IS NOT NULL;
CREATE INDEX platform_tasks_subject ON platform_tasks (subject_id);

-- How much of each kind is open, by owner: every page of everybody shows it. `owner` is the right of a pool, or
-- the id of a person. Kept by the database itself, so that it is never wrong.
CREATE TABLE platform_waiting (
    agency UUID NOT NULL,
    pooled BIGINT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (agency, pooled, owner, kind)
);
-- only: sqlite
CREATE TRIGGER platform_tasks_given AFTER INSERT ON platform_tasks WHEN NEW.done_at IS NULL BEGIN
    INSERT INTO platform_waiting (agency, pooled, owner, kind, n)
    VALUES (NEW.agency_id, NEW.pool IS NOT NULL, COALESCE(NEW.pool, lower(hex(NEW.person_id))), NEW.kind, 1)
    ON CONFLICT (agency, pooled, owner, kind) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER platform_tasks_closed AFTER UPDATE OF done_at ON platform_tasks
WHEN OLD.done_at IS NULL AND NEW.done_at IS NOT NULL BEGIN
    UPDATE platform_waiting SET n = n - 1
    WHERE agency = OLD.agency_id AND pooled = (OLD.pool IS NOT NULL)
        AND owner = COALESCE(OLD.pool, lower(hex(OLD.person_id))) AND kind = OLD.kind;
END;
-- only: postgres
CREATE FUNCTION platform_task_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO platform_waiting AS w (agency, pooled, owner, kind, n)
    VALUES (NEW.agency_id, CASE WHEN NEW.pool IS NULL THEN 0 ELSE 1 END,
        COALESCE(NEW.pool, replace(CAST(NEW.person_id AS TEXT), '-', '')), NEW.kind, 1)
    ON CONFLICT (agency, pooled, owner, kind) DO UPDATE SET n = w.n + 1;
    RETURN NULL;
END $$;
CREATE FUNCTION platform_task_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform_waiting SET n = n - 1
    WHERE agency = OLD.agency_id AND pooled = CASE WHEN OLD.pool IS NULL THEN 0 ELSE 1 END
        AND owner = COALESCE(OLD.pool, replace(CAST(OLD.person_id AS TEXT), '-', '')) AND kind = OLD.kind;
    RETURN NULL;
END $$;
CREATE TRIGGER platform_tasks_given AFTER INSERT ON platform_tasks
    FOR EACH ROW WHEN (NEW.done_at IS NULL) EXECUTE FUNCTION platform_task_given();
CREATE TRIGGER platform_tasks_closed AFTER UPDATE OF done_at ON platform_tasks
    FOR EACH ROW WHEN (OLD.done_at IS NULL AND NEW.done_at IS NOT NULL) EXECUTE FUNCTION platform_task_closed();
-- only: both

-- Gap-free numbers, drawn in the transaction that uses them.
CREATE TABLE platform_counters (
    agency_id UUID NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (agency_id, series, year)
);

-- Files that belong to a thing; their bytes are in the store under their hash.
CREATE TABLE platform_files (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    sort BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    destroyed_at BIGINT
);
CREATE INDEX platform_files_subject ON platform_files (subject_id, sort);
CREATE INDEX platform_files_sha256 ON platform_files (sha256);

-- Files that came in and may belong to nothing yet.
CREATE TABLE platform_uploads (
    sha256 TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX platform_uploads_at ON platform_uploads (at);

CREATE TABLE platform_notices (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    key TEXT NOT NULL,
    note TEXT NOT NULL,
    path TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX platform_notices_person ON platform_notices (person_id, at);
CREATE INDEX platform_notices_unread ON platform_notices (person_id) WHERE read_at IS NULL;

-- What can be found by words.
CREATE TABLE platform_findable (
    rid BIGINT PRIMARY KEY,
    agency_id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL UNIQUE,
    right_id TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    path TEXT NOT NULL,
    dated TEXT NOT NULL
);
-- only: sqlite
CREATE VIRTUAL TABLE platform_words USING fts5(ex, fo, ag, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
-- only: postgres
CREATE TABLE platform_words (
    rowid BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX platform_words_gin ON platform_words USING GIN (words);
-- only: both
CREATE TABLE platform_rids (
    name TEXT PRIMARY KEY,
    n BIGINT NOT NULL
);

-- Envelopes an agency sends: the body once, a row for each recipient.
CREATE TABLE platform_envelopes (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE platform_outbox (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    envelope_id UUID NOT NULL,
    to_code TEXT NOT NULL,
    to_name TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL,
    sent_at BIGINT,
    leased_until BIGINT NOT NULL
);
CREATE INDEX platform_outbox_due ON platform_outbox (next_at) WHERE state = 'queued';
CREATE INDEX platform_outbox_failed ON platform_outbox (at) WHERE state = 'failed';

-- Envelopes an agency received: one effect for each, however often it comes.
CREATE TABLE platform_inbox (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    envelope_id UUID NOT NULL,
    kind TEXT NOT NULL,
    from_code TEXT NOT NULL,
    document_id TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (agency_id, envelope_id)
);
CREATE INDEX platform_inbox_state ON platform_inbox (agency_id, state, at);
