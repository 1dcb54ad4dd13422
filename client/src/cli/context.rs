//! What commands share: the home folder, the client, and how results are shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use client::keys::{KeyFileError, NamedKey};
use client::opening::OpeningFolder;
use client::{Address, Client, ClientError, Clock, Connection, KeyFolder, Memory, Recorded};
use ledger::code::MemberCode;
use ledger::entry::OnBehalf;
use ledger::log::VerifierKey;
use ledger::{Act, EntryId, MemberId, UnitId};
use serde::Serialize;
use serde_json::json;

use super::error::CliError;
use super::key::recovery;
use super::{Options, commit, output, times, words};

/// What commands share.
pub(crate) struct Context {
    address: Address,
    home: PathBuf,
    key_name: String,
    /// Whether results are printed as JSON.
    pub(crate) json: bool,
    /// The log's key, if it was given.
    pub(crate) log_key: Option<VerifierKey>,
    memory: Arc<Memory>,
    /// Whether the owner of the key was told of a recovery, or need not be.
    has_warned: AtomicBool,
}

impl Context {
    /// Reads the options that all commands take.
    pub(crate) fn new(options: &Options) -> Result<Self, CliError> {
        let home = match &options.home {
            Some(home) => home.clone(),
            None => std::env::home_dir()
                .ok_or_else(|| CliError::usage("there is no home folder: name one with --home"))?
                .join(".timebank"),
        };
        let mut address = Address::new(&options.server);
        if let Some(ca) = &options.ca {
            address = address.with_ca(read(ca)?);
        }
        if let (Some(certificate), Some(key)) = (&options.client_cert, &options.client_key) {
            address = address.with_client_certificate(read(certificate)?, read(key)?);
        }
        Ok(Self {
            address,
            memory: Arc::new(Memory::in_home(&home)),
            home,
            key_name: options.key.clone(),
            json: options.json,
            log_key: options.log_key.clone(),
            has_warned: AtomicBool::new(false),
        })
    }

    /// Where the server is.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Where keys, receipts and what was seen of ledgers are kept.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The key files.
    pub(crate) fn keys(&self) -> KeyFolder {
        KeyFolder::in_home(&self.home)
    }

    /// The openings that are kept here.
    pub(crate) fn openings(&self) -> OpeningFolder {
        OpeningFolder::in_home(&self.home)
    }

    /// What is remembered of ledgers.
    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The name of the key to act with.
    pub(crate) fn key_name(&self) -> &str {
        &self.key_name
    }

    /// A connection to the server.
    pub(crate) async fn connection(&self) -> Result<Connection, CliError> {
        Ok(Connection::open(&self.address).await?)
    }

    /// A client that reads what is public.
    pub(crate) async fn anonymous(&self) -> Result<Client, CliError> {
        let connection = self.connection().await?;
        Ok(Client::connect(connection, Arc::clone(&self.memory), self.log_key.as_ref()).await?)
    }

    /// A client that acts with the chosen key.
    pub(crate) async fn client(&self) -> Result<Client, CliError> {
        // The key is looked for first: it may be that there is none.
        let key = self.acting_key()?;
        acting_as(&self.anonymous().await?, key)
    }

    /// The same client, which acts with the chosen key.
    pub(crate) fn act_with(&self, client: &Client) -> Result<Client, CliError> {
        acting_as(client, self.acting_key()?)
    }

    fn acting_key(&self) -> Result<NamedKey, CliError> {
        let key = self
            .keys()
            .load(&self.key_name)
            .map_err(|error| match error {
                KeyFileError::Missing { .. } if self.key_name == "default" => ClientError::NoKey,
                other => other.into(),
            })?;
        Ok(key)
    }

    /// A client that acts with the chosen key if it exists.
    pub(crate) async fn reader(&self) -> Result<Client, CliError> {
        match self.keys().load(&self.key_name) {
            Ok(key) => acting_as(&self.anonymous().await?, key),
            Err(KeyFileError::Missing { .. }) => self.anonymous().await,
            Err(error) => Err(ClientError::from(error).into()),
        }
    }

    /// Does an act, keeps its receipt, and says so.
    pub(crate) async fn submit(
        &self,
        client: &Client,
        act: impl Into<Act>,
        behalf: Option<OnBehalf>,
    ) -> Result<(), CliError> {
        self.record(client, act, behalf).await.map(|_| ())
    }

    /// The same, and what came of it.
    pub(crate) async fn record(
        &self,
        client: &Client,
        act: impl Into<Act>,
        behalf: Option<OnBehalf>,
    ) -> Result<Recorded, CliError> {
        let act = act.into();
        let recorded = client.submit(act.clone(), behalf).await?;
        let receipt = self.keep_receipt(&recorded)?;
        let opening = commit::deposit(self, client, recorded.entry_id, &act).await;
        let time = times::show(recorded.recorded);
        let behalf = behalf.map_or_else(String::new, |behalf| {
            format!(" for member {}", words::member(behalf.member))
        });
        let text = format!(
            "Done: {}{behalf}.\nEntry {} is record {} of {}, at {time}.\nReceipt: {}",
            words::act(&act),
            recorded.entry_id,
            recorded.position,
            client.origin(),
            receipt.display(),
        );
        let text = opening
            .iter()
            .fold(text, |text, said| format!("{text}\n{said}"));
        let value = json!({
            "entry": recorded.entry_id.to_string(),
            "act": act.name(),
            "position": recorded.position,
            "recorded": time,
            "receipt": receipt,
            "opening": opening,
        });
        self.print(&value, &text);
        self.warn_owner(client).await;
        Ok(recorded)
    }

    /// Warns whoever acts or reads here that a new key is to replace theirs; once
    /// a command, however much it does.
    pub(crate) async fn warn_owner(&self, client: &Client) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            recovery::warn_owner(client).await;
        }
    }

    /// Prints what only people read.
    pub(crate) fn tell(&self, text: &str) {
        if !self.json {
            output::print_line(text);
        }
    }

    /// Prints a result.
    pub(crate) fn print(&self, value: &impl Serialize, text: &str) {
        if self.json {
            let json = serde_json::to_string_pretty(value);
            output::print_line(&json.expect("results have text keys and no floats"));
        } else {
            output::print_line(text);
        }
    }

    fn keep_receipt(&self, recorded: &Recorded) -> Result<PathBuf, CliError> {
        let folder = self.home.join("receipts");
        let path = folder.join(format!("{}.tlog-proof", recorded.entry_id));
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, recorded.receipt.to_string()));
        written.map_err(|source| CliError::File {
            path: path.clone(),
            source,
        })?;
        Ok(path)
    }
}

fn acting_as(client: &Client, key: NamedKey) -> Result<Client, CliError> {
    match key.origin {
        Some(origin) if origin != client.origin() => Err(CliError::OtherLedger {
            name: key.name,
            origin,
        }),
        _ => Ok(client.acting_as(key.identity)),
    }
}

/// The time of day.
pub(crate) fn now() -> ledger::Millis {
    Clock::system().now()
}

/// A member by id, short code, or "me".
pub(crate) async fn find_member(client: &Client, text: &str) -> Result<MemberId, CliError> {
    if text == "me" {
        return Ok(client.identity()?.member);
    }
    if let Ok(member) = text.parse() {
        return Ok(member);
    }
    match text.parse::<MemberCode>() {
        Ok(_) => Ok(client.member(text).await?.member),
        Err(error) => Err(CliError::usage(format!("{text:?} is no member: {error}"))),
    }
}

/// A unit by id or by its public name.
pub(crate) async fn find_unit(client: &Client, text: &str) -> Result<UnitId, CliError> {
    if let Ok(unit) = text.parse() {
        return Ok(unit);
    }
    let units = client.units().await?;
    let mut named = units.iter().filter(|unit| unit.display_name == text);
    match (named.next(), named.next()) {
        (Some(unit), None) => Ok(unit.unit),
        (None, _) => Err(CliError::usage(format!("there is no unit {text:?}"))),
        (Some(_), Some(_)) => Err(CliError::usage(format!(
            "several units are called {text:?}: use the id"
        ))),
    }
}

/// A unit that was named, or the home unit of a member.
pub(crate) async fn unit_or_home(
    client: &Client,
    unit: Option<&String>,
    member: MemberId,
) -> Result<UnitId, CliError> {
    match unit {
        Some(unit) => find_unit(client, unit).await,
        None => Ok(client.member(&member.to_string()).await?.unit),
    }
}

/// Reads an entry's id.
pub(crate) fn entry(text: &str) -> Result<EntryId, String> {
    text.parse()
        .map_err(|_| "expected the id of an entry: 32 hexadecimal digits".to_owned())
}

/// Reads a file that was named on the command line.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path).map_err(|source| CliError::File {
        path: path.to_owned(),
        source,
    })
}
