//! Submitting one act: build, sign, send until there is an answer, verify it.
//!
//! What is sent again is the same bytes, so that the entry is recorded once
//! however often an answer is lost.

use std::time::Duration;

use ledger::entry::OnBehalf;
use ledger::log::{Position, Receipt, SignedNote, leaf_hash};
use ledger::{Act, Entry, EntryId, Millis, SignedEntry};
use proto::v1;

use crate::client::Client;
use crate::error::{ClientError, Unverified};
use crate::log::{count_of, hashes};
use crate::{clock, random};

/// The first pause between two attempts; each one after it is twice as long.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// An entry that is in the log, with proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The id that the client gave it.
    pub entry_id: EntryId,
    /// Where it is.
    pub position: Position,
    /// When the server took it in.
    pub recorded: Millis,
    /// The proof, which carries the record itself: worth keeping.
    pub receipt: Receipt,
}

impl Client {
    /// Does an act: signs it with the member's key and submits it.
    ///
    /// # Errors
    /// [`ClientError`]. After [`ClientError::NoConnection`] the entry may have
    /// been recorded; to be sure, submit the same signed entry again.
    pub async fn submit(
        &self,
        act: impl Into<Act>,
        on_behalf_of: Option<OnBehalf>,
    ) -> Result<Recorded, ClientError> {
        let signed = self.sign(act, on_behalf_of)?;
        self.submit_signed(&signed).await
    }

    /// Builds and signs the entry of an act, now.
    ///
    /// # Errors
    /// [`ClientError::NoKey`], [`ClientError::Random`], [`ClientError::Memory`].
    pub fn sign(
        &self,
        act: impl Into<Act>,
        on_behalf_of: Option<OnBehalf>,
    ) -> Result<SignedEntry, ClientError> {
        let identity = self.identity()?;
        let entry = Entry {
            ledger: self.origin().to_owned(),
            id: random::entry_id(self.clock.now())?,
            author: identity.member,
            on_behalf_of,
            seen: self.log.seen()?,
            act: act.into(),
        };
        Ok(SignedEntry::sign(proto::encode(&entry), &identity.key))
    }

    /// Submits an entry that is signed, and again if no answer comes.
    ///
    /// # Errors
    /// As [`Client::submit`].
    pub async fn submit_signed(&self, signed: &SignedEntry) -> Result<Recorded, ClientError> {
        let mut pause = PAUSE_FIRST;
        for _ in 1..self.attempts_max {
            match self.submit_once(signed).await {
                Err(error) if error.is_worth_retrying() => clock::pause(pause).await,
                answer => return answer,
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
        self.submit_once(signed).await
    }

    async fn submit_once(&self, signed: &SignedEntry) -> Result<Recorded, ClientError> {
        let message = v1::SubmitEntryRequest {
            signed_entry: Some(proto::signed_entry_to(signed)),
        };
        let mut service = self.connection.ledger();
        let answer = self.call(service.submit_entry(message)).await?;
        self.verify_recorded(signed, answer).await
    }

    /// Believes nothing of the answer that is not proven: the log has signed a
    /// tree in which exactly these bytes stand at that place, and the tree is
    /// of the history that was seen before.
    async fn verify_recorded(
        &self,
        signed: &SignedEntry,
        answer: v1::SubmitEntryResponse,
    ) -> Result<Recorded, ClientError> {
        let v1::SubmitEntryResponse {
            position,
            recorded_ms,
            checkpoint,
            inclusion_path,
        } = answer;
        let recorded = Millis::new(recorded_ms);
        let leaf = proto::encode_leaf(signed, recorded);
        let hash = leaf_hash(&leaf);
        let receipt = Receipt {
            extra: Some(self.extra(leaf, signed)),
            position: Position::new(count_of(position)?),
            path: hashes(&inclusion_path)?,
            checkpoint: SignedNote::parse(&checkpoint).map_err(Unverified::from)?,
        };
        receipt
            .verify(hash, self.log.key())
            .map_err(Unverified::from)?;
        self.log
            .accept(&self.connection, receipt.checkpoint.clone())
            .await?;
        let entry_id = id_of(signed)?;
        Ok(Recorded {
            entry_id,
            position: receipt.position,
            recorded,
            receipt,
        })
    }

    /// What the receipt carries: the record, and the key if it is this client's.
    pub(crate) fn extra(&self, leaf: Vec<u8>, signed: &SignedEntry) -> Vec<u8> {
        let own_key = self.identity().ok().map(|identity| identity.key.public());
        let author_key = own_key.filter(|key| key.id() == signed.key_id);
        proto::encode_extra(leaf, author_key.as_ref())
    }
}

/// The id that an entry bears.
pub(crate) fn id_of(signed: &SignedEntry) -> Result<EntryId, ClientError> {
    let entry = proto::decode(&signed.bytes);
    entry
        .map(|entry| entry.id)
        .map_err(|error| ClientError::Answer(error.reason().to_owned()))
}
