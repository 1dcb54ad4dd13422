//! A small ledger in a folder.

use std::fs;
use std::path::PathBuf;

use prost::Message;
use proto::v1;

use super::super::*;
use super::RECORDS;
use super::street::{Street, signer};
use crate::testing::Folder;

/// A ledger in a folder, to be tampered with.
pub(super) struct Saved {
    pub(super) folder: Folder,
    pub(super) street: Street,
}

impl Saved {
    pub(super) fn new() -> Self {
        Self::of(RECORDS)
    }

    pub(super) fn of(records: u64) -> Self {
        let (folder, street) = (Folder::new(), Street::with_records(records));
        street.write(folder.path());
        Self { folder, street }
    }

    /// Audits it in both ways, which must come to the same.
    pub(super) async fn audit(&self) -> Result<AuditReport, AuditError> {
        let each = self.audit_with(Signatures::Each).await;
        match (&each, self.audit_with(Signatures::Together).await) {
            (Ok(each), Ok(together)) => {
                let same = AuditReport {
                    signatures: Signatures::Each,
                    duration_ms: each.duration_ms,
                    ..together
                };
                assert_eq!(*each, same);
            }
            (Err(each), Err(together)) => assert_eq!(each.to_string(), together.to_string()),
            (each, together) => panic!("{each:?} each, {together:?} together"),
        }
        each
    }

    pub(super) async fn audit_with(
        &self,
        signatures: Signatures,
    ) -> Result<AuditReport, AuditError> {
        let source = FolderSource::new(self.folder.path());
        let key = signer().verifier_key();
        let (report, ()) = audit_reading(source, &key, signatures, (), |_| {}).await?;
        Ok(report)
    }

    pub(super) async fn fault(&self) -> Fault {
        match self.audit().await {
            Err(AuditError::Fault(fault)) => *fault,
            other => panic!("expected a fault, not {other:?}"),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path(name)).unwrap();
        change(&mut bytes);
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(super) fn change_state(&self, change: impl FnOnce(&mut Vec<v1::StateRow>)) {
        self.change(STATE_FILE, |bytes| {
            let mut chunk = v1::StateChunk::decode_length_delimited(bytes.as_slice()).unwrap();
            change(&mut chunk.rows);
            *bytes = chunk.encode_length_delimited_to_vec();
        });
    }

    pub(super) fn change_postings(&self, change: impl FnOnce(&mut Vec<v1::Posting>)) {
        self.change(POSTINGS_FILE, |bytes| {
            let mut chunk = v1::PostingChunk::decode_length_delimited(bytes.as_slice()).unwrap();
            change(&mut chunk.postings);
            *bytes = chunk.encode_length_delimited_to_vec();
        });
    }
}
