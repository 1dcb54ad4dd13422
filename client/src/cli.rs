//! The command line: one file for each group of commands.

mod adopt;
mod audit;
mod behalf;
mod care;
mod case;
mod choice;
mod commit;
mod context;
mod decide;
mod error;
mod export;
mod follow;
mod fund;
mod hours;
mod key;
mod member;
mod opening;
mod output;
mod paper;
mod parse;
mod receipt;
mod report;
mod scheme;
mod simulate;
mod times;
mod trust;
mod verify;
mod witness;
mod words;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use ledger::log::VerifierKey;

pub(crate) use context::Context;
pub(crate) use error::CliError;

/// Bank hours of care, redeem them, and check everything for yourself.
#[derive(Debug, Parser)]
#[command(
    name = "timebank",
    version,
    before_help = "Examples:
  timebank key new                                 make your key
  timebank hours balance                           what you have
  timebank care request --start 2026-11-23T14:30+08:00 --length 1h30 --item meal
  timebank verify receipt.tlog-proof --policy trust.policy   needs no server
  timebank audit                                   recompute the whole ledger",
    after_help = "Exit codes: 0 done, 1 error or refused, 2 wrong usage, 3 verification failed, \
                  4 no connection."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The server.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "TIMEBANK_SERVER",
        default_value = "http://127.0.0.1:7070"
    )]
    pub(crate) server: String,
    /// Where keys, receipts and what was seen of ledgers are kept [default: ~/.timebank].
    #[arg(long, global = true, value_name = "DIR", env = "TIMEBANK_HOME")]
    pub(crate) home: Option<PathBuf>,
    /// The name of the key to act with.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "TIMEBANK_KEY",
        default_value = "default"
    )]
    pub(crate) key: String,
    /// Print JSON; errors too, to the standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The log's verifier key; without it the one that was seen first is trusted.
    #[arg(long, global = true, value_name = "VKEY")]
    pub(crate) log_key: Option<VerifierKey>,
    /// Trust these certificate authorities (PEM) instead of the system's.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Show this client certificate (PEM).
    #[arg(long, global = true, value_name = "FILE", requires = "client_key")]
    pub(crate) client_cert: Option<PathBuf>,
    /// The key of the client certificate (PEM).
    #[arg(long, global = true, value_name = "FILE", requires = "client_cert")]
    pub(crate) client_key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Keys: make, show, list, add, revoke; a new one for a lost phone.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// The scheme: open it, its units and its people in office.
    #[command(subcommand)]
    Scheme(scheme::SchemeCommand),
    /// Members: enrol, show, list.
    #[command(subcommand)]
    Member(member::MemberCommand),
    /// Care: ask for a visit, take it on, state it, confirm it.
    #[command(subcommand)]
    Care(care::CareCommand),
    /// Hours: balance, statement, give, donate.
    #[command(subcommand)]
    Hours(hours::HoursCommand),
    /// The fund: money in, hours out.
    #[command(subcommand)]
    Fund(fund::FundCommand),
    /// Cases that have to be looked into; opinions and samples.
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Approve another person's proposal.
    Approve(decide::Approve),
    /// Refuse another person's proposal.
    Refuse(decide::Refuse),
    /// Propose to undo what an entry moved.
    Reverse(decide::Reverse),
    /// Receipts: fetch again, print, scan.
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    /// The texts behind entries: show, erase, check.
    #[command(subcommand)]
    Opening(opening::OpeningCommand),
    /// Check a receipt, or evidence against a log, without any server.
    Verify(verify::Verify),
    /// Recompute a whole ledger and compare it with what its server states.
    Audit(audit::Audit),
    /// Write the books for other programs.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// The supervisor's page of indicators, and lists to look into.
    Report(report::Report),
    /// Simulate a city over many years: does the fund keep the promise?
    Simulate(simulate::Simulate),
    /// A witness for other people's logs: make one, serve.
    #[command(subcommand)]
    Witness(witness::WitnessCommand),
    /// Print a script that completes commands in a shell.
    #[command(
        before_help = "Examples:\n  timebank completions bash > ~/.local/share/bash-completion/completions/timebank\n  timebank completions zsh > ~/.zfunc/_timebank"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

impl Command {
    /// Does what was asked.
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Key(command) => command.run(context).await,
            Self::Scheme(command) => command.run(context).await,
            Self::Member(command) => command.run(context).await,
            Self::Care(command) => command.run(context).await,
            Self::Hours(command) => command.run(context).await,
            Self::Fund(command) => command.run(context).await,
            Self::Case(command) => command.run(context).await,
            Self::Approve(command) => command.run(context).await,
            Self::Refuse(command) => command.run(context).await,
            Self::Reverse(command) => command.run(context).await,
            Self::Receipt(command) => command.run(context).await,
            Self::Opening(command) => command.run(context).await,
            Self::Verify(command) => command.run(context),
            Self::Audit(command) => command.run(context).await,
            Self::Report(command) => command.run(context).await,
            Self::Simulate(command) => command.run(context),
            Self::Export(command) => command.run(context).await,
            Self::Witness(command) => command.run(context).await,
            Self::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "timebank", &mut script);
                output::print(&script);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_text_begins_with_examples() {
        fn check(command: &clap::Command, path: &str) {
            let examples = command.get_before_help().map(ToString::to_string);
            let is_example = |text: &String| text.starts_with("Examples:\n  timebank ");
            assert!(
                examples.as_ref().is_some_and(is_example),
                "{path}: {examples:?}"
            );
            for inner in command.get_subcommands() {
                check(inner, &format!("{path} {}", inner.get_name()));
            }
        }
        check(&Cli::command(), "timebank");
    }

    #[test]
    fn every_example_is_a_command_that_can_be_typed() {
        fn check(command: &clap::Command) {
            let examples = command.get_before_help();
            let examples = examples.map(ToString::to_string).unwrap_or_default();
            for line in examples.lines().skip(1) {
                // What follows two spaces or a redirection is for people.
                let typed = line.trim_start().split("  ").next().unwrap_or_default();
                let typed = typed.split(" > ").next().unwrap_or_default();
                let typed = typed.replace("VKEY", VKEY).replace("LINE", &request());
                if let Err(error) = Cli::try_parse_from(words_of(&typed)) {
                    panic!("{typed}: {error}");
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    /// What stands between quotes is one word.
    fn words_of(typed: &str) -> Vec<String> {
        let parts = typed.split('"').enumerate();
        let words = parts.flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }

    fn request() -> String {
        let member = ledger::MemberId::from_bytes([7; 16]);
        let key = ledger::SecretKey::from_seed(&[9; 32]);
        let key = ledger::entry::NewKey::prove(&key, "a.example", &member);
        parse::KeyRequest { member, key }.to_string()
    }
}
