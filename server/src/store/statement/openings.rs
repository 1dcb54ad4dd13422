//! The statements over openings and their reads.

pub(in crate::store) const PUT_OPENING: &str =
    "-- put_opening(entry_id, key_id, sealed, put_ms, put_by, nobody)
INSERT INTO openings (entry_id, key_id, sealed, put_ms, put_by, erased_ms, erased_by)
VALUES ($1, $2, $3, $4, $5, 0, $6)
ON CONFLICT (entry_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed
WHERE openings.erased_ms = 0";

pub(in crate::store) const FIND_OPENING: &str = "-- find_opening(entry_id)
SELECT key_id, sealed, put_ms, put_by, erased_ms, erased_by FROM openings WHERE entry_id = $1";

pub(in crate::store) const ERASE_OPENING: &str =
    "-- erase_opening(entry_id, nothing, erased_ms, erased_by)
INSERT INTO openings (entry_id, key_id, sealed, put_ms, put_by, erased_ms, erased_by)
VALUES ($1, $2, $2, 0, $2, $3, $4)
ON CONFLICT (entry_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed,
    erased_ms = excluded.erased_ms, erased_by = excluded.erased_by
WHERE openings.erased_ms = 0";

pub(in crate::store) const KEEP_READ: &str = "-- keep_read(entry_id, read_ms, reader)
INSERT INTO opening_reads (entry_id, read_ms, reader) VALUES ($1, $2, $3)
ON CONFLICT (entry_id, read_ms, reader) DO NOTHING";

pub(in crate::store) const OPENING_READS: &str =
    "-- opening_reads(entry_id, after_ms, after_reader, limit)
SELECT read_ms, reader FROM opening_reads
WHERE entry_id = $1 AND (read_ms > $2 OR (read_ms = $2 AND reader > $3))
ORDER BY read_ms, reader LIMIT $4";

pub(in crate::store) const OPENINGS_NOT_UNDER: &str = "-- openings_not_under(key_id, after, limit)
SELECT entry_id, key_id, sealed FROM openings
WHERE entry_id > $2 AND erased_ms = 0 AND key_id <> $1 ORDER BY entry_id LIMIT $3";

/// The newest entry: its id begins with its time.
pub(in crate::store) const NEWEST_OPENING: &str = "-- newest_opening()
SELECT entry_id, key_id, sealed FROM openings
WHERE erased_ms = 0 ORDER BY entry_id DESC LIMIT 1";

pub(in crate::store) const RESEAL: &str = "-- reseal(key_id, sealed, entry_id, before)
UPDATE openings SET key_id = $1, sealed = $2 WHERE entry_id = $3 AND sealed = $4";

pub(in crate::store) const TAG_PERSON: &str = "-- tag_person(entry_id, tag)
INSERT INTO person_tags (entry_id, tag) VALUES ($1, $2)
ON CONFLICT (entry_id) DO UPDATE SET tag = excluded.tag";

pub(in crate::store) const UNTAG_PERSON: &str = "-- untag_person(entry_id)
DELETE FROM person_tags WHERE entry_id = $1";

pub(in crate::store) const FIND_PEOPLE: &str = "-- find_people(tag)
SELECT entry_id FROM person_tags WHERE tag = $1 ORDER BY entry_id LIMIT 100";

/// All of them.
pub(super) const ALL: [&str; 11] = [
    PUT_OPENING,
    FIND_OPENING,
    ERASE_OPENING,
    KEEP_READ,
    OPENING_READS,
    OPENINGS_NOT_UNDER,
    NEWEST_OPENING,
    RESEAL,
    TAG_PERSON,
    UNTAG_PERSON,
    FIND_PEOPLE,
];
