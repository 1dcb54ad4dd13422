//! The statements over what members offer.

pub(in crate::store) const PUT_OFFER: &str = "-- put_offer(member, key_id, sealed)
INSERT INTO offers (member, key_id, sealed) VALUES ($1, $2, $3)
ON CONFLICT (member) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed";

pub(in crate::store) const FIND_OFFER: &str = "-- find_offer(member)
SELECT member, key_id, sealed FROM offers WHERE member = $1";

pub(in crate::store) const DELETE_OFFER: &str = "-- delete_offer(member)
DELETE FROM offers WHERE member = $1";

pub(in crate::store) const OFFERS: &str = "-- offers(after, limit)
SELECT member, key_id, sealed FROM offers WHERE member > $1 ORDER BY member LIMIT $2";

/// All of them.
pub(in crate::store) const ALL: [&str; 4] = [PUT_OFFER, FIND_OFFER, DELETE_OFFER, OFFERS];
