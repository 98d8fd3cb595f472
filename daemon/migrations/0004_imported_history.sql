-- Contact that was imported is told from what an earlier export told already.
ALTER TABLE interaction ADD COLUMN hash BLOB;
ALTER TABLE import ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
CREATE INDEX interaction_hash ON interaction(hash) WHERE hash IS NOT NULL;
CREATE INDEX interaction_import ON interaction(import_id) WHERE import_id IS NOT NULL;
