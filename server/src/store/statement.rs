//! The statements: one text for both databases.
//!
//! Statements over many rows repeat their last group of placeholders. They are
//! cut into powers of four, so that a handful of texts serves every number of
//! rows and stays prepared. Only their placeholders are spelt as the database
//! likes them: SQLite takes `$1` for a name, and looks thousands of names up one
//! by one.

pub(super) mod offers;
pub(super) mod openings;

use std::fmt::Write;

use super::backend::Sql;

pub(super) const READ_HEAD: &str = "-- read_head(no_id)
SELECT origin, tree_size, recorded_ms, state_format,
    COALESCE((SELECT entry_id FROM records ORDER BY entry_id DESC LIMIT 1), $1) AS highest_id
FROM log_head";

pub(super) const CREATE_HEAD: &str = "-- create_head(origin, state_format)
INSERT INTO log_head (only_row, origin, tree_size, recorded_ms, state_format)
VALUES (1, $1, 0, 0, $2) ON CONFLICT (only_row) DO NOTHING";

/// A head of another size becomes NULL, which it may not: the statement fails
/// where a condition would let it change nothing.
pub(super) const ADVANCE_HEAD: &str = "-- advance_head(new_size, recorded_ms, old_size)
UPDATE log_head SET (tree_size, recorded_ms) =
(SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT) WHERE tree_size = $3)";

pub(super) const NEWEST_CHECKPOINT: &str = "-- newest_checkpoint()
SELECT note FROM checkpoints ORDER BY tree_size DESC LIMIT 1";

pub(super) const CHECKPOINT_OVER: &str = "-- checkpoint_over(position)
SELECT note FROM checkpoints WHERE tree_size > $1 ORDER BY tree_size LIMIT 1";

pub(super) const NEWEST_PUBLISHED: &str = "-- newest_published()
SELECT note FROM published ORDER BY tree_size DESC LIMIT 1";

pub(super) const PUBLISHED_OVER: &str = "-- published_over(position)
SELECT note FROM published WHERE tree_size > $1 ORDER BY tree_size LIMIT 1";

pub(super) const PUBLISH: &str = "-- publish(tree_size, note)
INSERT INTO published (tree_size, note) VALUES ($1, $2) ON CONFLICT (tree_size) DO NOTHING";

pub(super) const ADD_COSIGNATURES: &str = "-- add_cosignatures(note, tree_size, before)
UPDATE published SET note = $1 WHERE tree_size = $2 AND note = $3";

pub(super) const LEAVES: &str = "-- leaves(from, before)
SELECT leaf FROM records WHERE position >= $1 AND position < $2 ORDER BY position";

pub(super) const SCAN: &str = "-- scan(prefix, after, end, limit)
SELECT state_key, state_value FROM state_rows
WHERE state_key >= $1 AND state_key > $2 AND state_key < $3 ORDER BY state_key LIMIT $4";

pub(super) const POSTINGS: &str = "-- postings(position, line, before, limit)
SELECT position, line, account, bucket, amount, balance, previous_position, previous_line
FROM postings
WHERE (position > $1 OR (position = $1 AND line >= $2)) AND position < $3
ORDER BY position, line LIMIT $4";

/// Walks the links of one account from a posting back.
pub(super) const STATEMENT: &str = "-- statement(position, line, limit)
WITH RECURSIVE walk (position, line, account, bucket, amount, balance, previous_position,
    previous_line, step) AS (
    SELECT position, line, account, bucket, amount, balance, previous_position, previous_line,
        CAST(1 AS BIGINT)
    FROM postings WHERE position = $1 AND line = $2
    UNION ALL
    SELECT older.position, older.line, older.account, older.bucket, older.amount, older.balance,
        older.previous_position, older.previous_line, walk.step + 1
    FROM walk JOIN postings AS older
        ON older.position = walk.previous_position AND older.line = walk.previous_line
    WHERE walk.step < $3
)
SELECT position, line, account, bucket, amount, balance, previous_position, previous_line
FROM walk ORDER BY step";

/// How a database likes its placeholders.
#[derive(Debug, Clone, Copy)]
pub enum Placeholders {
    /// `$1`, `$2`.
    Numbered,
    /// `?`, `?`.
    Anonymous,
}

/// A statement over many rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct ManyRows {
    /// What stands before the groups.
    head: &'static str,
    /// How many values a group has.
    pub(super) width: usize,
    /// What stands after them.
    tail: &'static str,
}

pub(super) const INSERT_RECORDS: ManyRows = ManyRows {
    head: "-- insert_records(position, entry_id, leaf)
INSERT INTO records (position, entry_id, leaf) VALUES ",
    width: 3,
    tail: "",
};

pub(super) const INSERT_CHECKPOINTS: ManyRows = ManyRows {
    head: "-- insert_checkpoints(tree_size, note)
INSERT INTO checkpoints (tree_size, note) VALUES ",
    width: 2,
    tail: "",
};

pub(super) const UPSERT_TILES: ManyRows = ManyRows {
    head: "-- upsert_tiles(level, tile_index, hashes)
INSERT INTO tiles (level, tile_index, hashes) VALUES ",
    width: 3,
    tail: " ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes",
};

pub(super) const INSERT_POSTINGS: ManyRows = ManyRows {
    head: "-- insert_postings(position, line, account, bucket, amount, balance, previous)
INSERT INTO postings (position, line, account, bucket, amount, balance, previous_position,
    previous_line) VALUES ",
    width: 8,
    tail: "",
};

pub(super) const UPSERT_ROWS: ManyRows = ManyRows {
    head: "-- upsert_rows(state_key, state_value)
INSERT INTO state_rows (state_key, state_value) VALUES ",
    width: 2,
    tail: " ON CONFLICT (state_key) DO UPDATE SET state_value = excluded.state_value",
};

pub(super) const DELETE_ROWS: ManyRows = ManyRows {
    head: "-- delete_rows(state_key)
DELETE FROM state_rows WHERE state_key IN (",
    width: 1,
    tail: ")",
};

pub(super) const FIND_ROWS: ManyRows = ManyRows {
    head: "-- find_rows(state_key)
SELECT state_key, state_value FROM state_rows WHERE state_key IN (",
    width: 1,
    tail: ")",
};

pub(super) const FIND_POSITIONS: ManyRows = ManyRows {
    head: "-- find_positions(entry_id)
SELECT entry_id, position FROM records WHERE entry_id IN (",
    width: 1,
    tail: ")",
};

pub(super) const FIND_LEAVES: ManyRows = ManyRows {
    head: "-- find_leaves(position)
SELECT position, leaf FROM records WHERE position IN (",
    width: 1,
    tail: ")",
};

pub(super) const FIND_TILES: ManyRows = ManyRows {
    head: "-- find_tiles(level, tile_index)
SELECT level, tile_index, hashes FROM tiles WHERE (level, tile_index) IN (VALUES ",
    width: 2,
    tail: ")",
};

impl ManyRows {
    /// The text for so many rows.
    pub(super) fn text(&self, rows: usize, placeholders: Placeholders) -> Sql {
        let mut sql = String::with_capacity(self.head.len() + rows * self.width * 6 + 80);
        sql.push_str(self.head);
        let mut number = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { "" } else { "," });
            self.push_group(&mut sql, &mut number, placeholders);
        }
        sql.push_str(self.tail);
        sql.into()
    }

    fn push_group(&self, sql: &mut String, number: &mut usize, placeholders: Placeholders) {
        let bare = self.width == 1;
        sql.push_str(if bare { "" } else { "(" });
        for column in 0..self.width {
            *number += 1;
            sql.push_str(if column == 0 { "" } else { "," });
            match placeholders {
                Placeholders::Numbered => {
                    write!(sql, "${number}").expect("a string takes any text");
                }
                Placeholders::Anonymous => sql.push('?'),
            }
        }
        sql.push_str(if bare { "" } else { ")" });
    }

    /// Into which numbers of rows a statement is cut: powers of four, the
    /// largest first, none with more values than a statement can bind.
    pub(super) fn cuts(&self, mut rows: usize, values_max: usize) -> Vec<usize> {
        let mut cuts = Vec::new();
        let mut size = 1024;
        while size > 0 {
            if size <= rows && size * self.width <= values_max {
                cuts.push(size);
                rows -= size;
            } else {
                size /= 4;
            }
        }
        cuts
    }
}

/// Every statement, with one row where it takes many: for the test that
/// prepares them on both databases.
pub fn all(placeholders: Placeholders) -> Vec<Sql> {
    let fixed = [
        READ_HEAD,
        CREATE_HEAD,
        ADVANCE_HEAD,
        NEWEST_CHECKPOINT,
        CHECKPOINT_OVER,
        NEWEST_PUBLISHED,
        PUBLISHED_OVER,
        PUBLISH,
        ADD_COSIGNATURES,
        LEAVES,
        SCAN,
        POSTINGS,
        STATEMENT,
    ];
    let many = [
        INSERT_RECORDS,
        INSERT_CHECKPOINTS,
        UPSERT_TILES,
        INSERT_POSTINGS,
        UPSERT_ROWS,
        DELETE_ROWS,
        FIND_ROWS,
        FIND_POSITIONS,
        FIND_LEAVES,
        FIND_TILES,
    ];
    fixed
        .into_iter()
        .chain(openings::ALL)
        .chain(offers::ALL)
        .map(Sql::from)
        .chain(many.iter().map(|many| many.text(1, placeholders)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_placeholders_count_on() {
        assert!(
            UPSERT_ROWS
                .text(2, Placeholders::Numbered)
                .contains("VALUES ($1,$2),($3,$4) ON")
        );
        assert!(
            FIND_ROWS
                .text(3, Placeholders::Anonymous)
                .ends_with("IN (?,?,?)")
        );
        assert!(
            FIND_TILES
                .text(2, Placeholders::Numbered)
                .ends_with("(VALUES ($1,$2),($3,$4))")
        );
    }

    #[test]
    fn cuts_are_few_and_complete() {
        assert_eq!(UPSERT_ROWS.cuts(1, 30_000), [1]);
        assert_eq!(UPSERT_ROWS.cuts(341, 30_000), [256, 64, 16, 4, 1]);
        assert_eq!(UPSERT_ROWS.cuts(2_050, 30_000), [1024, 1024, 1, 1]);
        assert_eq!(INSERT_POSTINGS.cuts(5, 8), [1; 5]);
        assert!(UPSERT_ROWS.cuts(0, 30_000).is_empty());
    }
}
