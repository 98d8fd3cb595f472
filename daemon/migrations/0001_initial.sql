-- The first schema. Documented for users in docs/database.md.
-- Append-only: a change is a new file, never an edit of this one.

-- What kith notes about the database itself.
CREATE TABLE meta(
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

-- People and organisations. A cache of their cards and of the changes that the
-- user made: f(cards, own changes in order).
CREATE TABLE contact(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL DEFAULT '',
  given_name TEXT,
  family_name TEXT,
  organization TEXT,
  title TEXT,
  birthday TEXT,
  note TEXT,
  kind TEXT NOT NULL DEFAULT 'person' CONSTRAINT "kind is person or organization" CHECK (kind IN ('person', 'organization')),
  circle TEXT,
  comfort TEXT NOT NULL DEFAULT 'yes' CONSTRAINT "comfort is yes, not-now or never" CHECK (comfort IN ('yes', 'not-now', 'never')),
  comfort_until TEXT,
  ideal TEXT,
  latest TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  archived_at TEXT
) STRICT;

-- Lists: a value, a label, for some a preference; card_id is kith's own.
CREATE TABLE email(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, address TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE phone(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, number TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE address(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, "full" TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE link(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, uri TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE nickname(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, name TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE category(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, name TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE TABLE anniversary(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, date TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE INDEX email_contact ON email(contact_id);
CREATE INDEX phone_contact ON phone(contact_id);
CREATE INDEX address_contact ON address(contact_id);
CREATE INDEX link_contact ON link(contact_id);
CREATE INDEX nickname_contact ON nickname(contact_id);
CREATE INDEX category_contact ON category(contact_id);
CREATE INDEX anniversary_contact ON anniversary(contact_id);

-- What happened between the user and somebody.
CREATE TABLE interaction(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  day TEXT NOT NULL DEFAULT (date('now', 'localtime'))
    CONSTRAINT "day is written 2026-11-30" CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  how TEXT NOT NULL DEFAULT 'talked'
    CONSTRAINT "how is talked, met, called, wrote, heard or tried" CHECK (how IN ('talked', 'met', 'called', 'wrote', 'heard', 'tried')),
  what TEXT,
  entered_on TEXT NOT NULL DEFAULT (date('now', 'localtime')),
  import_id INTEGER
) STRICT;
CREATE INDEX interaction_contact ON interaction(contact_id, day, how, what, import_id);

-- Times in which nothing but dates is planned: for one person, or for all.
CREATE TABLE pause(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL
) STRICT;

-- The change log, and at the same time the user's own edits. Append-only.
-- What one command changed has one step: the number before its first change.
CREATE TABLE change(
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  origin TEXT NOT NULL DEFAULT 'database',
  step INTEGER,
  contact_id INTEGER,
  card_id INTEGER,
  field TEXT NOT NULL,
  item TEXT,
  old TEXT,
  new TEXT
) STRICT;
CREATE INDEX change_contact ON change(contact_id);

-- Where REPLACE (which fires no delete triggers) puts aside what it is about to overwrite.
CREATE TABLE replaced(
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  "table" TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT
) STRICT;
CREATE INDEX replaced_row ON replaced(row_id, "table", field);

-- An address book, recognised when it is exported again.
CREATE TABLE source(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  importer TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;

-- One import of one file; after_change is the last change before it.
CREATE TABLE import(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  importer TEXT NOT NULL,
  file_name TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  after_change INTEGER NOT NULL,
  new INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  review INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  undone_at TEXT
) STRICT;

-- An imported record as it came. contact_id is its home and is not changed by a merge.
CREATE TABLE card(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  importer TEXT NOT NULL,
  uid TEXT,
  profile TEXT,
  name_key TEXT NOT NULL,
  hash BLOB NOT NULL,
  said INTEGER NOT NULL,
  replaced_by INTEGER,
  line INTEGER NOT NULL,
  fields TEXT NOT NULL,
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX card_contact ON card(contact_id, replaced_by, source_id, said);
CREATE INDEX card_hash ON card(hash);
CREATE INDEX card_uid ON card(uid) WHERE uid IS NOT NULL;
CREATE INDEX card_profile ON card(profile) WHERE profile IS NOT NULL;

-- Two contacts that are one person. A merge is one row; deleting it splits them again.
CREATE TABLE merged(
  loser INTEGER PRIMARY KEY NOT NULL,
  winner INTEGER NOT NULL,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  import_id INTEGER
) STRICT;

-- Two contacts that might be one person.
CREATE TABLE review(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  twin_id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  withheld INTEGER NOT NULL,
  since TEXT NOT NULL,
  import_id INTEGER,
  decision TEXT,
  decided_at TEXT
) STRICT;

-- The plan as it was last published: what makes tomorrow's plan today's.
CREATE TABLE follow_up(
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  cycle TEXT NOT NULL,
  day TEXT NOT NULL,
  due TEXT,
  circle TEXT NOT NULL,
  shared INTEGER NOT NULL,
  settled TEXT,
  UNIQUE(contact_id, kind, cycle)
) STRICT;

-- What calendars were last told about each event.
CREATE TABLE revision(
  uid TEXT PRIMARY KEY NOT NULL,
  created_at TEXT NOT NULL,
  revised_at TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
