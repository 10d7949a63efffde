-- What was made limited, or opened again, after it had become findable was found under the right of its first day.
UPDATE platform_findable SET right_id = 'archives.archive.read'
WHERE subject_kind = 'dossier' AND right_id <> 'archives.archive.read'
    AND subject_id IN (SELECT id FROM archives_dossiers WHERE access = 'limited');
UPDATE platform_findable SET right_id = 'archives.dossier.read'
WHERE subject_kind = 'dossier' AND right_id <> 'archives.dossier.read'
    AND subject_id IN (SELECT id FROM archives_dossiers WHERE access <> 'limited');
