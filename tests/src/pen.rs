//! Signing entries as members would, with ids that never repeat.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use ledger::entry::{Attestation, NewKey, OnBehalf};
use ledger::{Act, Entry, EntryId, MemberId, Millis, SecretKey, SignedEntry};

/// A person with a key.
#[derive(Clone)]
pub struct Person {
    /// Who it is.
    pub id: MemberId,
    /// The secret key.
    pub key: SecretKey,
}

impl Person {
    /// The person of a number: always the same id and key.
    pub fn numbered(number: u64) -> Self {
        let mut seed = [0x5a; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        let mut id = [0; 16];
        // The short code is made of the first eight bytes: spread them.
        id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        id[8..].copy_from_slice(&number.to_be_bytes());
        Self {
            id: MemberId::from_bytes(id),
            key: SecretKey::from_seed(&seed),
        }
    }
}

/// Writes and signs entries for one ledger.
pub struct Pen {
    origin: String,
    now: Box<dyn Fn() -> Millis + Send + Sync>,
    count: AtomicU64,
}

impl Pen {
    /// A pen that dates its entries by the clock of the machine.
    pub fn new(origin: &str) -> Self {
        Self::with_clock(origin, now)
    }

    /// A pen that dates its entries by a function.
    pub fn with_clock(origin: &str, now: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self {
            origin: origin.to_owned(),
            now: Box::new(now),
            count: AtomicU64::new(0),
        }
    }

    /// The ledger's origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What time the pen thinks it is.
    pub fn now(&self) -> Millis {
        (self.now)()
    }

    /// An id that this pen has not used.
    pub fn id(&self) -> EntryId {
        let mut random = [0; 10];
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        random[2..].copy_from_slice(&count.to_be_bytes());
        // Pens of two processes must not collide either.
        random[..2].copy_from_slice(&std::process::id().to_be_bytes()[2..]);
        EntryId::new(self.now(), random)
    }

    /// An entry of `author`, not signed yet.
    pub fn entry(&self, author: &Person, act: impl Into<Act>) -> Entry {
        Entry {
            ledger: self.origin.clone(),
            id: self.id(),
            author: author.id,
            on_behalf_of: None,
            seen: None,
            act: act.into(),
        }
    }

    /// An entry of `author`, signed; and its id.
    pub fn sign(&self, author: &Person, act: impl Into<Act>) -> (EntryId, SignedEntry) {
        let entry = self.entry(author, act);
        (entry.id, sign(&entry, &author.key))
    }

    /// An entry of `author` for another member who is at the counter.
    pub fn sign_for(
        &self,
        author: &Person,
        member: MemberId,
        act: impl Into<Act>,
    ) -> (EntryId, SignedEntry) {
        let mut entry = self.entry(author, act);
        entry.on_behalf_of = Some(OnBehalf {
            member,
            attestation: Attestation::Kiosk,
        });
        (entry.id, sign(&entry, &author.key))
    }

    /// The key of a person, with the proof that this ledger asks for.
    pub fn new_key(&self, person: &Person) -> NewKey {
        NewKey::prove(&person.key, &self.origin, &person.id)
    }
}

/// Signs an entry.
pub fn sign(entry: &Entry, key: &SecretKey) -> SignedEntry {
    SignedEntry::sign(proto::encode(entry), key)
}

/// The time of the machine.
#[expect(
    clippy::disallowed_methods,
    reason = "tests play members, who have clocks"
)]
pub fn now() -> Millis {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis::new(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}
