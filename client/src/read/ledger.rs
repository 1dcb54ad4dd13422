//! What ledger it is, its checkpoint, records and receipts.

use ledger::log::{Checkpoint, Position, Receipt, SignedNote, leaf_hash};
use ledger::{EntryId, Millis, Rules, UnitId};
use proto::{name, v1};
use serde::Serialize;

use crate::client::Client;
use crate::error::{ClientError, Unverified};

/// What ledger a server keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerInfo {
    /// The checkpoint origin.
    pub origin: String,
    /// The log's verifier key.
    pub log_key: String,
    /// Whether the ledger has its genesis.
    pub open: bool,
    /// The scheme as people call it.
    pub scheme_name: String,
    /// What one hour is called.
    pub hour_name: String,
    /// The scheme's own unit.
    #[serde(serialize_with = "super::optional_text")]
    pub unit: Option<UnitId>,
    /// The rules in force.
    pub rules: Option<Rules>,
    /// Rules that were adopted and are not in force yet.
    pub upcoming_rules: Option<Rules>,
    /// From when those are in force.
    pub upcoming_from: Option<Millis>,
}

impl Client {
    /// What ledger this is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ledger(&self) -> Result<LedgerInfo, ClientError> {
        let mut service = self.connection.ledger();
        let answer = self
            .call(service.get_ledger(v1::GetLedgerRequest {}))
            .await?;
        let v1::Ledger {
            origin,
            verifier_key,
            open,
            scheme_name,
            hour_name,
            unit,
            rules,
            upcoming_rules,
            upcoming_from_ms,
        } = answer;
        let read = |rules: Option<v1::Rules>| {
            let rules = rules.map(Rules::try_from).transpose();
            rules.map_err(|error| ClientError::Answer(error.reason().to_owned()))
        };
        Ok(LedgerInfo {
            origin,
            log_key: verifier_key,
            open,
            scheme_name,
            hour_name,
            unit: super::optional_id(&name::UNITS, &unit)?,
            rules: read(rules)?,
            upcoming_rules: read(upcoming_rules)?,
            upcoming_from: super::optional_time(upcoming_from_ms),
        })
    }

    /// The newest checkpoint, verified and remembered; `None` before the first
    /// record.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, ClientError> {
        let mut service = self.connection.ledger();
        let answer = self
            .call(service.get_checkpoint(v1::GetCheckpointRequest {}))
            .await?;
        if answer.signed_note.is_empty() {
            let Some(seen) = self.log.seen()? else {
                return Ok(None);
            };
            return Err(Unverified::Emptied { known: seen.size }.into());
        }
        let note = SignedNote::parse(&answer.signed_note).map_err(Unverified::from)?;
        self.log.accept(&self.connection, note).await.map(Some)
    }

    /// The leaf of one record. Only a proof says that it is one: see
    /// [`Client::receipt`].
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn leaf(&self, position: Position) -> Result<Vec<u8>, ClientError> {
        let request = v1::GetRecordRequest {
            name: name::RECORDS.name(&position),
        };
        let mut service = self.connection.ledger();
        Ok(self
            .call(service.get_record(self.request(request)))
            .await?
            .leaf)
    }

    /// The receipt of an entry, verified: it proves that an entry with this id
    /// is in the log.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn receipt(&self, entry: EntryId) -> Result<Receipt, ClientError> {
        let request = v1::GetReceiptRequest {
            name: name::ENTRIES.name(&entry),
        };
        let mut service = self.connection.ledger();
        let answer = self
            .call(service.get_receipt(self.request(request)))
            .await?;
        let receipt = Receipt::parse(&answer.tlog_proof).map_err(Unverified::from)?;
        let extra = receipt.extra.as_deref().ok_or(Unverified::OtherEntry)?;
        let extra = proto::decode_extra(extra).map_err(|_| Unverified::OtherEntry)?;
        receipt
            .verify(leaf_hash(&extra.leaf), self.log.key())
            .map_err(Unverified::from)?;
        let record = proto::decode_leaf(receipt.position, &extra.leaf);
        let (_, record) = record.map_err(|error| ClientError::Answer(error.to_string()))?;
        if record.entry.id != entry {
            return Err(Unverified::OtherEntry.into());
        }
        self.log
            .accept(&self.connection, receipt.checkpoint.clone())
            .await?;
        Ok(receipt)
    }
}
