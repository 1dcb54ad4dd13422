//! The books of a world: what the ledger states, and the audit of it.

use std::sync::Arc;

use anyhow::{Context, Result};
use client::audit::{AuditReport, ServerSource};
use client::{Identity, Memory};
use ledger::AccountId;
use ledger::log::VerifierKey;
use proto::v1::GetCheckpointRequest;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::pen::Person;

use super::World;

impl World {
    /// The newest checkpoint, as the server has signed it.
    pub(crate) async fn checkpoint(&self) -> Result<Vec<u8>> {
        let mut service = LedgerServiceClient::new(self.channel().await?);
        let answer = service.get_checkpoint(GetCheckpointRequest {}).await?;
        Ok(answer.into_inner().signed_note)
    }

    /// How many records the ledger has.
    pub(crate) async fn tree_size(&self) -> Result<u64> {
        let checkpoint = self.client.checkpoint().await?.context("a checkpoint")?;
        Ok(checkpoint.size().get())
    }

    /// What a member has, available and held, as the auditor reads it.
    pub(crate) async fn purse(&self, person: &Person) -> Result<(i64, i64)> {
        self.purse_of(AccountId::Member(person.id)).await
    }

    /// What an account has, as the auditor reads it.
    pub(crate) async fn purse_of(&self, account: AccountId) -> Result<(i64, i64)> {
        let auditor = self.client_of(&self.street.auditor);
        let standing = auditor.account(account).await?;
        Ok((standing.available, standing.held))
    }

    /// Audits the whole ledger as the street's auditor, who has never seen the
    /// log before and knows its key from the operator.
    pub(crate) async fn audit(&self) -> Result<AuditReport> {
        let memory = Arc::new(Memory::volatile());
        let client = self.connect(&memory).await?;
        let auditor = client.acting_as(Identity {
            member: self.street.auditor.id,
            key: self.street.auditor.key.clone(),
        });
        let log_key: VerifierKey = self.verifier_key.parse()?;
        Ok(client::audit(ServerSource::new(auditor), &log_key, |_| {}).await?)
    }
}
