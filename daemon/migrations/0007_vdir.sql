-- Folders of one card a file, which are followed: a card knows its file, and a
-- file that goes takes its card with it.

-- The folder that an address book is, while it is followed.
ALTER TABLE source ADD COLUMN folder TEXT;

-- The file of a followed folder that a card stands in; and of one that stands
-- for a card whose file went, when that was.
ALTER TABLE card ADD COLUMN file TEXT;
ALTER TABLE card ADD COLUMN gone_at TEXT;
CREATE INDEX card_file ON card(source_id, file) WHERE file IS NOT NULL;

-- How many cards went with their files.
ALTER TABLE import ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;

-- What is known of the files of followed folders.
CREATE TABLE vdir_file(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  modified_s INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  hash BLOB NOT NULL,
  problem TEXT
) STRICT;
CREATE INDEX vdir_file_source ON vdir_file(source_id, name);
