//! Who a member is: profiles, and all that is kept about somebody.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use client::Client;
use client::read::MemberInfo;
use ledger::AccountId;
use ledger::act::UpdateProfile;
use ledger::code::MemberCode;
use ledger::commitment::{CommitmentKind, Opening};
use serde_json::{Value, json};

use crate::cli::commit::Committed;
use crate::cli::context::{Context, find_member, read};
use crate::cli::error::CliError;
use crate::cli::output;

/// The server writes down that you have read it.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member profile
  timebank member profile 1234-5678-9012 --json")]
pub(crate) struct Profile {
    /// The member (id, short code or "me").
    #[arg(default_value = "me")]
    member: String,
}

/// By staff who have seen the papers. The profile before it stays where it is
/// until the member or an operator erases it.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member correct 1234-5678-9012 --profile li.json")]
pub(crate) struct Correct {
    /// The member (id or short code).
    member: String,
    /// The file of the profile: a JSON object (docs/commitments.md).
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// Although somebody else has the same document.
    #[arg(long)]
    again: bool,
}

/// Everything that the ledger and the directory have about one person: facts,
/// profile and who has read it, hours with their lots, statement, open visits.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member export -o mine.json
  timebank member export 1234-5678-9012 -o li.json")]
pub(crate) struct Export {
    /// The member (id, short code or "me").
    #[arg(default_value = "me")]
    member: String,
    /// The file to write; it must not exist.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Reads a profile from a file, as the text that is committed to.
pub(super) fn from_file(path: &Path) -> Result<(Value, Committed), CliError> {
    let wrong = |why: String| CliError::usage(format!("{}: {why}", path.display()));
    let profile: Value =
        serde_json::from_slice(&read(path)?).map_err(|error| wrong(error.to_string()))?;
    if !profile.is_object() {
        return Err(wrong("a profile is a JSON object".to_owned()));
    }
    let text = profile.to_string();
    if text.len() > Opening::VALUE_BYTES_MAX {
        return Err(wrong(format!(
            "a profile has at most {} bytes, and this one has {}",
            Opening::VALUE_BYTES_MAX,
            text.len()
        )));
    }
    Ok((profile, Committed::Text(text)))
}

/// Refuses a document that somebody has already, but for those who are meant.
pub(super) async fn require_new(
    client: &Client,
    profile: &Value,
    meant: Option<ledger::MemberId>,
) -> Result<(), CliError> {
    let part = |name: &str| profile.get("document")?.get(name)?.as_str();
    let (Some(kind), Some(number)) = (part("kind"), part("number")) else {
        return Ok(());
    };
    let found = client.find_people(kind, number).await?;
    let mut others = found.iter().filter(|member| Some(**member) != meant);
    match others.next() {
        None => Ok(()),
        Some(other) => Err(CliError::usage(format!(
            "member {} has this document already: if it is the same person, serve them as that \
             member; if not, say so with --again",
            MemberCode::of(other)
        ))),
    }
}

/// The profile of a member, if there is one and it is not erased.
async fn profile_of(client: &Client, member: &MemberInfo) -> Result<Option<Value>, CliError> {
    let Some(entry) = member.profile else {
        return Ok(None);
    };
    let opening = match client.opening(entry).await {
        Ok(info) => info.opening,
        Err(error) if error.reason() == "NOT_FOUND" => None,
        Err(error) => return Err(error.into()),
    };
    let text = |opening: Opening| String::from_utf8_lossy(opening.value()).into_owned();
    Ok(opening.map(text).map(|text| {
        // What was committed to before there were profiles is a text.
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }))
}

async fn member_named(client: &Client, named: &str) -> Result<MemberInfo, CliError> {
    let member = find_member(client, named).await?;
    Ok(client.member(&member.to_string()).await?)
}

impl Profile {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = member_named(client, &self.member).await?;
        let profile = profile_of(client, &member).await?;
        let rows: Vec<Vec<String>> = match &profile {
            None => vec![vec!["There is none, or it was erased.".to_owned()]],
            Some(Value::Object(parts)) => {
                let parts = parts.iter();
                parts
                    .map(|(name, it)| vec![name.clone(), shown(it)])
                    .collect()
            }
            Some(text) => vec![vec![shown(text)]],
        };
        context.print(&profile, &output::table(&rows));
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => {
            let parts = parts.values().map(shown);
            parts.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

impl Correct {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let before = member_named(client, &self.member).await?;
        let (profile, text) = from_file(&self.profile)?;
        if !self.again {
            require_new(client, &profile, Some(before.member)).await?;
        }
        let act = UpdateProfile {
            member: before.member,
            profile: text.commit(context, CommitmentKind::Identity)?,
        };
        context.submit(client, act, None).await?;
        if let Some(entry) = before.profile {
            context.tell(&format!(
                "The profile before it is still there; the member or an operator ends it with:\n  \
                 timebank opening erase {entry}"
            ));
        }
        Ok(())
    }
}

impl Export {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = member_named(client, &self.member).await?;
        let account = AccountId::Member(member.member);
        let reads = match member.profile {
            Some(entry) => client.opening_reads(entry).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let export = json!({
            "ledger": client.origin(),
            "profile": profile_of(client, &member).await?,
            "profile_reads": reads,
            "hours": client.account(account).await?,
            "statement": client.statement(account, usize::MAX).await?,
            "open_visits": client.open_services(member.member).await?,
            "member": member,
        });
        let failed = |source| CliError::File {
            path: self.output.clone(),
            source,
        };
        let mut text = serde_json::to_string_pretty(&export).unwrap_or_default();
        text.push('\n');
        let mut file = fs::File::create_new(&self.output).map_err(failed)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
        let written = self.output.display().to_string();
        let said = format!(
            "Everything that is kept about {} is in {written}.",
            self.member
        );
        context.print(&json!({ "file": written }), &said);
        Ok(())
    }
}
