//! Entries on the wire: what members sign, read and written.
//!
//! There are two ways in. [`admit`] is for an entry that is new: it may be
//! written in one way only, so that what is signed has one meaning and one
//! spelling. [`decode`] is for an entry that is recorded: it asks for the
//! meaning alone, so that an old record never depends on what is admitted
//! today.
//!
//! Both answer with the first fault in the order of [`Rejection`], whatever the
//! order of the fields. Signatures are checked elsewhere.

mod act;
mod care;
mod choice;
mod field;
mod hours;
mod key;
mod oversight;
mod part;
mod people;
mod rules;
mod scheme;
mod ties;

#[cfg(test)]
mod tests;

pub(crate) use choice::Choice;

use ledger::entry::{Attestation, ENTRY_BYTES_MAX, OnBehalf, Seen};
use ledger::log::{Hash, TreeSize};
use ledger::{Act, Entry, EntryId, KeyId, Rejection, Signature, SignedEntry};
use prost::Message;

use crate::{count, v1};
use field::All;

/// Reads a new entry from the bytes that were signed.
///
/// # Errors
/// The first fault of the group "the bytes" in [`Rejection`], or
/// [`Rejection::AttestationMismatch`].
pub fn admit(bytes: &[u8]) -> Result<Entry, Rejection> {
    if bytes.len() > ENTRY_BYTES_MAX {
        return Err(Rejection::EntryTooLarge {
            bytes_max: ENTRY_BYTES_MAX,
        });
    }
    let message = message(bytes)?;
    if message.act.is_none() {
        return Err(Rejection::ActUnknown);
    }
    if !is_canonical(&message, bytes) {
        return Err(Rejection::EntryNotCanonical);
    }
    message.try_into()
}

/// Reads a new entry together with key and signature.
///
/// # Errors
/// As [`admit`] and [`signed_entry_from`]: the first of both.
pub fn admit_signed(message: v1::SignedEntry) -> Result<(SignedEntry, Entry), Rejection> {
    let entry = admit(&message.entry);
    let (entry, signed) = (entry, signed_entry_from(message)).all()?;
    Ok((signed, entry))
}

/// Reads a recorded entry, however long it is and however it is spelt.
///
/// # Errors
/// As [`admit`], without [`Rejection::EntryTooLarge`] and
/// [`Rejection::EntryNotCanonical`].
pub fn decode(bytes: &[u8]) -> Result<Entry, Rejection> {
    message(bytes)?.try_into()
}

/// Writes an entry in the one way that is admitted: these bytes are signed.
pub fn encode(entry: &Entry) -> Vec<u8> {
    v1::Entry::from(entry).encode_to_vec()
}

/// Takes a signed entry apart. What its bytes say is not read.
///
/// # Errors
/// [`Rejection::FieldMissing`], [`Rejection::FieldLength`].
pub fn signed_entry_from(message: v1::SignedEntry) -> Result<SignedEntry, Rejection> {
    let v1::SignedEntry {
        entry,
        key_id,
        signature,
    } = message;
    let bytes = field::filled("entry", entry);
    let key_id = field::fixed("key_id", &key_id).map(KeyId::from_bytes);
    let signature = field::fixed("signature", &signature).map(Signature::from_bytes);
    let (bytes, key_id, signature) = (bytes, key_id, signature).all()?;
    Ok(SignedEntry {
        bytes,
        key_id,
        signature,
    })
}

/// Puts a signed entry on the wire.
pub fn signed_entry_to(signed: &SignedEntry) -> v1::SignedEntry {
    let SignedEntry {
        bytes,
        key_id,
        signature,
    } = signed;
    v1::SignedEntry {
        entry: bytes.clone(),
        key_id: key_id.as_bytes().to_vec(),
        signature: signature.as_bytes().to_vec(),
    }
}

fn message(bytes: &[u8]) -> Result<v1::Entry, Rejection> {
    v1::Entry::decode(bytes).map_err(|_| Rejection::EntryMalformed)
}

/// Whether a message is encoded to the bytes from which it was decoded.
pub(crate) fn is_canonical(message: &impl Message, bytes: &[u8]) -> bool {
    message.encoded_len() == bytes.len() && message.encode_to_vec() == bytes
}

impl TryFrom<v1::Entry> for Entry {
    type Error = Rejection;

    fn try_from(message: v1::Entry) -> Result<Self, Rejection> {
        let v1::Entry {
            ledger,
            entry_id,
            author,
            on_behalf_of,
            attestation,
            seen,
            act,
        } = message;
        let act = act.ok_or(Rejection::ActUnknown)?;
        let (ledger, id, author, on_behalf_of, seen, act) = (
            field::filled("ledger", ledger),
            version_7(&entry_id),
            field::member("author", &author),
            behalf(&on_behalf_of, attestation),
            seen.map(Seen::try_from).transpose(),
            Act::try_from(act),
        )
            .all()?;
        Ok(Self {
            ledger,
            id,
            author,
            on_behalf_of,
            seen,
            act,
        })
    }
}

impl From<&Entry> for v1::Entry {
    fn from(entry: &Entry) -> Self {
        let Entry {
            ledger,
            id,
            author,
            on_behalf_of,
            seen,
            act,
        } = entry;
        let (on_behalf_of, attestation) = match on_behalf_of {
            Some(OnBehalf {
                member,
                attestation,
            }) => (member.as_bytes().to_vec(), attestation.to_number()),
            None => (Vec::new(), v1::Attestation::Unspecified.into()),
        };
        Self {
            ledger: ledger.clone(),
            entry_id: id.as_bytes().to_vec(),
            author: author.as_bytes().to_vec(),
            on_behalf_of,
            attestation,
            seen: seen.as_ref().map(v1::SeenCheckpoint::from),
            act: Some(v1::entry::Act::from(act)),
        }
    }
}

fn version_7(bytes: &[u8]) -> Result<EntryId, Rejection> {
    let id = field::entry("entry_id", bytes)?;
    if id.is_version_7() {
        Ok(id)
    } else {
        Err(Rejection::EntryIdNotV7)
    }
}

/// Who is acted for: either both fields are there or neither is.
fn behalf(member: &[u8], attestation: i32) -> Result<Option<OnBehalf>, Rejection> {
    let member = match member {
        [] => Ok(None),
        bytes => field::member("on_behalf_of", bytes).map(Some),
    };
    let attestation = match attestation {
        0 => Ok(None),
        number => Attestation::parse("attestation", number).map(Some),
    };
    match (member, attestation).all()? {
        (Some(member), Some(attestation)) => Ok(Some(OnBehalf {
            member,
            attestation,
        })),
        (None, None) => Ok(None),
        _ => Err(Rejection::AttestationMismatch),
    }
}

impl TryFrom<v1::SeenCheckpoint> for Seen {
    type Error = Rejection;

    fn try_from(message: v1::SeenCheckpoint) -> Result<Self, Rejection> {
        let v1::SeenCheckpoint {
            tree_size,
            root_hash,
        } = message;
        let size = u64::try_from(tree_size);
        let size = size.map_err(|_| Rejection::NumberOutOfRange {
            field: "seen.tree_size",
        });
        let (size, root) = (size, field::fixed("seen.root_hash", &root_hash)).all()?;
        Ok(Self {
            size: TreeSize::new(size),
            root: Hash::from_bytes(root),
        })
    }
}

impl From<&Seen> for v1::SeenCheckpoint {
    fn from(seen: &Seen) -> Self {
        let Seen { size, root } = seen;
        Self {
            tree_size: count(size.get()),
            root_hash: root.as_bytes().to_vec(),
        }
    }
}
