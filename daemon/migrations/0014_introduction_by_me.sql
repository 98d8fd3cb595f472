-- Introductions that the user makes: through_id and contact_id to each other.
-- Both are asked before; asked_on and agreed_on are those of through_id.
ALTER TABLE introduction ADD COLUMN by_me INTEGER NOT NULL DEFAULT 0
  CONSTRAINT "by_me is 0 or 1" CHECK (by_me IN (0, 1));
ALTER TABLE introduction ADD COLUMN to_asked_on TEXT
  CONSTRAINT "to_asked_on is written 2026-11-30" CHECK (to_asked_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
ALTER TABLE introduction ADD COLUMN to_agreed_on TEXT
  CONSTRAINT "to_agreed_on is written 2026-11-30" CHECK (to_agreed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
ALTER TABLE introduction ADD COLUMN looked_back_on TEXT
  CONSTRAINT "looked_back_on is written 2026-11-30" CHECK (looked_back_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
