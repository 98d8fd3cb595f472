-- Why somebody is left alone: a pause, or one follow-up that was put off
-- (snooze) or let go (skip). What was there before is a pause.
ALTER TABLE pause ADD COLUMN why TEXT NOT NULL DEFAULT 'pause' CONSTRAINT "why is pause, snooze or skip" CHECK (why IN ('pause', 'snooze', 'skip'));
