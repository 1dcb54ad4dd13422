//! `timebank verify`: what a receipt, a certificate or a file of evidence proves,
//! offline.

mod certificate;

use std::path::PathBuf;

use clap::Args;
use client::error::Language;
use client::verify::{Proven, WitnessedBy};
use client::words::{Statement, Text, Zone, capacity, of_evidence_error, of_finding, phrase};
use ledger::entry::Attestation;
use ledger::log::{Evidence, Position, Standing};
use serde_json::{Value, json};

use super::context::{Context, read};
use super::error::CliError;
use super::trust::{Lang, Trust, unproven};
use super::{output, times};

/// Checks a receipt, a certificate of service, or evidence against a log, and says in plain words what it
/// proves: offline, without a server and without keys of your own.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank verify receipt.tlog-proof --policy trust.policy
  timebank verify receipt.tlog-proof --log-key VKEY --lang en
  timebank verify fork.evidence --policy trust.policy
  timebank verify li.certificate --log-key VKEY
  timebank verify receipt.tlog-proof   with the log key that was seen first")]
pub(crate) struct Verify {
    /// The receipt, the certificate, or the file of evidence.
    file: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// The languages of the answer.
    #[arg(long, value_enum, default_value = "both")]
    lang: Lang,
}

impl Verify {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let bytes = read(&self.file)?;
        if client::certificate::is_claimed(&bytes) {
            certificate::verify(&self, context, &bytes)
        } else if Evidence::is_claimed(&bytes) {
            self.evidence(context, &bytes)
        } else {
            self.receipt(context, &bytes)
        }
    }

    fn receipt(&self, context: &Context, bytes: &[u8]) -> Result<(), CliError> {
        let (proven, trusted) = self.trust.prove(context, bytes, self.lang)?;
        let statement = Statement::of(&proven, &self.trust.zone());
        let mut text = in_words(&statement, self.lang);
        if !trusted.is_named {
            text.push_str("\n\n");
            text.push_str(&self.lang.say(&Text::new(
                "账本的密钥是这台机器最初见到的那一把；用 --policy 或 --log-key 指明才可靠。",
                "The log's key is the one that this machine has seen first; name it with --policy or --log-key to be sure.",
            )));
        }
        context.print(&json_of(&proven), &text);
        if proven.standing == Standing::Unwitnessed {
            return Err(unproven(self.lang, &statement.meaning));
        }
        Ok(())
    }

    fn evidence(&self, context: &Context, bytes: &[u8]) -> Result<(), CliError> {
        let refused = |reason: &Text| unproven(self.lang, reason);
        let evidence = Evidence::parse(bytes).map_err(|error| {
            refused(&Text::new(
                "这个文件不是一份完整的证据，也许被改动或截断了。",
                error.to_string(),
            ))
        })?;
        let policy = self.trust.named(context)?;
        let is_named = policy.is_some();
        let checked = match &policy {
            Some(policy) => evidence.check_keys(policy),
            None => Ok(()),
        };
        let finding = checked.and_then(|()| evidence.verify(recorded_ms));
        let finding = finding.map_err(|error| refused(&of_evidence_error(&error)))?;
        let (headline, meaning) = of_finding(&finding, &self.trust.zone(), is_named);
        let mut says = vec![headline, meaning.clone()];
        if !is_named {
            says.extend(keys_of(&evidence));
        }
        let texts = self.lang.languages().iter().map(|language| {
            let says: Vec<&str> = says.iter().map(|text| text.say(*language)).collect();
            says.join("\n\n")
        });
        let texts: Vec<String> = texts.collect();
        let value = json!({
            "kind": "evidence",
            "is_proof": finding.is_proof(is_named),
            "reason": finding.reason(),
            "log_key": evidence.log.to_string(),
            "cosigner": evidence.cosigner().map(ToString::to_string),
            "is_key_named": is_named,
            "text": meaning.english,
            "text_zh": meaning.chinese,
        });
        context.print(&value, &texts.join(RULE));
        Ok(())
    }
}

/// What the reader has to compare who has named no keys.
fn keys_of(evidence: &Evidence) -> Vec<Text> {
    let log = &evidence.log;
    let log = Text::new(
        format!("请核对账本的密钥是否如您所知：{log}"),
        format!("Compare the key of the log with the one that you know: {log}"),
    );
    let cosigner = evidence.cosigner().map(|key| {
        Text::new(
            format!("见证人的密钥也请核对，任何人都能自造一把：{key}"),
            format!("Compare this one too, the key of the cosigner; anybody can make one: {key}"),
        )
    });
    std::iter::once(log).chain(cosigner).collect()
}

/// The time that a record bears, in milliseconds since 1970.
fn recorded_ms(position: Position, leaf: &[u8]) -> Option<u64> {
    let (_, record) = proto::decode_leaf(position, leaf).ok()?;
    record.recorded.get().try_into().ok()
}

/// Between the languages.
const RULE: &str = "\n\n――――――――\n\n";

/// The statement, once in each language.
fn in_words(statement: &Statement, lang: Lang) -> String {
    let languages = lang.languages().iter();
    let texts = languages.map(|language| told(statement, *language));
    texts.collect::<Vec<String>>().join(RULE)
}

fn told(statement: &Statement, language: Language) -> String {
    let say = |text: &Text| text.say(language).to_owned();
    let rows = statement.rows.iter();
    let rows: Vec<Vec<String>> = rows
        .map(|row| vec![say(&row.label), say(&row.value)])
        .collect();
    let limits = statement.limits.iter();
    let limits: Vec<String> = limits.map(|limit| format!("- {}", say(limit))).collect();
    let head = Text::new("它不证明：", "It does not prove");
    [
        say(&statement.verdict),
        say(&statement.sentence),
        output::table(&rows),
        say(&statement.meaning),
        format!("{}\n{}", say(&head), limits.join("\n")),
    ]
    .join("\n\n")
}

/// The shape is in docs/receipts.md.
fn json_of(proven: &Proven) -> Value {
    let entry = &proven.entry;
    let (zone, (capacity, _)) = (Zone::utc(), capacity(entry));
    let phrase = phrase(&entry.act, &zone);
    let log_keys = proven.log_keys.iter().map(ToString::to_string);
    json!({
        "kind": "receipt",
        "standing": standing(proven.standing),
        "origin": proven.origin,
        "position": proven.position,
        "tree_size": proven.tree_size,
        "recorded": times::show(proven.recorded),
        "signed": times::show(entry.id.signed()),
        "entry": entry.id.to_string(),
        "author": entry.author.to_string(),
        "capacity": capacity,
        "on_behalf_of": entry.on_behalf_of.map(|behalf| behalf.member.to_string()),
        "attestation": entry.on_behalf_of.map(|behalf| attestation(behalf.attestation)),
        "key_id": proven.key_id.to_string(),
        "is_signature_verified": proven.is_signature_verified,
        "act": entry.act.name(),
        "text": phrase.english,
        "text_zh": phrase.chinese,
        "log_keys": log_keys.collect::<Vec<_>>(),
        "witnesses": proven.witnesses.iter().map(witness).collect::<Vec<_>>(),
        "missing_witnesses": proven.missing,
    })
}

fn witness(witness: &WitnessedBy) -> Value {
    json!({
        "name": witness.name,
        "key_name": witness.key_name.as_str(),
        "cosigned": witness.time.map(times::show),
    })
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Witnessed => "witnessed",
        Standing::Logged => "logged",
        Standing::Unwitnessed => "unwitnessed",
    }
}

const fn attestation(attestation: Attestation) -> &'static str {
    match attestation {
        Attestation::Kiosk => "kiosk",
        Attestation::Attested => "attested",
        Attestation::Delegated => "delegated",
    }
}
