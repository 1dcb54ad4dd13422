//! Receipts and proofs as the log grows: made by the server, checked without it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ledger::log::{Checkpoint, Hash, Position, SignedNote, VerifierKey, verify_inclusion};
use ledger::{EntryId, PublicKey};
use proto::name;
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::{
    GetCheckpointRequest, GetInclusionProofRequest, GetReceiptRequest, GetRecordRequest,
};
use tonic::Request;
use tonic::transport::Channel;

use super::Field;
use super::report::median;
use crate::bank::ORIGIN;

/// Receipts and proofs that are made at each size.
const SAMPLES: u64 = 501;

/// What receipts and proofs cost at one size of the log: medians.
pub(super) struct Cost {
    records: u64,
    /// From asking for a receipt to having the file.
    made: Duration,
    /// The file checked offline, the author's signature too.
    checked: Duration,
    receipt_bytes: usize,
    /// From asking for an inclusion proof in the newest tree to having it.
    proof_made: Duration,
    proof_checked: Duration,
    /// Hashes in the longest proof.
    hashes_max: usize,
}

/// Measures at the present size of the log, over records that are spread evenly.
pub(super) async fn measure(field: &Field) -> Result<Cost> {
    let mut reader = Reader::new(field).await?;
    let newest = reader.newest().await?;
    let records = newest.size().get();
    let mut samples = Samples::default();
    for number in 0..SAMPLES {
        let position = Position::new(records * number / SAMPLES);
        let entry = reader.entry(position).await?;
        samples.receipt(&mut reader, entry).await?;
        samples.proof(&mut reader, &newest, position).await?;
    }
    Ok(samples.cost(records))
}

/// Prints a row for each size.
pub(super) fn print(costs: &[Cost]) {
    if costs.is_empty() {
        return;
    }
    println!(
        "\n| records | receipt made | checked | bytes | proof made | checked | hashes |\n\
         |---|---|---|---|---|---|---|"
    );
    for cost in costs {
        println!(
            "| {} | {} µs | {} µs | {} | {} µs | {:.1} µs | {} |",
            cost.records,
            cost.made.as_micros(),
            cost.checked.as_micros(),
            cost.receipt_bytes,
            cost.proof_made.as_micros(),
            cost.proof_checked.as_secs_f64() * 1e6,
            cost.hashes_max,
        );
    }
}

/// Reads one after another, as an auditor.
struct Reader {
    service: LedgerServiceClient<Channel>,
    authorization: String,
    log_key: VerifierKey,
    authors: Vec<PublicKey>,
}

impl Reader {
    async fn new(field: &Field) -> Result<Self> {
        let (street, now) = (&field.street, field.street.pen.now());
        let auditor = &street.auditor;
        let token = ledger::token::sign(&auditor.key, auditor.id, ORIGIN, now, 600);
        Ok(Self {
            service: LedgerServiceClient::new(field.bank.channel().await?),
            authorization: format!("Bearer {token}"),
            log_key: field.bank.verifier_key.parse()?,
            authors: street.people().map(|one| one.key.public()).collect(),
        })
    }

    fn request<T>(&self, message: T) -> Result<Request<T>> {
        let mut request = Request::new(message);
        let value = self.authorization.parse().context("a header value")?;
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }

    async fn newest(&mut self) -> Result<Checkpoint> {
        let asked = self.service.get_checkpoint(GetCheckpointRequest::default());
        let note = SignedNote::parse(&asked.await?.into_inner().signed_note)?;
        Ok(Checkpoint::verify(&note, &self.log_key)?)
    }

    async fn entry(&mut self, position: Position) -> Result<EntryId> {
        let name = name::RECORDS.name(&position);
        let request = self.request(GetRecordRequest { name })?;
        let record = self.service.get_record(request).await?.into_inner();
        Ok(proto::decode_leaf(position, &record.leaf)?.1.entry.id)
    }
}

#[derive(Default)]
struct Samples {
    made: Vec<Duration>,
    checked: Vec<Duration>,
    receipt_bytes: Vec<usize>,
    proof_made: Vec<Duration>,
    proof_checked: Vec<Duration>,
    hashes_max: usize,
}

impl Samples {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn receipt(&mut self, reader: &mut Reader, entry: EntryId) -> Result<()> {
        let name = name::ENTRIES.name(&entry);
        let request = reader.request(GetReceiptRequest { name })?;
        let start = Instant::now();
        let file = reader.service.get_receipt(request).await?.into_inner();
        self.made.push(start.elapsed());
        let start = Instant::now();
        let proven = client::verify::verify(&file.tlog_proof, &reader.log_key, &reader.authors)?;
        self.checked.push(start.elapsed());
        ensure!(proven.entry.id == entry, "the receipt of another entry");
        ensure!(proven.is_signature_verified, "the author is unknown");
        self.receipt_bytes.push(file.tlog_proof.len());
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn proof(
        &mut self,
        reader: &mut Reader,
        newest: &Checkpoint,
        position: Position,
    ) -> Result<()> {
        let request = GetInclusionProofRequest {
            position: i64::try_from(position.get())?,
            tree_size: i64::try_from(newest.size().get())?,
        };
        let start = Instant::now();
        let proof = reader.service.get_inclusion_proof(request).await?;
        self.proof_made.push(start.elapsed());
        let proof = proof.into_inner();
        let leaf = hash(&proof.leaf_hash)?;
        let path: Vec<Hash> = proof
            .hashes
            .iter()
            .map(|it| hash(it))
            .collect::<Result<_>>()?;
        let start = Instant::now();
        verify_inclusion(leaf, position, newest.size(), &path, newest.root())?;
        self.proof_checked.push(start.elapsed());
        self.hashes_max = self.hashes_max.max(path.len());
        Ok(())
    }

    fn cost(mut self, records: u64) -> Cost {
        self.receipt_bytes.sort_unstable();
        Cost {
            records,
            made: median(self.made),
            checked: median(self.checked),
            receipt_bytes: self.receipt_bytes[self.receipt_bytes.len() / 2],
            proof_made: median(self.proof_made),
            proof_checked: median(self.proof_checked),
            hashes_max: self.hashes_max,
        }
    }
}

fn hash(bytes: &[u8]) -> Result<Hash> {
    Ok(Hash::from_bytes(bytes.try_into()?))
}
