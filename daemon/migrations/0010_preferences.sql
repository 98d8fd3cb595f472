-- How somebody likes to be met, and how the user knows them.
ALTER TABLE contact ADD COLUMN ease TEXT CONSTRAINT "ease is easy, moderate or hard" CHECK (ease IN ('easy', 'moderate', 'hard'));
ALTER TABLE contact ADD COLUMN channel TEXT CONSTRAINT "channel is call, write or meet" CHECK (channel IN ('call', 'write', 'meet'));
ALTER TABLE contact ADD COLUMN setting TEXT CONSTRAINT "setting is one-to-one or group" CHECK (setting IN ('one-to-one', 'group'));
ALTER TABLE contact ADD COLUMN best_time TEXT;
ALTER TABLE contact ADD COLUMN language TEXT;
ALTER TABLE contact ADD COLUMN time_limit TEXT
  CONSTRAINT "time_limit is a number of minutes" CHECK (time_limit GLOB '[1-9]*' AND time_limit NOT GLOB '*[^0-9]*');
ALTER TABLE contact ADD COLUMN hesitation TEXT
  CONSTRAINT "hesitation is sceptical, no-time, no-interest, afraid or own-reasons"
  CHECK (hesitation IN ('sceptical', 'no-time', 'no-interest', 'afraid', 'own-reasons'));
ALTER TABLE contact ADD COLUMN how_met TEXT;

-- What the user learned of a person, and what they could do for each other.
CREATE TABLE memo(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  kind TEXT NOT NULL
    CONSTRAINT "kind is interest, family, need, knows, offer or learn"
    CHECK (kind IN ('interest', 'family', 'need', 'knows', 'offer', 'learn')),
  what TEXT NOT NULL,
  entered_on TEXT NOT NULL DEFAULT (date('now', 'localtime'))
    CONSTRAINT "entered_on is written 2026-11-30" CHECK (entered_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX memo_contact ON memo(contact_id);
