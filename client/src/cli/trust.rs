//! Whom to trust when a receipt is checked: a policy file, the log's key, or the
//! key that this machine has seen first.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use client::error::Language;
use client::verify::{Proven, verify_under};
use client::words::{Text, Zone, of_verify_error};
use ledger::PublicKey;
use ledger::log::{Checkpoint, Policy, Receipt, VerifierKey};

use super::context::{Context, read};
use super::error::CliError;
use super::parse::public_key;

/// How a receipt is checked, and in which words that is told.
#[derive(Debug, Args)]
pub(crate) struct Trust {
    /// Whom to trust: a C2SP tlog-policy file with the log, its witnesses and a
    /// quorum.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The author's public key (64 hex digits), for a receipt without it.
    #[arg(long, value_name = "HEX", value_parser = public_key)]
    public_key: Vec<PublicKey>,
    /// Whose clocks to show, such as Asia/Shanghai [default: this machine's].
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<Zone>,
}

/// The languages of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Both, Chinese first.
    Both,
}

impl Lang {
    pub(crate) const fn languages(self) -> &'static [Language] {
        match self {
            Self::Zh => &[Language::Chinese],
            Self::En => &[Language::English],
            Self::Both => &[Language::Chinese, Language::English],
        }
    }

    /// A text in these languages, a line each.
    pub(crate) fn say(self, text: &Text) -> String {
        let languages = self.languages().iter();
        let lines: Vec<&str> = languages.map(|language| text.say(*language)).collect();
        lines.join("\n")
    }
}

/// What a receipt was checked under.
pub(crate) struct Trusted {
    pub(crate) policy: Policy,
    /// Whether somebody named it, and not this machine's memory.
    pub(crate) is_named: bool,
}

impl Trust {
    pub(crate) fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or_else(Zone::local)
    }

    /// What the receipt of these bytes proves, and under which policy.
    pub(crate) fn prove(
        &self,
        context: &Context,
        receipt: &[u8],
        lang: Lang,
    ) -> Result<(Proven, Trusted), CliError> {
        let trusted = match self.named(context)? {
            Some(policy) => Trusted {
                policy,
                is_named: true,
            },
            None => Trusted {
                policy: Policy::of_log(remembered(context, receipt, lang)?),
                is_named: false,
            },
        };
        let mut keys = self.public_key.clone();
        if self.policy.is_none() {
            keys.extend(own_keys(context));
        }
        let proven = verify_under(receipt, &trusted.policy, &keys)
            .map_err(|error| unproven(lang, &of_verify_error(&error)))?;
        Ok((proven, trusted))
    }

    /// The policy that was named, with the log key that was.
    pub(crate) fn named(&self, context: &Context) -> Result<Option<Policy>, CliError> {
        let key = context.log_key.clone();
        let Some(path) = &self.policy else {
            return Ok(key.map(Policy::of_log));
        };
        let policy = read_policy(path)?;
        Ok(Some(match key {
            Some(key) => policy.with_log(key),
            None => policy,
        }))
    }
}

/// A receipt that proves nothing.
pub(crate) fn unproven(lang: Lang, reason: &Text) -> CliError {
    let text = Text::new(
        format!("未能证明：{reason:#}"),
        format!("NOT PROVEN: {reason}"),
    );
    CliError::Unproven {
        reason: "RECEIPT_UNVERIFIED",
        text: lang.say(&text),
    }
}

/// Reads a policy file that was named on the command line.
pub(crate) fn read_policy(path: &Path) -> Result<Policy, CliError> {
    Policy::parse(&read(path)?)
        .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))
}

/// The log key that is remembered for the ledger that a receipt names.
pub(crate) fn remembered(
    context: &Context,
    receipt: &[u8],
    lang: Lang,
) -> Result<VerifierKey, CliError> {
    let receipt =
        Receipt::parse(receipt).map_err(|error| unproven(lang, &of_verify_error(&error.into())))?;
    let checkpoint: Checkpoint = receipt
        .checkpoint
        .unverified_text()
        .parse()
        .map_err(|_| CliError::usage("the file is no receipt"))?;
    remembered_key(context, checkpoint.origin().as_str())
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

fn zone(name: &str) -> Result<Zone, String> {
    Zone::named(name).ok_or_else(|| "expected a time zone such as Asia/Shanghai or UTC".to_owned())
}
