//! Bad input over the wire: each is refused with its code, its stable reason
//! and a text in two languages, alone and in a batch, and nothing changes.

/// Changes an act of one kind.
macro_rules! change {
    ($kind:ident, $act:ident => $change:expr) => {
        |message: &mut v1::Entry| {
            if let Some(v1::entry::Act::$kind($act)) = &mut message.act {
                $change;
            }
        }
    };
}

mod amounts;
mod batches;
mod bytes;
mod clocks;
mod fields;
mod keys;
mod queries;
mod ranges;
mod signatures;
mod tokens;

use anyhow::{Context, Result, bail, ensure};
use ledger::SignedEntry;
use proto::v1;
use proto::v1::entry_result::Outcome;
use proto::v1::ledger_service_client::LedgerServiceClient;
use tonic::Code;

use crate::wire::Said;
use crate::world::World;

/// An entry, and what is said of it.
struct Case {
    what: String,
    signed: v1::SignedEntry,
    code: Code,
    reason: &'static str,
    data: Vec<(&'static str, String)>,
}

impl Case {
    fn new(what: &str, signed: &SignedEntry, code: Code, reason: &'static str) -> Self {
        Self::of_message(what, proto::signed_entry_to(signed), code, reason)
    }

    fn of_message(what: &str, signed: v1::SignedEntry, code: Code, reason: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            signed,
            code,
            reason,
            data: Vec::new(),
        }
    }

    /// The same with a datum that the refusal has.
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.data.push((name, value.to_owned()));
        self
    }

    fn check(&self, said: &Said) -> Result<()> {
        ensure!((said.code, said.reason.as_str()) == (self.code, self.reason));
        for (name, value) in &self.data {
            ensure!(said.datum(name) == value, "{name}");
        }
        Ok(())
    }
}

/// Submits each case alone and all of them in one batch, with a good entry at
/// the end, which is the only one that is recorded.
async fn all_are_refused(world: &World, cases: Vec<Case>, good: &SignedEntry) -> Result<()> {
    let before = world.checkpoint().await?;
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let mut said = Vec::new();
    for case in &cases {
        let signed_entry = Some(case.signed.clone());
        let answer = service.submit_entry(v1::SubmitEntryRequest { signed_entry });
        let status = answer
            .await
            .err()
            .with_context(|| format!("{}: recorded", case.what))?;
        let found = Said::of(&status).with_context(|| case.what.clone())?;
        let context = || format!("{}: expected {}, {found:?}", case.what, case.reason);
        case.check(&found).with_context(context)?;
        said.push(found);
    }
    ensure!(world.checkpoint().await? == before, "nothing has changed");
    let size = world.tree_size().await?;
    let mut signed_entries: Vec<_> = cases.iter().map(|case| case.signed.clone()).collect();
    signed_entries.push(proto::signed_entry_to(good));
    let batches = tokio_stream::iter([v1::SubmitEntriesRequest { signed_entries }]);
    let mut answers = service.submit_entries(batches).await?.into_inner();
    let results = answers.message().await?.context("an answer")?.results;
    ensure!(
        results.len() == cases.len() + 1,
        "one result for each entry"
    );
    for ((result, case), alone) in results.into_iter().zip(&cases).zip(said) {
        match result.outcome {
            Some(Outcome::Refused(refused)) => {
                let found = Said::of_result(refused)?;
                ensure!(found == alone, "{}: {found:?}, not {alone:?}", case.what);
            }
            other => bail!("{}: {other:?}", case.what),
        }
    }
    ensure!(world.tree_size().await? == size + 1, "one was good");
    Ok(())
}
