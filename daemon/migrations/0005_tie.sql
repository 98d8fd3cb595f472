-- Related people: whom a contact names, and how they are related.
CREATE TABLE tie(id INTEGER PRIMARY KEY AUTOINCREMENT, contact_id INTEGER NOT NULL, name TEXT NOT NULL, label TEXT, pref INTEGER, card_id INTEGER) STRICT;
CREATE INDEX tie_contact ON tie(contact_id);
