-- How many incoming documents stand where in each agency: every list shows it, and counting a thousand rows took a
-- quarter of the page. Kept by the database itself, so that it is never wrong (ADR 9).
-- shared: counts that triggers keep for all agencies; they are read for the actor's own agency only
CREATE TABLE documents_standing (
    agency UUID NOT NULL,
    status TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (agency, status)
);
-- only: postgres
-- Rows of all agencies are counted, whoever is logged in.
SET LOCAL app.scope = '*';
-- only: both
INSERT INTO documents_standing (agency, status, n)
    SELECT agency_id, status, count(*) FROM documents_incoming GROUP BY agency_id, status;
-- only: sqlite
CREATE TRIGGER documents_incoming_came AFTER INSERT ON documents_incoming BEGIN
    INSERT INTO documents_standing (agency, status, n) VALUES (NEW.agency_id, NEW.status, 1)
    ON CONFLICT (agency, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER documents_incoming_moved AFTER UPDATE OF status ON documents_incoming
WHEN OLD.status <> NEW.status BEGIN
    UPDATE documents_standing SET n = n - 1 WHERE agency = OLD.agency_id AND status = OLD.status;
    INSERT INTO documents_standing (agency, status, n) VALUES (NEW.agency_id, NEW.status, 1)
    ON CONFLICT (agency, status) DO UPDATE SET n = n + 1;
END;
-- only: postgres
CREATE FUNCTION documents_incoming_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO documents_standing AS s (agency, status, n) VALUES (NEW.agency_id, NEW.status, 1)
    ON CONFLICT (agency, status) DO UPDATE SET n = s.n + 1;
    RETURN NULL;
END $$;
CREATE FUNCTION documents_incoming_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_standing SET n = n - 1 WHERE agency = OLD.agency_id AND status = OLD.status;
    INSERT INTO documents_standing AS s (agency, status, n) VALUES (NEW.agency_id, NEW.status, 1)
    ON CONFLICT (agency, status) DO UPDATE SET n = s.n + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_incoming_came AFTER INSERT ON documents_incoming
    FOR EACH ROW EXECUTE FUNCTION documents_incoming_came();
CREATE TRIGGER documents_incoming_moved AFTER UPDATE OF status ON documents_incoming
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION documents_incoming_moved();
-- only: both
