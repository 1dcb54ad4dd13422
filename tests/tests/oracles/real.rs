//! A real ledger behind a real server: both programs verify it over HTTP, and as
//! the folder that the client saves.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use client::audit::ServerSource;
use client::{Address, Client, Connection, Identity, Memory};
use ledger::Minutes;
use ledger::act::Give;
use ledger::log::VerifierKey;
use timebank_tests::bank::{Bank, ORIGIN, Plan};
use timebank_tests::foreign::Auditor;
use timebank_tests::pen::{Pen, Person};
use timebank_tests::street::Street;

use crate::folder::Folder;

const RECORDS: usize = 300;
const BATCH: usize = 90;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_programs_accept_a_real_ledger_over_http_and_as_a_saved_folder() -> Result<()> {
    let mut plan = Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))?;
    plan.flags = vec!["--bundles".to_owned(), "public".to_owned()];
    let bank = plan.start()?;
    let folder = Folder::new()?;
    let street = Street::new(Pen::new(ORIGIN), 3);
    fill(&bank, &street, &folder).await?;
    let key: VerifierKey = bank.verifier_key.parse()?;
    fs::write(folder.join("policy"), format!("log {key}\nquorum none\n"))?;

    let (log, saved) = (format!("{}/log", bank.url()), Folder::new()?);
    let auditor = client_of(&bank, &street.auditor).await?;
    client::export::save(&ServerSource::new(auditor), &key, saved.path(), |_| {}).await?;
    for place in [log, saved.text()] {
        for auditor in [Auditor::Go, Auditor::Python] {
            let said = auditor.audit(&place, folder.path())?;
            let said = said.map_err(|fault| anyhow::anyhow!("{auditor:?} of {place}: {fault}"))?;
            assert!(said.starts_with("ok: 300 records,"), "{said}");
            assert!(
                said.ends_with(" 4 earlier checkpoints, 4 receipts\n"),
                "{said}"
            );
        }
    }
    fs::remove_dir_all(&plan.data)?;
    bank.end()
}

/// Writes a ledger in four batches, and keeps a checkpoint and a receipt of each.
async fn fill(bank: &Bank, street: &Street, folder: &Folder) -> Result<()> {
    let mut entries = street.opening(100_000);
    let (giver, recipient) = (&street.members[0], street.members[1].id);
    while entries.len() < RECORDS {
        let minutes = Minutes::parse(1)?;
        entries.push(street.pen.sign(giver, Give { recipient, minutes }).1);
    }
    let client = client_of(bank, giver).await?;
    for name in ["old", "receipts"] {
        fs::create_dir(folder.join(name))?;
    }
    for batch in entries.chunks(BATCH) {
        let answer = client.submit_batch(batch).await?;
        let (checkpoint, note) = answer.checkpoint.context("all is recorded")?;
        let size = checkpoint.size();
        fs::write(folder.join(&format!("old/{size}")), note.as_bytes())?;
        let last = batch.last().context("a batch is not empty")?;
        let receipt = client.receipt(proto::decode(&last.bytes)?.id).await?;
        let path = folder.join(&format!("receipts/{size}.tlog-proof"));
        fs::write(path, receipt.to_string())?;
    }
    Ok(())
}

async fn client_of(bank: &Bank, person: &Person) -> Result<Client> {
    let connection = Connection::open(&Address::new(bank.url())).await?;
    let client = Client::connect(connection, Arc::new(Memory::volatile()), None).await?;
    Ok(client.acting_as(Identity {
        member: person.id,
        key: person.key.clone(),
    }))
}
