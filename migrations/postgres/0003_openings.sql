-- Openings of commitments. The SQLite file of the same name says the same.

-- What opens the commitment of an entry, sealed under a key that is not in the
-- database; or what is left of it: when it was erased, and by whom.
CREATE TABLE openings (
    -- UUIDv7 of the entry, 16 bytes.
    entry_id BYTEA PRIMARY KEY CHECK (length(entry_id) = 16),
    -- Which key sealed it: 8 bytes of a hash of the key; empty once erased.
    key_id BYTEA NOT NULL CHECK (length(key_id) IN (0, 8)),
    -- Nonce, ciphertext and tag; empty once erased.
    sealed BYTEA NOT NULL CHECK (length(sealed) <= 4168),
    -- When it was deposited: milliseconds since 1970 UTC; 0 if never.
    put_ms BIGINT NOT NULL,
    -- The member who deposited it; empty if nobody did.
    put_by BYTEA NOT NULL CHECK (length(put_by) IN (0, 16)),
    -- When it was erased; 0 if it is not.
    erased_ms BIGINT NOT NULL,
    -- The member who erased it; empty if it is not.
    erased_by BYTEA NOT NULL CHECK (length(erased_by) IN (0, 16)),
    -- Erased is erased.
    CHECK ((erased_ms = 0) = (length(sealed) > 0)),
    CHECK ((erased_ms = 0) = (length(key_id) = 8)),
    CHECK ((erased_ms = 0) = (length(erased_by) = 0))
);
-- What is sealed does not compress.
ALTER TABLE openings ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Who has read the value of an opening, and when. It only grows.
CREATE TABLE opening_reads (
    -- The entry whose opening it was.
    entry_id BYTEA NOT NULL CHECK (length(entry_id) = 16),
    -- When: milliseconds since 1970 UTC.
    read_ms BIGINT NOT NULL,
    -- The member who read it.
    reader BYTEA NOT NULL CHECK (length(reader) = 16),
    PRIMARY KEY (entry_id, read_ms, reader)
);

CREATE FUNCTION refuse_change_of_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_ms <> 0 OR OLD.entry_id <> NEW.entry_id THEN
        RAISE EXCEPTION 'what is erased is never changed';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER openings_erased BEFORE UPDATE ON openings
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_erased();
CREATE TRIGGER openings_keep BEFORE DELETE ON openings
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER openings_stay BEFORE TRUNCATE ON openings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER opening_reads_keep BEFORE UPDATE OR DELETE ON opening_reads
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER opening_reads_stay BEFORE TRUNCATE ON opening_reads
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
