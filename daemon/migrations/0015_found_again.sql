-- What an import said that was there already: rows of a table from first_id to
-- last_id. Taking back the import that brought them takes away what no other
-- one says.
CREATE TABLE found_again(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  import_id INTEGER NOT NULL,
  "table" TEXT NOT NULL,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL
) STRICT;
CREATE INDEX found_again_import ON found_again(import_id);
