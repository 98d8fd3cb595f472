-- What the user wants to reach: a number of conversations, people, asks, introductions or offers by a day.
CREATE TABLE goal(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER,
  what TEXT NOT NULL,
  why TEXT,
  number INTEGER NOT NULL CONSTRAINT "number is from 1 to 10000" CHECK (number BETWEEN 1 AND 10000),
  counts TEXT NOT NULL
    CONSTRAINT "counts is conversations, people, asks, introductions or offers"
    CHECK (counts IN ('conversations', 'people', 'asks', 'introductions', 'offers')),
  circle TEXT,
  query TEXT,
  from_day TEXT NOT NULL DEFAULT (date('now', 'localtime'))
    CONSTRAINT "from_day is written 2026-11-30" CHECK (from_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  until_day TEXT NOT NULL
    CONSTRAINT "until_day is written 2026-11-30" CHECK (until_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  ended_on TEXT
    CONSTRAINT "ended_on is written 2026-11-30" CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  outcome TEXT CONSTRAINT "outcome is reached, ended or let-go" CHECK (outcome IN ('reached', 'ended', 'let-go')),
  CONSTRAINT "until_day is not before from_day" CHECK (until_day >= from_day)
) STRICT;

-- Occasions for a hello: New Year, and the user's own.
CREATE TABLE occasion(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  day TEXT NOT NULL
    CONSTRAINT "day is written 2026-11-30" CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  yearly INTEGER NOT NULL DEFAULT 0 CONSTRAINT "yearly is 0 or 1" CHECK (yearly IN (0, 1)),
  days INTEGER NOT NULL DEFAULT 10 CONSTRAINT "days is from 1 to 60" CHECK (days BETWEEN 1 AND 60),
  people TEXT NOT NULL DEFAULT 'dormant'
    CONSTRAINT "people is dormant, cooling, new or all" CHECK (people IN ('dormant', 'cooling', 'new', 'all'))
) STRICT;
