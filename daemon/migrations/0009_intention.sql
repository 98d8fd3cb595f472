-- What the user means to do with somebody: promises, asks, offers.
CREATE TABLE intention(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  kind TEXT NOT NULL
    CONSTRAINT "kind is promise, their-promise, ask, congratulate, send, invite or accompany"
    CHECK (kind IN ('promise', 'their-promise', 'ask', 'congratulate', 'send', 'invite', 'accompany')),
  what TEXT NOT NULL,
  by_day TEXT
    CONSTRAINT "by_day is written 2026-11-30" CHECK (by_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  entered_on TEXT NOT NULL DEFAULT (date('now', 'localtime'))
    CONSTRAINT "entered_on is written 2026-11-30" CHECK (entered_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  ended_on TEXT
    CONSTRAINT "ended_on is written 2026-11-30" CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  outcome TEXT
    CONSTRAINT "outcome is done, yes, no or let-go" CHECK (outcome IN ('done', 'yes', 'no', 'let-go'))
) STRICT;
CREATE INDEX intention_contact ON intention(contact_id);

-- What came of a contact, and what was given, asked for and received.
ALTER TABLE interaction ADD COLUMN went TEXT CONSTRAINT "went is well, mixed or badly" CHECK (went IN ('well', 'mixed', 'badly'));
ALTER TABLE interaction ADD COLUMN learned TEXT;
ALTER TABLE interaction ADD COLUMN given TEXT;
ALTER TABLE interaction ADD COLUMN asked TEXT;
ALTER TABLE interaction ADD COLUMN received TEXT;
