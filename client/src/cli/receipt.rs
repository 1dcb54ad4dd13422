//! `timebank receipt` and `timebank verify`.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use client::verify::{Proven, verify};
use ledger::entry::Attestation;
use ledger::log::{Checkpoint, Receipt, VerifierKey};
use ledger::{EntryId, PublicKey};
use serde_json::json;

use super::context::{Context, entry, read};
use super::error::CliError;
use super::parse::public_key;
use super::{output, times, words};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank receipt get 0195a3c1f0007abc8123456789abcdef")]
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
}

/// Proves that the log has taken in the entry; and that its author has signed
/// it, if the author's public key is given or on this machine.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank verify receipt.tlog-proof --log-key VKEY
  timebank verify receipt.tlog-proof   with the log key that was seen first")]
pub(crate) struct Verify {
    /// The receipt.
    file: PathBuf,
    /// The author's public key (64 hex digits): checks the signature too.
    #[arg(long, value_name = "HEX", value_parser = public_key)]
    public_key: Vec<PublicKey>,
}

impl ReceiptCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let Self::Get {
            entry,
            output: file,
        } = self;
        let receipt = context.reader().await?.receipt(entry).await?.to_string();
        let Some(path) = file else {
            if context.json {
                context.print(
                    &json!({ "entry": entry.to_string(), "receipt": receipt }),
                    "",
                );
            } else {
                output::print(receipt.as_bytes());
            }
            return Ok(());
        };
        let written = fs::write(&path, &receipt);
        written.map_err(|source| CliError::File {
            path: path.clone(),
            source,
        })?;
        let value = json!({ "entry": entry.to_string(), "file": path });
        context.print(&value, &format!("The receipt is in {}.", path.display()));
        Ok(())
    }
}

impl Verify {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let bytes = read(&self.file)?;
        let log_key = match &context.log_key {
            Some(key) => key.clone(),
            None => known_key(context, &bytes)?,
        };
        let mut keys = self.public_key;
        keys.extend(own_keys(context));
        let proven = verify(&bytes, &log_key, &keys)?;
        context.print(
            &json_of(&proven),
            &text_of(&proven, context.log_key.is_some()),
        );
        Ok(())
    }
}

/// The log key that is remembered for the ledger that a receipt names.
pub(crate) fn known_key(context: &Context, receipt: &[u8]) -> Result<VerifierKey, CliError> {
    let origin = Receipt::parse(receipt)
        .ok()
        .and_then(|receipt| {
            receipt
                .checkpoint
                .unverified_text()
                .parse::<Checkpoint>()
                .ok()
        })
        .map(|checkpoint| checkpoint.origin().to_string());
    let Some(origin) = origin else {
        return Err(CliError::usage("the file is no receipt"));
    };
    remembered_key(context, &origin)
}

/// The log key that is remembered for a ledger.
pub(crate) fn remembered_key(context: &Context, origin: &str) -> Result<VerifierKey, CliError> {
    let remembered = context
        .memory()
        .ledger(origin)
        .map_err(client::ClientError::from)?;
    remembered
        .and_then(|remembered| remembered.log_key.parse().ok())
        .ok_or_else(|| CliError::usage(format!("name the log key of {origin} with --log-key VKEY")))
}

/// The public halves of the keys on this machine.
fn own_keys(context: &Context) -> Vec<PublicKey> {
    let folder = context.keys();
    let names = folder.list().unwrap_or_default();
    let keys = names.iter().filter_map(|name| folder.load(name).ok());
    keys.map(|key| key.identity.key.public()).collect()
}

fn text_of(proven: &Proven, is_key_given: bool) -> String {
    let entry = &proven.entry;
    let for_whom = entry.on_behalf_of.map_or_else(String::new, |behalf| {
        let how = match behalf.attestation {
            Attestation::Kiosk => "who was present",
            Attestation::Attested => "who had said so before",
        };
        format!(" for member {} {how},", words::member(behalf.member))
    });
    let signature = if proven.is_signature_verified {
        "The signature was checked: it is this key's."
    } else {
        "The signature was not checked: give the author's key with --public-key."
    };
    let trust = if is_key_given {
        ""
    } else {
        "\nThe log key is the one that this machine has seen first; give it with --log-key to be sure."
    };
    format!(
        "PROVEN: it is in the log.\n\n\
         Member {} with the key {}{for_whom} {}.\n{signature}\n\n\
         Signed   {}\nRecorded {}\nEntry    {}\nRecord   {} of {} in the log {}{trust}",
        words::member(entry.author),
        proven.key_id,
        words::act(&entry.act),
        times::show(entry.id.signed()),
        times::show(proven.recorded),
        entry.id,
        proven.position,
        proven.tree_size,
        proven.origin,
    )
}

fn json_of(proven: &Proven) -> serde_json::Value {
    let entry = &proven.entry;
    json!({
        "origin": proven.origin,
        "position": proven.position,
        "tree_size": proven.tree_size,
        "recorded": times::show(proven.recorded),
        "signed": times::show(entry.id.signed()),
        "entry": entry.id.to_string(),
        "author": entry.author.to_string(),
        "on_behalf_of": entry.on_behalf_of.map(|behalf| behalf.member.to_string()),
        "key_id": proven.key_id.to_string(),
        "is_signature_verified": proven.is_signature_verified,
        "act": entry.act.name(),
        "text": words::act(&entry.act),
    })
}
