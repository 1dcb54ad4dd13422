-- Who has which document, unreadably. The SQLite file of the same name says the
-- same.

-- A keyed hash of the document in a profile: the same person twice has it twice.
-- The key is not in the database; a rotation of it replaces the hashes.
CREATE TABLE person_tags (
    -- The entry that commits to the profile.
    entry_id BYTEA PRIMARY KEY CHECK (length(entry_id) = 16),
    -- HMAC-SHA-256 of the document.
    tag BYTEA NOT NULL CHECK (length(tag) = 32)
);

CREATE INDEX person_tags_by_tag ON person_tags (tag);
