-- Who has which document, unreadably; and what members offer. The PostgreSQL file of
-- the same name says the same.

-- A keyed hash of the document in a profile: the same person twice has it twice.
-- The key is not in the database; a rotation of it replaces the hashes.
CREATE TABLE person_tags (
    -- The entry that commits to the profile.
    entry_id BLOB PRIMARY KEY CHECK (length(entry_id) = 16),
    -- HMAC-SHA-256 of the document.
    tag BLOB NOT NULL CHECK (length(tag) = 32)
) STRICT;

CREATE INDEX person_tags_by_tag ON person_tags (tag);

-- What a member offers: times, languages, services. Sealed under the key of the
-- openings; removed when the member says so.
CREATE TABLE offers (
    -- The member.
    member BLOB PRIMARY KEY CHECK (length(member) = 16),
    -- Which key sealed it: 8 bytes of a hash of the key.
    key_id BLOB NOT NULL CHECK (length(key_id) = 8),
    -- Nonce, ciphertext and tag.
    sealed BLOB NOT NULL CHECK (length(sealed) <= 8192)
) STRICT;
