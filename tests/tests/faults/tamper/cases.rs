//! What can be altered in a database, and who finds it.

pub(super) mod books;

use anyhow::Result;
use timebank_tests::street::Street;

use crate::sql::Sql;

/// One alteration.
pub(super) struct Case {
    pub(super) what: &'static str,
    pub(super) sql: String,
    pub(super) finds: Finds,
    /// It happens while the server runs, which would not start on it.
    pub(super) while_running: bool,
}

/// Who finds an alteration.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finds {
    /// The server refuses to start and says why.
    Server(&'static str),
    /// The audit names the fault and the first bad position.
    Audit {
        reason: &'static str,
        position: Option<u64>,
    },
}

fn audit(reason: &'static str, position: impl Into<Option<u64>>) -> Finds {
    let position = position.into();
    Finds::Audit { reason, position }
}

fn case(what: &'static str, sql: impl Into<String>, finds: Finds) -> Case {
    Case {
        what,
        sql: sql.into(),
        finds,
        while_running: false,
    }
}

fn running(what: &'static str, sql: impl Into<String>, finds: Finds) -> Case {
    Case {
        while_running: true,
        ..case(what, sql, finds)
    }
}

/// Every alteration of a ledger of 300 records, none of which is done yet.
pub(super) async fn all(sql: &mut Sql, street: &Street) -> Result<Vec<Case>> {
    let mut cases = records(sql).await?;
    cases.extend(tiles(sql).await?);
    cases.extend(checkpoints(sql).await?);
    cases.extend(books::accounts(sql, street).await?);
    cases.extend(books::keys(sql, street).await?);
    cases.extend(books::postings());
    cases.extend(head());
    Ok(cases)
}

async fn records(sql: &mut Sql) -> Result<Vec<Case>> {
    let leaf_of = |position: u64| format!("SELECT leaf FROM records WHERE position = {position}");
    let mut altered = sql.bytes(&leaf_of(120)).await?;
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let (one, other) = (
        sql.bytes(&leaf_of(30)).await?,
        sql.bytes(&leaf_of(31)).await?,
    );
    let set = |position: u64, leaf: String| {
        format!("UPDATE records SET leaf = {leaf} WHERE position = {position};")
    };
    let (altered, one, other) = (sql.blob(&altered), sql.blob(&one), sql.blob(&other));
    let id = sql.blob(&[7; 16]);
    let insert = format!(
        "UPDATE records SET position = -position WHERE position >= 100;
         UPDATE records SET position = 1 - position WHERE position < 0;
         INSERT INTO records (position, entry_id, leaf) VALUES (100, {id}, {one});"
    );
    Ok(vec![
        case(
            "an altered record",
            set(120, altered.clone()),
            audit("RECORD_ALTERED", 120),
        ),
        case(
            "an altered record of the last tile",
            set(299, altered),
            audit("RECORD_ALTERED", 299),
        ),
        case(
            "swapped records",
            set(30, other) + &set(31, one),
            audit("RECORD_ALTERED", 30),
        ),
        case("an added record", insert, audit("RECORD_ALTERED", 100)),
        // Without one of its records, the server has no bundle to give.
        case(
            "a removed record",
            "DELETE FROM records WHERE position = 120",
            audit("FILE_MISSING", 0),
        ),
        case(
            "a removed last record",
            "DELETE FROM records WHERE position = 299",
            audit("FILE_MISSING", 256),
        ),
        case(
            "no records",
            "DELETE FROM records",
            audit("FILE_MISSING", 0),
        ),
    ])
}

async fn tiles(sql: &mut Sql) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    // The hash of a record in a full tile, in the last one, and above them.
    for (what, level, index, hash, reason, position) in [
        ("an altered full tile", 0, 0, 120, "TILE_ALTERED", 120),
        ("an altered last tile", 0, 1, 34, "TILE_ALTERED", 290),
        ("an altered upper tile", 1, 0, 0, "TILE_DIFFERS", 0),
    ] {
        let place = format!("level = {level} AND tile_index = {index}");
        let mut hashes = sql
            .bytes(&format!("SELECT hashes FROM tiles WHERE {place}"))
            .await?;
        hashes[hash * 32 + 5] ^= 1;
        let hashes = sql.blob(&hashes);
        let alter = format!("UPDATE tiles SET hashes = {hashes} WHERE {place}");
        if (level, index) == (0, 0) {
            cases.push(case(what, alter, audit(reason, position)));
        } else {
            cases.push(running(what, alter.clone(), audit(reason, position)));
            cases.push(case(what, alter, Finds::Server("corrupt")));
        }
    }
    let swap = "UPDATE tiles SET hashes = (SELECT other.hashes FROM tiles AS other
        WHERE other.level = 1) WHERE level = 0 AND tile_index = 0";
    cases.extend([
        case(
            "a removed full tile",
            "DELETE FROM tiles WHERE level = 0 AND tile_index = 0",
            audit("FILE_MISSING", 0),
        ),
        case(
            "a removed last tile",
            "DELETE FROM tiles WHERE level = 0 AND tile_index = 1",
            Finds::Server("corrupt"),
        ),
        case(
            "a removed upper tile",
            "DELETE FROM tiles WHERE level = 1",
            Finds::Server("corrupt"),
        ),
        case("a tile in another's place", swap, audit("FILE_MISSING", 0)),
        running(
            "a removed last tile",
            "DELETE FROM tiles WHERE level = 0 AND tile_index = 1",
            audit("FILE_MISSING", 256),
        ),
    ]);
    Ok(cases)
}

async fn checkpoints(sql: &mut Sql) -> Result<Vec<Case>> {
    let newest = "tree_size = 300";
    let mut note = sql
        .bytes(&format!("SELECT note FROM checkpoints WHERE {newest}"))
        .await?;
    let line = note.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    note[line + 1] = b'5';
    let note = sql.blob(&note);
    let alter = format!("UPDATE checkpoints SET note = {note} WHERE {newest}");
    let remove = format!("DELETE FROM checkpoints WHERE {newest}");
    Ok(vec![
        running(
            "an altered checkpoint",
            alter.clone(),
            audit("CHECKPOINT_UNVERIFIED", None),
        ),
        running(
            "a removed checkpoint",
            remove.clone(),
            audit("STATE_AHEAD", None),
        ),
        running(
            "no checkpoints",
            "DELETE FROM checkpoints",
            audit("NO_CHECKPOINT", None),
        ),
        case("an altered checkpoint", alter, Finds::Server("corrupt")),
        case("a removed checkpoint", remove, Finds::Server("corrupt")),
    ])
}

fn head() -> Vec<Case> {
    let set = |what: &str| format!("UPDATE log_head SET {what}");
    vec![
        case(
            "a head that is ahead",
            set("tree_size = 301"),
            Finds::Server("corrupt"),
        ),
        case(
            "a head that is behind",
            set("tree_size = 299"),
            Finds::Server("corrupt"),
        ),
        case(
            "the head of an empty log",
            set("tree_size = 0"),
            Finds::Server("corrupt"),
        ),
        case(
            "a head of another ledger",
            set("origin = 'other.example/city'"),
            Finds::Server("other.example/city"),
        ),
        case(
            "a removed head",
            "DELETE FROM log_head",
            Finds::Server("corrupt"),
        ),
    ]
}
