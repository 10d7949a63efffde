-- Marked copies of one entry are noted beside dossiers that were taken away whole (Decree 30/2020, annex VI, I.6k).
ALTER TABLE archives_exports ADD COLUMN entry_id UUID;
