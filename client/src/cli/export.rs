//! `timebank export`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use client::audit::Reading;
use ledger::journal::{Dialect, Journal};
use ledger::{Effects, Record, State};

use super::audit::read_proven;
use super::context::Context;
use super::error::CliError;
use super::output;

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank export journal > city.journal
  timebank export journal --dialect beancount --dir street > city.beancount")]
pub(crate) enum ExportCommand {
    /// Print all postings as a plain-text journal; the ledger is audited first.
    #[command(before_help = "Examples:
  timebank export journal > city.journal
  timebank export journal --dialect beancount > city.beancount
  timebank export journal --dir street")]
    Journal {
        /// For which program.
        #[arg(long, default_value = "hledger")]
        dialect: DialectChoice,
        /// Read this folder instead of a server's ledger.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Which program is to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectChoice {
    /// hledger.
    Hledger,
    /// Beancount.
    Beancount,
}

/// Writes what is read.
struct Writer(Journal);

impl Reading for Writer {
    fn read(&mut self, record: &Record, effects: &Effects, _: &State) {
        self.0.add(record, &effects.postings);
    }
}

impl ExportCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let Self::Journal { dialect, dir } = self;
        let dialect = match dialect {
            DialectChoice::Hledger => Dialect::Hledger,
            DialectChoice::Beancount => Dialect::Beancount,
        };
        let writer = Writer(Journal::new(dialect));
        let (report, Writer(journal)) = read_proven(context, dir, writer).await?;
        output::print(journal.finish(&report.origin).as_bytes());
        Ok(())
    }
}
