-- Why: of each card, why it was taken for its contact; of each merge, why the
-- two were taken for one; of each review, how strongly it is suspected, and why
-- in the codes of docs/interface.md.
ALTER TABLE card ADD COLUMN reason TEXT;
ALTER TABLE merged ADD COLUMN reason TEXT;
ALTER TABLE review ADD COLUMN strength INTEGER NOT NULL DEFAULT 60;
ALTER TABLE review ADD COLUMN codes TEXT NOT NULL DEFAULT '';
UPDATE review SET codes = 'same-name' WHERE reason = 'the same name';
UPDATE review SET codes = 'shared-keys' WHERE reason = 'one record has the addresses or numbers of both';
