-- The archive that an imported file was in.
ALTER TABLE import ADD COLUMN archive TEXT;
