-- Who holds a copy that the answering agency passed on, through every level below it: JSON of parties.
ALTER TABLE documents_requests ADD COLUMN holders TEXT NOT NULL DEFAULT '';
