//! `timebank receipt`: fetch one, put it on paper, and back.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use ledger::EntryId;
use serde_json::json;

use super::context::{Context, entry};
use super::error::CliError;
use super::output;
use super::paper::{Print, Qr, Scan};

pub(super) use super::trust::remembered_key;

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank receipt get 0195a3c1f0007abc8123456789abcdef -o receipt.tlog-proof
  timebank receipt print receipt.tlog-proof --policy trust.policy -o receipt.html
  timebank receipt scan -o receipt.tlog-proof scanned.txt")]
pub(crate) enum ReceiptCommand {
    /// Fetch the receipt of an entry, and check it.
    #[command(before_help = "Examples:
  timebank receipt get 0195a3c1f0007abc8123456789abcdef -o receipt.tlog-proof
  timebank receipt get 0195a3c1f0007abc8123456789abcdef > receipt.tlog-proof")]
    Get {
        /// The entry.
        #[arg(value_parser = entry)]
        entry: EntryId,
        /// Where to write it [default: the standard output].
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a page to print: what it proves, its codes, how to check it.
    Print(Print),
    /// Draw the QR codes of a receipt.
    Qr(Qr),
    /// Put a receipt together from the texts of its codes.
    Scan(Scan),
}

impl ReceiptCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Get { entry, output } => get(context, entry, output).await,
            Self::Print(print) => print.run(context),
            Self::Qr(qr) => qr.run(context),
            Self::Scan(scan) => scan.run(context),
        }
    }
}

async fn get(context: &Context, entry: EntryId, file: Option<PathBuf>) -> Result<(), CliError> {
    let receipt = context.reader().await?.receipt(entry).await?;
    // One is the log's; whose the others are, a policy says.
    let further = receipt.checkpoint.signature_count() - 1;
    let receipt = receipt.to_string();
    let mut value = json!({ "entry": entry.to_string(), "further_signatures": further });
    let Some(path) = file else {
        if context.json {
            value["receipt"] = json!(receipt);
            context.print(&value, "");
        } else {
            output::print(receipt.as_bytes());
        }
        return Ok(());
    };
    write(&path, receipt.as_bytes())?;
    value["file"] = json!(path);
    let file = path.display();
    let text = if further == 0 {
        format!(
            "The receipt is in {file}. So far the log alone has signed it: get it again in a few \
             minutes, and it may have the witnesses' cosignatures too."
        )
    } else {
        format!("The receipt is in {file}. Beside the log's signature it has {further} more.")
    };
    context.print(&value, &text);
    Ok(())
}

/// Writes a file that was named on the command line.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), CliError> {
    fs::write(path, content).map_err(|source| CliError::File {
        path: path.to_owned(),
        source,
    })
}
