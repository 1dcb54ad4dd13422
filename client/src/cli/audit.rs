//! `timebank audit`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use client::audit::{FolderSource, Progress, ServerSource, Signatures};
use client::{AuditReport, audit_reading, export};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::log::{Checkpoint, SignedNote, VerifierKey};

use super::context::{Context, read};
use super::error::CliError;
use super::follow::Follow;
use super::receipt::remembered_key;
use super::{output, times, words};

/// Hashes, tiles, root, signatures, rules, postings and balances are recomputed
/// from the records alone. The first bad position is named.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank audit                                audit the server's ledger, as auditor
  timebank audit --save street                  save it into a folder first
  timebank audit --dir street --log-key VKEY    audit a folder, without any server
  timebank audit --dir street --fast            in half the time: see docs/signing.md
  timebank audit --follow --policy city.policy  watch the server's log and its witnesses
  timebank audit --follow --log https://hours.example.org/log --log-key VKEY --rounds 1")]
pub(crate) struct Audit {
    /// Audit this folder instead of a server's ledger.
    #[arg(long, value_name = "DIR", conflicts_with = "save")]
    dir: Option<PathBuf>,
    /// Save the whole ledger into this folder, and audit that.
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// Check the signatures together instead of one by one, with the same verdict but for a
    /// chance that docs/signing.md tells.
    #[arg(long)]
    fast: bool,
    /// Watch a log and its witnesses, and keep evidence of a fork, a rollback or a late record.
    #[arg(long, conflicts_with_all = ["dir", "save", "fast"])]
    follow: bool,
    #[command(flatten)]
    following: Follow,
}

impl Audit {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        if self.follow {
            return self.following.run(context).await;
        }
        let signatures = if self.fast {
            Signatures::Together
        } else {
            Signatures::Each
        };
        let report = match (self.dir, self.save) {
            (Some(folder), _) => {
                let log_key = match &context.log_key {
                    Some(key) => key.clone(),
                    None => known_key(context, &folder)?,
                };
                audited(context, FolderSource::new(folder), &log_key, signatures).await?
            }
            (None, Some(folder)) => {
                let client = context.client().await?;
                let log_key = client.log().key().clone();
                let bar = bar(context, "saving");
                let source = ServerSource::new(client);
                export::save(&source, &log_key, &folder, |progress| {
                    advance(&bar, progress);
                })
                .await?;
                bar.finish_and_clear();
                audited(context, FolderSource::new(folder), &log_key, signatures).await?
            }
            (None, None) => {
                let client = context.client().await?;
                let log_key = client.log().key().clone();
                audited(context, ServerSource::new(client), &log_key, signatures).await?
            }
        };
        context.print(&report, &text_of(&report));
        Ok(())
    }
}

async fn audited<S: client::audit::Source>(
    context: &Context,
    source: S,
    log_key: &VerifierKey,
    signatures: Signatures,
) -> Result<AuditReport, CliError> {
    let (report, ()) = audited_reading(context, source, log_key, signatures, ()).await?;
    Ok(report)
}

async fn audited_reading<S: client::audit::Source, R: client::audit::Reading>(
    context: &Context,
    source: S,
    log_key: &VerifierKey,
    signatures: Signatures,
    reading: R,
) -> Result<(AuditReport, R), CliError> {
    let bar = bar(context, "auditing");
    let shown = bar.clone();
    let progress = move |progress| advance(&shown, progress);
    let read = audit_reading(source, log_key, signatures, reading, progress).await;
    bar.finish_and_clear();
    Ok(read?)
}

/// Reads along while the ledger of a folder, or of the server, is audited: what
/// comes of it is proven.
pub(crate) async fn read_proven<R: client::audit::Reading>(
    context: &Context,
    folder: Option<PathBuf>,
    reading: R,
) -> Result<(AuditReport, R), CliError> {
    if let Some(folder) = folder {
        let log_key = match &context.log_key {
            Some(key) => key.clone(),
            None => known_key(context, &folder)?,
        };
        let source = FolderSource::new(folder);
        return audited_reading(context, source, &log_key, Signatures::Each, reading).await;
    }
    let client = context.client().await?;
    let log_key = client.log().key().clone();
    let source = ServerSource::new(client);
    audited_reading(context, source, &log_key, Signatures::Each, reading).await
}

/// The log key that is remembered for the ledger in a folder.
fn known_key(context: &Context, folder: &Path) -> Result<VerifierKey, CliError> {
    let note = SignedNote::parse(&read(&folder.join("checkpoint"))?).ok();
    let origin = note
        .and_then(|note| note.unverified_text().parse::<Checkpoint>().ok())
        .map(|checkpoint| checkpoint.origin().to_string());
    let Some(origin) = origin else {
        return Err(CliError::usage("the folder has no checkpoint"));
    };
    remembered_key(context, &origin)
}

/// A bar on the terminal; hidden where nobody watches it.
fn bar(context: &Context, what: &'static str) -> ProgressBar {
    let is_watched = std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
    if context.json || !is_watched {
        return ProgressBar::hidden();
    }
    let template = "{msg} {bar:30} {pos}/{len} records, {per_sec}, {eta} left";
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(what)
}

fn advance(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}

/// The losses that operators have declared.
fn losses(report: &AuditReport) -> String {
    let each = report.adoptions.iter().map(|adopted| {
        format!(
            "record {} of {} gives up a tree of {} records",
            adopted.position,
            times::show(adopted.recorded_ms),
            adopted.abandoned_tree_size
        )
    });
    match each.collect::<Vec<_>>() {
        none if none.is_empty() => "none declared".to_owned(),
        some => some.join("; "),
    }
}

const fn how(signatures: Signatures) -> &'static str {
    match signatures {
        Signatures::Each => "each by the strict equation",
        Signatures::Together => "together, by the strict equation",
    }
}

fn text_of(report: &AuditReport) -> String {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let members = &report.members;
    let hours = format!(
        "{} available, {} held, on {} accounts",
        words::hours(members.available_minutes),
        words::hours(members.held_minutes),
        members.accounts
    );
    let rows = output::table(&[
        row("Ledger", report.origin.clone()),
        row(
            "Records",
            format!("{}, each with its signature and verdict", report.tree_size),
        ),
        row("Signatures", how(report.signatures).to_owned()),
        row("Root", report.root.to_string()),
        row("Tiles", report.tiles.to_string()),
        row("Postings", report.postings.to_string()),
        row(
            "State",
            format!(
                "{} rows at {} records",
                report.state_rows, report.state_tree_size
            ),
        ),
        row(
            "Seen",
            format!(
                "{} checkpoints that members signed to have seen",
                report.seen_checkpoints
            ),
        ),
        row("Losses", losses(report)),
        row("Members", hours),
        row("Pools", words::hours(report.pool_minutes)),
        row("Issued", words::hours(report.issued_minutes)),
        row("Retired", words::hours(report.retired_minutes)),
        row("Fund", words::money(report.cash_fen)),
        row(
            "Took",
            format!(
                "{}.{:03} s",
                report.duration_ms / 1000,
                report.duration_ms % 1000
            ),
        ),
    ]);
    format!("PASSED: everything follows from the records, and all balances sum to zero.\n\n{rows}")
}
