-- The ledger on SQLite. The PostgreSQL file of the same name says the same.

-- The head of the log: one row. Who changes it compares the tree size first,
-- so that two servers can never append at the same place.
CREATE TABLE log_head (
    -- Always 1.
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    -- The checkpoint origin: a database belongs to one ledger.
    origin TEXT NOT NULL,
    -- Number of records.
    tree_size INTEGER NOT NULL CHECK (tree_size >= 0),
    -- When the newest record was recorded: milliseconds since 1970 UTC.
    recorded_ms INTEGER NOT NULL,
    -- The version of the bytes in state_rows.
    state_format INTEGER NOT NULL
) STRICT;

-- The records: what was signed, in order. Nothing else is the truth; all other
-- tables are derived from this one, and the audit proves it.
CREATE TABLE records (
    -- 0-based index in the log.
    position INTEGER PRIMARY KEY,
    -- UUIDv7 of the entry, 16 bytes: idempotency. In time order, so that the
    -- index grows at its end.
    entry_id BLOB NOT NULL UNIQUE CHECK (length(entry_id) = 16),
    -- The serialised timebank.v1.Record: the Merkle leaf.
    leaf BLOB NOT NULL
) STRICT;

-- Hash tiles (C2SP tlog-tiles). The last of each level is partial and grows.
CREATE TABLE tiles (
    -- 0 holds leaf hashes.
    level INTEGER NOT NULL,
    -- 0-based index within the level.
    tile_index INTEGER NOT NULL,
    -- 1 to 256 hashes of 32 bytes.
    hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile_index)
) STRICT;

-- Every checkpoint that was signed, one for each commit.
CREATE TABLE checkpoints (
    -- Number of records that it covers.
    tree_size INTEGER PRIMARY KEY,
    -- The C2SP signed note, verbatim.
    note BLOB NOT NULL
) STRICT;

-- Double entry: the lines of a record sum to zero in each measure.
CREATE TABLE postings (
    -- The record that caused it.
    position INTEGER NOT NULL,
    -- 0-based line within the record.
    line INTEGER NOT NULL,
    -- The account: the key of its row in state_rows.
    account BLOB NOT NULL,
    -- 0: available, 1: held.
    bucket INTEGER NOT NULL CHECK (bucket IN (0, 1)),
    -- What was added: minutes, or fen on the fund's accounts.
    amount INTEGER NOT NULL,
    -- Balance of the bucket after it.
    balance INTEGER NOT NULL,
    -- The account's posting before this one; NULL on its first. Statements walk
    -- these links, so that no index in random order is needed.
    previous_position INTEGER,
    previous_line INTEGER,
    PRIMARY KEY (position, line)
) STRICT, WITHOUT ROWID;

-- The state after the newest record, in the bytes of docs/state.md.
CREATE TABLE state_rows (
    -- The key of the row.
    state_key BLOB PRIMARY KEY,
    -- Its content.
    state_value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER records_keep BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;

CREATE TRIGGER postings_keep BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are never changed'); END;
CREATE TRIGGER postings_stay BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are never deleted'); END;

CREATE TRIGGER tiles_grow BEFORE UPDATE ON tiles
WHEN OLD.level <> NEW.level OR OLD.tile_index <> NEW.tile_index
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'tiles only grow'); END;
CREATE TRIGGER tiles_stay BEFORE DELETE ON tiles
BEGIN SELECT RAISE(ABORT, 'tiles are never deleted'); END;

CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
WHEN NEW.tree_size < OLD.tree_size OR NEW.recorded_ms < OLD.recorded_ms
    OR NEW.origin <> OLD.origin
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_head_stays BEFORE DELETE ON log_head
BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END;
