-- Introductions that the user asks for: to contact_id, through through_id. Each
-- step has the day on which it was done.
CREATE TABLE introduction(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL,
  through_id INTEGER NOT NULL,
  what TEXT,
  entered_on TEXT NOT NULL DEFAULT (date('now', 'localtime'))
    CONSTRAINT "entered_on is written 2026-11-30" CHECK (entered_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  asked_on TEXT
    CONSTRAINT "asked_on is written 2026-11-30" CHECK (asked_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  agreed_on TEXT
    CONSTRAINT "agreed_on is written 2026-11-30" CHECK (agreed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  sent_on TEXT
    CONSTRAINT "sent_on is written 2026-11-30" CHECK (sent_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  made_on TEXT
    CONSTRAINT "made_on is written 2026-11-30" CHECK (made_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  hello_on TEXT
    CONSTRAINT "hello_on is written 2026-11-30" CHECK (hello_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  thanked_on TEXT
    CONSTRAINT "thanked_on is written 2026-11-30" CHECK (thanked_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  ended_on TEXT
    CONSTRAINT "ended_on is written 2026-11-30" CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  outcome TEXT
    CONSTRAINT "outcome is declined or let-go" CHECK (outcome IN ('declined', 'let-go'))
) STRICT;
CREATE INDEX introduction_contact ON introduction(contact_id);
CREATE INDEX introduction_through ON introduction(through_id);

-- The user's own calendars, as far as they say which days are holidays and how
-- busy others are: what was read of a file, or folder, when it was this one.
CREATE TABLE calendar(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  says TEXT NOT NULL CONSTRAINT "says is busy or days" CHECK (says IN ('busy', 'days')),
  stamp TEXT NOT NULL,
  zone TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL,
  problem TEXT
) STRICT;
CREATE TABLE calendar_day(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  calendar_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  from_minute INTEGER NOT NULL,
  until_minute INTEGER NOT NULL
) STRICT;
CREATE INDEX calendar_day_calendar ON calendar_day(calendar_id);
