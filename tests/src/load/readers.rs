//! Readers beside the writer: how fast entries are recorded while others read all the
//! time, each the next thing as soon as it has the one before.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;
use client::{Address, Client, Connection, Identity, Memory};
use ledger::account::AccountId;
use proto::v1::GetInclusionProofRequest;
use proto::v1::ledger_service_client::LedgerServiceClient;
use tokio::task::JoinSet;

use super::{Field, Workload, drive, plan, tiles};

/// A third of them reads statements, a third proofs, a third tiles.
const READERS: usize = 64;
/// Lines of a statement, as a phone shows them.
const LINES: usize = 20;

/// Entries a second without readers, with them, and what they read a second meanwhile.
pub(super) struct Rates {
    pub(super) alone: f64,
    pub(super) beside: f64,
    pub(super) reads: f64,
}

/// Measures both, over so many entries each.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn rates(field: &Field, entries: usize) -> Result<Rates> {
    let batches = || plan::batches(&field.street, Workload::Gifts, entries, 500);
    let alone = drive::stream(&field.bank, batches()).await?;
    let (is_over, reads) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let mut readers = JoinSet::new();
    for number in 0..READERS {
        let reader = Reader::connect(field, number).await?;
        let (is_over, reads) = (Arc::clone(&is_over), Arc::clone(&reads));
        readers.spawn(async move {
            let mut reader = reader;
            while !is_over.load(Ordering::Relaxed) {
                reader.read().await?;
                reads.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    let messages = batches();
    let (start, before) = (Instant::now(), reads.load(Ordering::Relaxed));
    let beside = drive::stream(&field.bank, messages).await?;
    let meanwhile = reads.load(Ordering::Relaxed) - before;
    let reads = drive::per_second(meanwhile, start.elapsed());
    is_over.store(true, Ordering::Relaxed);
    while let Some(reader) = readers.join_next().await {
        reader??;
    }
    Ok(Rates {
        alone,
        beside,
        reads,
    })
}

enum Reader {
    Statement(Box<Client>, AccountId),
    Proof(LedgerServiceClient<tonic::transport::Channel>, i64),
    Tile(tiles::Reader),
}

impl Reader {
    async fn connect(field: &Field, number: usize) -> Result<Self> {
        let member = &field.street.members[number];
        Ok(match number % 3 {
            0 => {
                let connection = Connection::open(&Address::new(field.bank.url())).await?;
                let client =
                    Client::connect(connection, Arc::new(Memory::volatile()), None).await?;
                let identity = Identity {
                    member: member.id,
                    key: member.key.clone(),
                };
                let client = client.acting_as(identity);
                Self::Statement(Box::new(client), AccountId::Member(member.id))
            }
            1 => {
                let service = LedgerServiceClient::new(field.bank.channel().await?);
                Self::Proof(service, i64::try_from(number)?)
            }
            _ => Self::Tile(tiles::Reader::connect(&field.bank.address).await?),
        })
    }

    async fn read(&mut self) -> Result<()> {
        match self {
            Self::Statement(client, account) => {
                client.statement(*account, LINES).await?;
            }
            Self::Proof(service, position) => {
                // In the newest tree.
                let request = GetInclusionProofRequest {
                    position: *position,
                    tree_size: 0,
                };
                service.get_inclusion_proof(request).await?;
            }
            Self::Tile(reader) => {
                reader.tile().await?;
            }
        }
        Ok(())
    }
}
