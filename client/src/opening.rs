//! Openings of commitments: what a member has written and the log does not hold.
//!
//! The client draws the salt, keeps the opening in its own folder, and deposits
//! it with the server once the entry is recorded. What a server shows of an
//! opening is believed only if it opens the commitment that stands in the same
//! answer. That the entry holds this commitment, its receipt proves, to those who
//! may read it ([`Client::committed`]); to others, such as the volunteer who
//! reads a note, the server says it.

mod committed;
mod folder;

use ledger::commitment::{CommitmentKind, Opening};
use ledger::{Commitment, EntryId, MemberId, Millis};
use proto::{name, v1, view};
use serde::Serialize;

pub use self::committed::Committed;
pub use self::folder::{KeptOpening, OpeningFolder};
use crate::client::Client;
use crate::error::{ClientError, Unverified};

/// What a server keeps of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningInfo {
    /// The entry that holds the commitment.
    pub entry: EntryId,
    /// What the entry commits to.
    pub kind: CommitmentKind,
    /// The commitment.
    pub commitment: Commitment,
    /// Salt and value, if they were asked for and are there.
    pub opening: Option<Opening>,
    /// Who deposited it, if anybody did.
    pub put: Option<Mark>,
    /// Who erased it, if anybody did.
    pub erased: Option<Mark>,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Who.
    #[serde(serialize_with = "crate::read::text")]
    pub by: MemberId,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at: Millis,
}

impl Client {
    /// Deposits the opening of the commitment of a recorded entry.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn put_opening(
        &self,
        entry: EntryId,
        opening: &Opening,
    ) -> Result<OpeningInfo, ClientError> {
        let request = v1::PutOpeningRequest {
            name: name::OPENINGS.name(&entry),
            salt: opening.salt().to_vec(),
            value: opening.value().to_vec(),
        };
        let mut directory = self.connection.directory();
        let call = directory.put_opening(self.request(request));
        info(self.call(call).await?)
    }

    /// An opening, which opens the commitment that the server names with it.
    ///
    /// # Errors
    /// [`ClientError`]; [`Unverified::Opening`] if it does not.
    pub async fn opening(&self, entry: EntryId) -> Result<OpeningInfo, ClientError> {
        let name = name::OPENINGS.name(&entry);
        let request = v1::GetOpeningRequest { name };
        let mut directory = self.connection.directory();
        let call = directory.get_opening(self.request(request));
        info(self.call(call).await?)
    }

    /// Erases an opening from the server.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn erase_opening(&self, entry: EntryId) -> Result<OpeningInfo, ClientError> {
        let name = name::OPENINGS.name(&entry);
        let request = v1::EraseOpeningRequest { name };
        let mut directory = self.connection.directory();
        let call = directory.erase_opening(self.request(request));
        info(self.call(call).await?)
    }

    /// The members whose profiles name a document.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn find_people(
        &self,
        kind: &str,
        number: &str,
    ) -> Result<Vec<MemberId>, ClientError> {
        let request = v1::FindPeopleRequest {
            document_kind: kind.to_owned(),
            document_number: number.to_owned(),
        };
        let mut directory = self.connection.directory();
        let call = directory.find_people(self.request(request));
        let members = self.call(call).await?.members;
        let members = members.iter().map(|name| crate::read::member_id(name));
        members.collect()
    }

    /// Who has read the value of an opening, first to last.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn opening_reads(&self, entry: EntryId) -> Result<Vec<Mark>, ClientError> {
        let reads = crate::read::pages(usize::MAX, |page_token| async move {
            let request = v1::ListOpeningReadsRequest {
                parent: name::OPENINGS.name(&entry),
                page_size: crate::read::PAGE_SIZE,
                page_token,
            };
            let mut directory = self.connection.directory();
            let call = directory.list_opening_reads(self.request(request));
            let answer = self.call(call).await?;
            Ok((answer.reads, answer.next_page_token))
        });
        let read = |read: v1::OpeningRead| {
            let at = Millis::new(read.read_ms);
            let by = crate::read::member_id(&read.reader)?;
            Ok(Mark { by, at })
        };
        reads.await?.into_iter().map(read).collect()
    }
}

fn info(opening: v1::Opening) -> Result<OpeningInfo, ClientError> {
    let kind = view::commitment_kind_from(opening.kind());
    let v1::Opening {
        name,
        kind: _,
        commitment,
        salt,
        value,
        put_ms,
        put_by,
        erased_ms,
        erased_by,
    } = opening;
    let kind = crate::read::known(kind, "a commitment")?;
    let commitment: [u8; 32] = commitment
        .try_into()
        .map_err(|_| ClientError::Answer("a commitment has 32 bytes".to_owned()))?;
    let commitment = Commitment::from_bytes(commitment);
    let opening = match salt.try_into() {
        Ok(salt) => Some(opened(kind, &commitment, salt, value)?),
        Err(salt) if Vec::is_empty(&salt) && value.is_empty() => None,
        Err(_) => return Err(Unverified::Opening.into()),
    };
    Ok(OpeningInfo {
        entry: crate::read::id(&name::OPENINGS, &name)?,
        kind,
        commitment,
        opening,
        put: mark(put_ms, &put_by)?,
        erased: mark(erased_ms, &erased_by)?,
    })
}

fn opened(
    kind: CommitmentKind,
    commitment: &Commitment,
    salt: [u8; Opening::SALT_BYTES],
    value: Vec<u8>,
) -> Result<Opening, Unverified> {
    let opening = Opening::new(salt, value).map_err(|_| Unverified::Opening)?;
    if opening.opens(kind, commitment) {
        Ok(opening)
    } else {
        Err(Unverified::Opening)
    }
}

fn mark(at_ms: i64, by: &str) -> Result<Option<Mark>, ClientError> {
    let by = crate::read::optional_id(&name::MEMBERS, by)?;
    let at = Millis::new(at_ms);
    Ok(by.map(|by| Mark { by, at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> (v1::Opening, Opening) {
        let opening = Opening::new([7; 32], b"the bell is broken".to_vec()).expect("short");
        let commitment = opening.commitment(CommitmentKind::Note);
        let entry = EntryId::new(Millis::new(1_767_225_600_000), [3; 10]);
        let answer = v1::Opening {
            salt: opening.salt().to_vec(),
            value: opening.value().to_vec(),
            ..view::opening(&entry, CommitmentKind::Note, &commitment)
        };
        (answer, opening)
    }

    #[test]
    fn an_opening_is_believed_if_it_opens_the_commitment() {
        let (honest, opening) = answer();
        assert_eq!(info(honest.clone()).expect("fine").opening, Some(opening));
        let mut other_text = honest.clone();
        other_text.value[0] ^= 1;
        let mut other_salt = honest.clone();
        other_salt.salt[31] ^= 1;
        let mut other_kind = honest.clone();
        other_kind.set_kind(v1::CommitmentKind::Reason);
        let mut half = honest;
        half.salt.clear();
        for lie in [other_text, other_salt, other_kind, half] {
            let reason = info(lie).expect_err("a lie").reason().to_owned();
            assert_eq!(reason, "OPENING_UNVERIFIED");
        }
    }

    #[test]
    fn what_is_erased_has_no_opening_and_says_who_erased_it() {
        let (answer, _) = answer();
        let member = MemberId::from_bytes([9; 16]);
        let erased = v1::Opening {
            salt: Vec::new(),
            value: Vec::new(),
            erased_ms: 5,
            erased_by: name::MEMBERS.name(&member),
            ..answer
        };
        let info = info(erased).expect("fine");
        let at = Millis::new(5);
        assert_eq!((info.opening, info.put), (None, None));
        assert_eq!(info.erased, Some(Mark { by: member, at }));
    }
}
