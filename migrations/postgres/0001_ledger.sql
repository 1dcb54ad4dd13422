-- The ledger on PostgreSQL. The SQLite file of the same name says the same.

-- The head of the log: one row. Who changes it compares the tree size first,
-- so that two servers can never append at the same place.
CREATE TABLE log_head (
    -- Always 1.
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    -- The checkpoint origin: a database belongs to one ledger.
    origin TEXT NOT NULL,
    -- Number of records.
    tree_size BIGINT NOT NULL CHECK (tree_size >= 0),
    -- When the newest record was recorded: milliseconds since 1970 UTC.
    recorded_ms BIGINT NOT NULL,
    -- The version of the bytes in state_rows.
    state_format BIGINT NOT NULL
);

-- The records: what was signed, in order. Nothing else is the truth; all other
-- tables are derived from this one, and the audit proves it.
CREATE TABLE records (
    -- 0-based index in the log.
    position BIGINT PRIMARY KEY,
    -- UUIDv7 of the entry, 16 bytes: idempotency. In time order, so that the
    -- index grows at its end.
    entry_id BYTEA NOT NULL UNIQUE CHECK (length(entry_id) = 16),
    -- The serialised timebank.v1.Record: the Merkle leaf.
    leaf BYTEA NOT NULL
);

-- Hash tiles (C2SP tlog-tiles). The last of each level is partial and grows.
CREATE TABLE tiles (
    -- 0 holds leaf hashes.
    level BIGINT NOT NULL,
    -- 0-based index within the level.
    tile_index BIGINT NOT NULL,
    -- 1 to 256 hashes of 32 bytes.
    hashes BYTEA NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile_index)
);
-- Hashes do not compress.
ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Every checkpoint that was signed, one for each commit.
CREATE TABLE checkpoints (
    -- Number of records that it covers.
    tree_size BIGINT PRIMARY KEY,
    -- The C2SP signed note, verbatim.
    note BYTEA NOT NULL
);

-- Double entry: the lines of a record sum to zero in each measure.
CREATE TABLE postings (
    -- The record that caused it.
    position BIGINT NOT NULL,
    -- 0-based line within the record.
    line BIGINT NOT NULL,
    -- The account: the key of its row in state_rows.
    account BYTEA NOT NULL,
    -- 0: available, 1: held.
    bucket BIGINT NOT NULL CHECK (bucket IN (0, 1)),
    -- What was added: minutes, or fen on the fund's accounts.
    amount BIGINT NOT NULL,
    -- Balance of the bucket after it.
    balance BIGINT NOT NULL,
    -- The account's posting before this one; NULL on its first. Statements walk
    -- these links, so that no index in random order is needed.
    previous_position BIGINT,
    previous_line BIGINT,
    PRIMARY KEY (position, line)
);

-- The state after the newest record, in the bytes of docs/state.md.
CREATE TABLE state_rows (
    -- The key of the row.
    state_key BYTEA PRIMARY KEY,
    -- Its content.
    state_value BYTEA NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME;
END
$$;

CREATE FUNCTION refuse_other_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.level <> NEW.level OR OLD.tile_index <> NEW.tile_index
        OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
    THEN
        RAISE EXCEPTION 'tiles only grow';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION refuse_smaller_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.tree_size < OLD.tree_size OR NEW.recorded_ms < OLD.recorded_ms
        OR NEW.origin <> OLD.origin
    THEN
        RAISE EXCEPTION 'the log only grows';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER records_keep BEFORE UPDATE OR DELETE ON records
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER records_stay BEFORE TRUNCATE ON records
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER checkpoints_keep BEFORE UPDATE OR DELETE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoints_stay BEFORE TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER postings_keep BEFORE UPDATE OR DELETE ON postings
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_stay BEFORE TRUNCATE ON postings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER tiles_grow BEFORE UPDATE ON tiles
FOR EACH ROW EXECUTE FUNCTION refuse_other_tile();
CREATE TRIGGER tiles_keep BEFORE DELETE ON tiles
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tiles_stay BEFORE TRUNCATE ON tiles
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
FOR EACH ROW EXECUTE FUNCTION refuse_smaller_log();
CREATE TRIGGER log_head_keeps BEFORE DELETE ON log_head
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_stays BEFORE TRUNCATE ON log_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
