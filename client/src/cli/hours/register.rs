//! `timebank hours register`: an older register, row by row.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

use clap::Args;
use client::Client;
use client::read::{LotInfo, MemberInfo, ProposalInfo, ProposedAct};
use client::register::{Register, Total};
use ledger::act::ImportHours;
use ledger::code::MemberCode;
use ledger::commitment::CommitmentKind;
use ledger::lot::LotSource;
use ledger::{AccountId, MemberId, UnitId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::commit::{self, Committed};
use crate::cli::context::{Context, now, read};
use crate::cli::error::CliError;
use crate::cli::{output, words};

/// Without --submit nothing is proposed: every row that cannot be taken over is
/// listed with its reason. With it, one import a member is proposed, which takes
/// effect when a second person approves.
///
/// The file is CSV in UTF-8 or GB18030, with a row of headings: member (编号), hours
/// (时长) and, if known, date (日期). Members are ids or short codes; or instead of
/// them document (身份证号), which is looked up in the profiles. Members with imported
/// hours, or with an import that waits for a second person, are left out and listed, so
/// that a run that was interrupted can be run again.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank hours register old.csv --scan passbooks.pdf
  timebank hours register old.csv --scan passbooks.pdf --submit
  timebank hours register old.csv --scan passbooks.pdf --submit --skip-bad")]
pub(crate) struct RegisterCommand {
    /// The register.
    #[arg(value_name = "CSV")]
    file: PathBuf,
    /// The file with the scans, which stays with you.
    #[arg(long, value_name = "FILE")]
    scan: PathBuf,
    /// Propose the imports.
    #[arg(long)]
    submit: bool,
    /// Propose what can be taken over, although some rows cannot.
    #[arg(long, requires = "submit")]
    skip_bad: bool,
    /// Also for members who have imported hours, or an import that waits.
    #[arg(long)]
    again: bool,
}

/// The kind of document that a register has in its column of documents.
const DOCUMENT_KIND: &str = "id-card";

/// Lines that follow each other as spans: `2-5,7`.
fn spans(lines: &[u64]) -> String {
    let mut spans: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => spans.push((*line, *line)),
        }
    }
    let text = |(first, last): &(u64, u64)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    spans.iter().map(text).collect::<Vec<_>>().join(",")
}

/// What a member is to be given.
#[derive(Serialize)]
struct TotalRow {
    member: String,
    code: String,
    minutes: i64,
    lines: Vec<u64>,
}

impl RegisterCommand {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let (scan, file) = (
            commit::file_hash(&self.scan)?,
            commit::file_hash(&self.file)?,
        );
        let register = Register::read(&read(&self.file)?, now().month());
        let mut register = register.map_err(|error| CliError::usage(error.to_string()))?;
        let found = self.find_all(client, &register).await?;
        let totals = register.totals(|who| match found.get(who) {
            Some(found) => found.clone(),
            None => Err("is not enrolled".to_owned()),
        });
        let (list, text) = shown(&register, &totals);
        if !self.submit {
            context.print(&list, &text);
            return Ok(());
        }
        context.tell(&text);
        if !register.bad.is_empty() && !self.skip_bad {
            return Err(CliError::usage(format!(
                "{} rows cannot be taken over: correct them, or leave them out with --skip-bad",
                register.bad.len()
            )));
        }
        // All of them before the first is proposed.
        let mut proposals = Vec::new();
        for (member, Total { minutes, lines }) in totals {
            let lines = spans(&lines);
            let text = format!("{scan} register {file} lines {lines}");
            let text = commit::text(&text).map_err(CliError::usage)?;
            proposals.push((member, minutes, text));
        }
        for (member, minutes, text) in proposals {
            self.propose(context, client, (member, minutes), text)
                .await?;
        }
        Ok(())
    }

    /// Who everybody is, or why nothing can be given to them.
    async fn find_all(
        &self,
        client: &Client,
        register: &Register,
    ) -> Result<BTreeMap<String, Result<MemberId, String>>, CliError> {
        let (mut found, mut waiting) = (BTreeMap::new(), Waiting::default());
        for who in register.members() {
            let named = if register.by_document {
                match client.find_people(DOCUMENT_KIND, who).await?[..] {
                    [member] => member.to_string(),
                    [] => {
                        let reason = "nobody who is enrolled has this document".to_owned();
                        found.insert(who.to_owned(), Err(reason));
                        continue;
                    }
                    [_, _, ..] => {
                        let reason = "several members have this document: merge them first";
                        found.insert(who.to_owned(), Err(reason.to_owned()));
                        continue;
                    }
                }
            } else {
                who.to_owned()
            };
            let member = match client.member(&named).await {
                Ok(member) if self.again => Ok(member.member),
                Ok(member) => waiting.new_to_imports(client, &member).await?,
                Err(error) if error.reason() == "NOT_FOUND" => {
                    Err(format!("{who} is not enrolled"))
                }
                Err(error) => return Err(error.into()),
            };
            found.insert(who.to_owned(), member);
        }
        Ok(found)
    }

    async fn propose(
        &self,
        context: &Context,
        client: &Client,
        (member, minutes): (MemberId, ledger::Minutes),
        text: Committed,
    ) -> Result<(), CliError> {
        let act = ImportHours {
            member,
            minutes,
            scan: text.commit(context, CommitmentKind::Voucher)?,
        };
        context.submit(client, act, None).await
    }
}

/// The imports that wait for a second person, by home unit.
#[derive(Default)]
struct Waiting(BTreeMap<UnitId, Vec<ProposalInfo>>);

impl Waiting {
    /// The member, unless an import of theirs is proposed or was approved: so a run
    /// that was interrupted goes on where it ended.
    async fn new_to_imports(
        &mut self,
        client: &Client,
        member: &MemberInfo,
    ) -> Result<Result<MemberId, String>, CliError> {
        let (id, unit) = (member.member, member.unit);
        let proposals = match self.0.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(client.proposals(unit).await?),
        };
        let waiting = proposals.iter().find(|it| {
            let is_import =
                matches!(it.act, ProposedAct::Other { act, .. } if act == "ImportHours");
            is_import && it.parties.contains(&id)
        });
        if let Some(proposal) = waiting {
            let proposal = proposal.proposal;
            let reason = format!("has the import {proposal} waiting for a second person");
            return Ok(Err(format!("{reason}: --again proposes another")));
        }
        let account = client.account(AccountId::Member(id)).await?;
        let is_imported = |lot: &LotInfo| lot.source == LotSource::Imported;
        Ok(if account.lots.iter().any(is_imported) {
            Err("has imported hours already: --again adds to them".to_owned())
        } else {
            Ok(id)
        })
    }
}

/// Who is to be given what, and what cannot be taken over.
fn shown(register: &Register, totals: &BTreeMap<MemberId, Total>) -> (Value, String) {
    let rows: Vec<TotalRow> = totals
        .iter()
        .map(|(member, total)| TotalRow {
            member: member.to_string(),
            code: MemberCode::of(member).to_string(),
            minutes: total.minutes.amount(),
            lines: total.lines.clone(),
        })
        .collect();
    let sum: i64 = rows.iter().map(|row| row.minutes).sum();
    let mut lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let count = format!("{} rows", row.lines.len());
            vec![row.code.clone(), words::hours(row.minutes), count]
        })
        .collect();
    let bad = register.bad.iter();
    lines.extend(bad.map(|bad| {
        vec![
            format!("line {}", bad.line),
            "BAD".to_owned(),
            bad.reason.clone(),
        ]
    }));
    let text = format!(
        "{}\n\n{} rows, {} for {} members; {} bad rows.",
        output::table(&lines),
        register.rows.len() + register.bad.len(),
        words::hours(sum),
        rows.len(),
        register.bad.len(),
    );
    let list = json!({ "members": rows, "bad": register.bad });
    (list, text.trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_follow_each_other_are_a_span() {
        assert_eq!(spans(&[2, 3, 4, 7, 9, 10]), "2-4,7,9-10");
        assert_eq!(spans(&[]), "");
    }
}
