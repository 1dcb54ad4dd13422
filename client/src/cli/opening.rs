//! `timebank opening`: the texts behind the commitments.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use client::opening::{Committed, KeptOpening, Mark, OpeningInfo};
use client::verify::verify;
use client::words::of_verify_error;
use client::{Client, ClientError};
use ledger::EntryId;
use ledger::commitment::{CommitmentKind, Opening};
use serde_json::{Value, json};

use super::context::{Context, entry, read};
use super::error::CliError;
use super::trust::{Lang, remembered, unproven};
use super::{output, times, words};

/// Who may not read an entry cannot check what it commits to.
const AS_THE_SERVER_SAYS: &str = "That this is what was signed, the server says: you may not read \
                                  the entry.\n这是服务器的说法：您无权读取该记录，无法核对。";
/// Nor which of the texts on this machine is its own.
const NOTHING_ERASED_HERE: &str = "On this machine nothing was erased: you may not read the entry, \
                                   which would tell whether its text is here.";

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank opening show 0195a3c1f0007abc8123456789abcdef
  timebank opening erase 0195a3c1f0007abc8123456789abcdef
  timebank opening check receipt.tlog-proof   that this is what was signed")]
pub(crate) enum OpeningCommand {
    /// Show the text behind an entry: a note, a reason, a file's hash.
    #[command(before_help = "Examples:
  timebank opening show 0195a3c1f0007abc8123456789abcdef
  timebank opening show 0195a3c1f0007abc8123456789abcdef --output note.json")]
    Show {
        /// The entry; of a note, the service.
        #[arg(value_parser = entry)]
        entry: EntryId,
        /// Write salt and text there too, to check them later.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Deposit a text that is on this machine only.
    #[command(before_help = "Examples:
  timebank opening put 0195a3c1f0007abc8123456789abcdef")]
    Put {
        /// The entry.
        #[arg(value_parser = entry)]
        entry: EntryId,
    },
    /// Erase a text for ever, on the server and on this machine.
    #[command(before_help = "Examples:
  timebank opening erase 0195a3c1f0007abc8123456789abcdef")]
    Erase {
        /// The entry; of a note, the service.
        #[arg(value_parser = entry)]
        entry: EntryId,
    },
    /// Show who has read a text.
    #[command(before_help = "Examples:
  timebank opening reads 0195a3c1f0007abc8123456789abcdef")]
    Reads {
        /// The entry; of a note, the service.
        #[arg(value_parser = entry)]
        entry: EntryId,
    },
    /// Check that a text is the one that was signed, without any server.
    #[command(before_help = "Examples:
  timebank opening check receipt.tlog-proof   with the text on this machine
  timebank opening check receipt.tlog-proof --opening note.json --log-key VKEY")]
    Check {
        /// The receipt of the entry.
        receipt: PathBuf,
        /// The file with salt and text [default: the one on this machine].
        #[arg(long, value_name = "FILE")]
        opening: Option<PathBuf>,
    },
}

impl OpeningCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Show { entry, output } => {
                show(context, &context.client().await?, entry, output).await
            }
            Self::Put { entry } => put(context, &context.client().await?, entry).await,
            Self::Erase { entry } => erase(context, &context.client().await?, entry).await,
            Self::Reads { entry } => reads(context, &context.client().await?, entry).await,
            Self::Check { receipt, opening } => check(context, &receipt, opening),
        }
    }
}

/// Shows the text behind an entry.
pub(crate) async fn show(
    context: &Context,
    client: &Client,
    entry: EntryId,
    file: Option<PathBuf>,
) -> Result<(), CliError> {
    let committed = client.committed(entry).await?;
    let info = client.opening(entry).await?;
    committed.check(&info).map_err(ClientError::from)?;
    if let (Some(path), Some(opening)) = (file, &info.opening) {
        let (kind, opening) = (info.kind, opening.clone());
        let json = KeptOpening { kind, opening }.to_json();
        let written = std::fs::write(&path, json);
        written.map_err(|source| CliError::File { path, source })?;
    }
    let mut text = text_of(&info);
    if committed == Committed::Hidden && info.opening.is_some() {
        text = format!("{text}\n\n{AS_THE_SERVER_SAYS}");
    }
    context.print(&json_of(&info, committed), &text);
    Ok(())
}

async fn put(context: &Context, client: &Client, entry: EntryId) -> Result<(), CliError> {
    let committed = client.committed(entry).await?;
    let Some(commitment) = committed.commitment() else {
        return Err(CliError::usage("the entry commits to nothing"));
    };
    let kept = context.openings().find(&commitment);
    let Some(kept) = kept.map_err(ClientError::from)? else {
        return Err(CliError::usage("its text is not on this machine"));
    };
    let info = client.put_opening(entry, &kept.opening).await?;
    let text = format!("The {} is with the server.", info.kind.name());
    context.print(&json_of(&info, committed), &text);
    Ok(())
}

async fn erase(context: &Context, client: &Client, entry: EntryId) -> Result<(), CliError> {
    // Which file here is the text of this entry, no server may say.
    let committed = client.committed(entry).await?;
    let info = client.erase_opening(entry).await?;
    let mut text = text_of(&info);
    match committed.commitment() {
        Some(commitment) => {
            let here = context.openings().erase(&commitment);
            here.map_err(ClientError::from)?;
        }
        None => text = format!("{text}\n{NOTHING_ERASED_HERE}"),
    }
    committed.check(&info).map_err(ClientError::from)?;
    context.print(&json_of(&info, committed), &text);
    Ok(())
}

async fn reads(context: &Context, client: &Client, entry: EntryId) -> Result<(), CliError> {
    let reads = client.opening_reads(entry).await?;
    let row = |read: &Mark| vec![times::show(read.at), words::member(read.by)];
    let rows: Vec<Vec<String>> = reads.iter().map(row).collect();
    let text = if rows.is_empty() {
        "Nobody has read it.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&reads, &text);
    Ok(())
}

fn check(context: &Context, receipt: &Path, file: Option<PathBuf>) -> Result<(), CliError> {
    let receipt = read(receipt)?;
    let log_key = match &context.log_key {
        Some(key) => key.clone(),
        None => remembered(context, &receipt, Lang::Both)?,
    };
    let proven = verify(&receipt, &log_key, &[]);
    let entry = proven
        .map_err(|error| unproven(Lang::Both, &of_verify_error(&error)))?
        .entry;
    let Some((kind, commitment)) = entry.act.commitment() else {
        return Err(CliError::usage("the entry commits to nothing"));
    };
    let kept = match file {
        Some(path) => {
            let json = String::from_utf8_lossy(&read(&path)?).into_owned();
            let wrong = |why| CliError::OtherText(format!("{}: {why}", path.display()));
            Some(KeptOpening::parse(&json).map_err(wrong)?)
        }
        None => context
            .openings()
            .find(&commitment)
            .map_err(ClientError::from)?,
    };
    let kept = kept.ok_or_else(|| CliError::usage("name the text with --opening FILE"))?;
    if !kept.opening.opens(kind, &commitment) {
        let text = "this is not what was signed, 这不是签名时的内容";
        return Err(CliError::OtherText(text.to_owned()));
    }
    let text = format!(
        "PROVEN: this is the {} of entry {}, which is in the log.\n证明成立：这就是该记录签名时的内容。\n\n{}",
        kind.name(),
        entry.id,
        value_of(&kept.opening)
    );
    let value = json!({
        "entry": entry.id.to_string(),
        "kind": kind.name(),
        "commitment": commitment.to_string(),
        "value": value_of(&kept.opening),
    });
    context.print(&value, &text);
    Ok(())
}

fn text_of(info: &OpeningInfo) -> String {
    let (kind, entry) = (info.kind.name(), info.entry);
    let by = |mark: &Mark| {
        format!(
            "member {} at {}",
            words::member(mark.by),
            times::show(mark.at)
        )
    };
    match (&info.opening, &info.erased, &info.put) {
        (_, Some(erased), _) => format!(
            "The {kind} of {entry} was erased by {}.\nThe entry and every proof of it stay as they are.",
            by(erased)
        ),
        (Some(opening), None, Some(put)) => format!(
            "{}\n\n{}, deposited by {}.",
            value_of(opening),
            of_entry(info.kind, entry),
            by(put)
        ),
        (Some(opening), None, None) => value_of(opening),
        (None, None, _) => format!("There is no text of {entry}."),
    }
}

fn of_entry(kind: CommitmentKind, entry: EntryId) -> String {
    let name = match kind {
        CommitmentKind::Identity => "Identity papers",
        CommitmentKind::Note => "Note",
        CommitmentKind::Evidence => "Evidence",
        CommitmentKind::Reason => "Reason",
        CommitmentKind::Voucher => "Voucher",
    };
    format!("{name} of {entry}")
}

/// A value for a terminal, which somebody else may have written: no control
/// characters, and hex digits if it is no text.
fn value_of(opening: &Opening) -> String {
    let visible = |letter: char| match letter {
        '\n' | '\t' => letter,
        control if control.is_control() => '\u{fffd}',
        other => other,
    };
    match std::str::from_utf8(opening.value()) {
        Ok(text) => text.chars().map(visible).collect(),
        Err(_) => hex::encode(opening.value()),
    }
}

fn json_of(info: &OpeningInfo, committed: Committed) -> Value {
    json!({
        "entry": info.entry.to_string(),
        "kind": info.kind.name(),
        "commitment": info.commitment.to_string(),
        "is_commitment_proven": committed.commitment().is_some(),
        "salt": info.opening.as_ref().map(|opening| hex::encode(opening.salt())),
        "value": info.opening.as_ref().map(value_of),
        "put": info.put,
        "erased": info.erased,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_somebody_else_does_not_speak_to_the_terminal() {
        let of = |value: &[u8]| Opening::new([0; 32], value.to_vec()).expect("short");
        assert_eq!(value_of(&of("门铃坏了\n".as_bytes())), "门铃坏了\n");
        assert_eq!(value_of(&of(b"\x1b[2Jgone")), "\u{fffd}[2Jgone");
        assert_eq!(value_of(&of(&[0xff, 0x00])), "ff00");
    }
}
