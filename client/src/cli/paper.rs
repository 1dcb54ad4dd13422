//! `timebank receipt print`, `qr` and `scan`: receipts on paper, and back.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use client::paper::{Page, PrintedKey, Symbol, join, shortened, split, symbols};
use client::words::{Statement, of_join_error};
use ledger::log::{Policy, Receipt, Standing};
use serde_json::json;

use super::context::{Context, read};
use super::error::CliError;
use super::output;
use super::receipt::write;
use super::trust::{Lang, Trust, read_policy, unproven};

/// Makes one HTML file that needs nothing else: open it in a browser and print
/// it, on A4 or A5.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank receipt print receipt.tlog-proof --policy trust.policy -o receipt.html
  timebank receipt print receipt.tlog-proof --log-key VKEY --zone Asia/Shanghai -o receipt.html")]
pub(crate) struct Print {
    /// The receipt.
    file: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// Where to write the page.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Fewer codes: leave out signatures in ML-DSA-44 and of strangers to the
    /// policy.
    #[arg(long)]
    short: bool,
}

/// Draws a receipt as QR codes, one SVG file each. Each code says which part of
/// which receipt it is; all of them are needed.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank receipt qr receipt.tlog-proof -o codes
  timebank receipt qr receipt.tlog-proof --short --policy trust.policy -o codes
  timebank receipt qr receipt.tlog-proof --text   what the codes say")]
pub(crate) struct Qr {
    /// The receipt.
    file: PathBuf,
    /// The folder for the drawings; it is made if there is none.
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// Print the texts of the codes, a line each, and draw nothing.
    #[arg(long)]
    text: bool,
    /// Fewer codes: leave out signatures in ML-DSA-44 and of strangers to the
    /// policy.
    #[arg(long, requires = "policy")]
    short: bool,
    /// The C2SP tlog-policy file that --short keeps to.
    #[arg(long, value_name = "FILE", requires = "short")]
    policy: Option<PathBuf>,
}

/// Puts a receipt together, byte for byte, from what any scanner shows for its
/// codes: in any order, one after another.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank receipt scan -o receipt.tlog-proof scanned.txt
  timebank receipt scan -   reads the standard input
  timebank receipt scan TIMEBANK1-…-1-2-… TIMEBANK1-…-2-2-…")]
pub(crate) struct Scan {
    /// Texts, files with texts, or - for the standard input.
    #[arg(required = true, value_name = "TEXT|FILE|-")]
    texts: Vec<String>,
    /// Where to write the receipt [default: the standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Print {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let mut file = read(&self.file)?;
        let (mut proven, trusted) = self.trust.prove(context, &file, Lang::Both)?;
        if self.short {
            file = short(&file, &trusted.policy)?;
            (proven, _) = self.trust.prove(context, &file, Lang::Both)?;
        }
        let (parts, symbols) = codes(&file)?;
        let statement = Statement::of(&proven, &self.trust.zone());
        let page = Page {
            statement: &statement,
            entry: proven.entry.id.to_string(),
            parts: &parts,
            symbols: &symbols,
            keys: PrintedKey::of(&trusted.policy, &proven.origin),
        };
        write(&self.output, page.to_string().as_bytes())?;
        let value = json!({ "file": self.output, "codes": parts.len() });
        let text = format!(
            "The page is in {}: open it in a browser and print it. Codes on it: {}.",
            self.output.display(),
            parts.len()
        );
        context.print(&value, &text);
        if proven.standing == Standing::Unwitnessed {
            return Err(unproven(Lang::Both, &statement.meaning));
        }
        Ok(())
    }
}

impl Qr {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let mut file = read(&self.file)?;
        let position = parse(&file)?.position;
        if let Some(policy) = self.policy.filter(|_| self.short) {
            file = short(&file, &read_policy(&policy)?)?;
        }
        let (parts, symbols) = codes(&file)?;
        if self.text {
            context.print(&json!({ "parts": parts }), &parts.join("\n"));
            return Ok(());
        }
        let name = |number: usize| format!("receipt-{position}-{number}-of-{}.svg", parts.len());
        let files = (1..=parts.len()).map(|number| self.output.join(name(number)));
        let files: Vec<PathBuf> = files.collect();
        let folder = &self.output;
        fs::create_dir_all(folder).map_err(|source| CliError::File {
            path: folder.clone(),
            source,
        })?;
        for (path, symbol) in files.iter().zip(&symbols) {
            write(path, symbol.svg().as_bytes())?;
        }
        let shown = files.iter().map(|path| path.display().to_string());
        let shown: Vec<String> = shown.collect();
        context.print(
            &json!({ "parts": parts, "files": files }),
            &shown.join("\n"),
        );
        Ok(())
    }
}

impl Scan {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let mut texts = String::new();
        for text in &self.texts {
            texts.push_str(&scanned(text)?);
            texts.push('\n');
        }
        let file = join(&texts).map_err(|error| CliError::Unproven {
            reason: error.reason(),
            text: Lang::Both.say(&of_join_error(&error)),
        })?;
        let Some(path) = self.output else {
            if context.json {
                let receipt = String::from_utf8_lossy(&file);
                context.print(&json!({ "receipt": receipt }), "");
            } else {
                output::print(&file);
            }
            return Ok(());
        };
        write(&path, &file)?;
        let text = format!(
            "The receipt is in {}: timebank verify checks it.",
            path.display()
        );
        context.print(&json!({ "file": path }), &text);
        Ok(())
    }
}

/// A text itself, or what a file or the standard input holds.
fn scanned(text: &str) -> Result<String, CliError> {
    if text == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        read.map_err(|source| CliError::File {
            path: "-".into(),
            source,
        })?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    if text
        .trim_start()
        .get(..9)
        .is_some_and(|start| start.eq_ignore_ascii_case("TIMEBANK1"))
    {
        return Ok(text.to_owned());
    }
    Ok(String::from_utf8_lossy(&read(Path::new(text))?).into_owned())
}

fn parse(file: &[u8]) -> Result<Receipt, CliError> {
    Receipt::parse(file).map_err(|error| CliError::usage(format!("this is no receipt: {error}")))
}

/// The file with what `--short` keeps.
fn short(file: &[u8], policy: &Policy) -> Result<Vec<u8>, CliError> {
    let receipt = shortened(&parse(file)?, policy);
    let receipt = receipt.map_err(|error| CliError::usage(format!("--short: {error}")))?;
    Ok(receipt.to_string().into_bytes())
}

fn codes(file: &[u8]) -> Result<(Vec<String>, Vec<Symbol>), CliError> {
    let parts = split(file).map_err(|error| CliError::usage(error.to_string()))?;
    let symbols = symbols(&parts).map_err(|error| CliError::usage(error.to_string()))?;
    Ok((parts, symbols))
}
