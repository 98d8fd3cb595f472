-- Taking changes back, and bringing them back.

-- What was taken back, and where in history that was done.
CREATE TABLE undone(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  import_id INTEGER,
  after_change INTEGER NOT NULL,
  after_import INTEGER NOT NULL,
  redone_at TEXT
) STRICT;

-- A change that was taken back stays in the log, and counts no longer.
ALTER TABLE change ADD COLUMN undone INTEGER;
CREATE INDEX change_undone ON change(undone) WHERE undone IS NOT NULL;

-- Rows as they were before something was taken back; bringing it back puts
-- them there again. A card that comes back finds its person by its hash.
CREATE TABLE put_aside(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  undone INTEGER NOT NULL,
  "table" TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  hash BLOB,
  was TEXT
) STRICT;
CREATE INDEX put_aside_undone ON put_aside(undone);
CREATE INDEX put_aside_hash ON put_aside(hash) WHERE hash IS NOT NULL;

-- Values that went from a list: one that comes back has its old number again,
-- and so its old place.
CREATE TABLE former(
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  "table" TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX former_value ON former(contact_id, "table", value);

CREATE INDEX card_import ON card(import_id);
