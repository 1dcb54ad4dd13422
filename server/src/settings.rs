//! Settings: a TOML file, then the environment, then flags, in rising order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ledger::log::KeyName;
use serde::{Deserialize, Serialize};

use crate::witnesses::{Roster, RosterError};

/// Who may read entry bundles over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Bundles {
    /// Anyone.
    Public,
    /// Auditors, regulators and operators, by token.
    Auditors,
}

/// How the server's own log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// All that a server is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The checkpoint origin: the ledger's name for ever, such as
    /// "hours.example.org/street-1". A database belongs to one.
    pub origin: KeyName,
    /// Where the log key and the guard are kept.
    pub data: PathBuf,
    /// `sqlite:` or `postgres:` URL; empty: `ledger.db` in `data`.
    pub database: String,
    /// A file whose one line is the database URL, instead of `database`: for
    /// URLs with a password.
    pub database_file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate chain, PEM. With `tls_key`.
    pub tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Authorities of client certificates, PEM; then every client needs one.
    pub tls_client_ca: Option<PathBuf>,
    /// Who may read entry bundles.
    pub bundles: Bundles,
    /// A C2SP tlog-policy file: the witnesses that are asked to cosign, each with
    /// its URL, and the quorum that publishes a checkpoint.
    pub witnesses: Option<PathBuf>,
    /// How long one witness has to cosign, in seconds.
    pub witness_timeout_seconds: u64,
    /// Whether published checkpoints are signed with ML-DSA-44 too.
    pub post_quantum: bool,
    /// A published checkpoint that the database must extend at start: the file,
    /// or the folder of an export.
    pub published: Option<PathBuf>,
    /// Most connections at once; further ones wait.
    pub connections_max: usize,
    /// Most entries that wait to be recorded; further ones are refused, and streams are
    /// held back.
    pub waiting_entries_max: usize,
    /// How the log lines look.
    pub log_format: LogFormat,
    /// How long a shutdown waits for open calls, in seconds.
    pub grace_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origin: "timebank.localhost/ledger"
                .parse()
                .expect("a constant name"),
            data: PathBuf::from("timebank-data"),
            database: String::new(),
            database_file: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            tls_cert: None,
            tls_key: None,
            tls_client_ca: None,
            bundles: Bundles::Auditors,
            witnesses: None,
            witness_timeout_seconds: 5,
            post_quantum: false,
            published: None,
            connections_max: 4_096,
            waiting_entries_max: 32_768,
            log_format: LogFormat::Text,
            grace_seconds: 10,
        }
    }
}

/// Flags and environment: whatever is given wins over the file.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Overrides {
    /// TOML file with settings; see docs/operating.md
    #[arg(long, global = true, env = "TIMEBANK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Name of the ledger for ever, such as hours.example.org/street-1
    #[arg(long, global = true, env = "TIMEBANK_ORIGIN")]
    pub origin: Option<KeyName>,
    /// Folder of the log key and the guard
    #[arg(long, global = true, env = "TIMEBANK_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// sqlite: or postgres: URL [default: ledger.db in the data folder]
    #[arg(
        long,
        global = true,
        env = "TIMEBANK_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// File whose one line is the database URL
    #[arg(
        long,
        global = true,
        env = "TIMEBANK_DATABASE_FILE",
        value_name = "FILE"
    )]
    pub database_file: Option<PathBuf>,
    /// Address and port
    #[arg(long, global = true, env = "TIMEBANK_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Certificate chain, PEM
    #[arg(long, global = true, env = "TIMEBANK_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key, PEM
    #[arg(long, global = true, env = "TIMEBANK_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Authorities of client certificates, PEM; then every client needs one
    #[arg(
        long,
        global = true,
        env = "TIMEBANK_TLS_CLIENT_CA",
        value_name = "FILE"
    )]
    pub tls_client_ca: Option<PathBuf>,
    /// Who may read entry bundles over HTTP
    #[arg(long, global = true, env = "TIMEBANK_BUNDLES")]
    pub bundles: Option<Bundles>,
    /// C2SP tlog-policy file: witnesses with their URLs, and a quorum
    #[arg(long, global = true, env = "TIMEBANK_WITNESSES", value_name = "FILE")]
    pub witnesses: Option<PathBuf>,
    /// How long one witness has to cosign, in seconds
    #[arg(long, global = true, env = "TIMEBANK_WITNESS_TIMEOUT_SECONDS")]
    pub witness_timeout_seconds: Option<u64>,
    /// Sign published checkpoints with ML-DSA-44 too
    #[arg(
        long,
        global = true,
        env = "TIMEBANK_POST_QUANTUM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub post_quantum: Option<bool>,
    /// Published checkpoint that the database must extend: a file, or the folder of an export
    #[arg(long, global = true, env = "TIMEBANK_PUBLISHED", value_name = "PATH")]
    pub published: Option<PathBuf>,
    /// Most connections at once; further ones wait
    #[arg(long, global = true, env = "TIMEBANK_CONNECTIONS_MAX")]
    pub connections_max: Option<usize>,
    /// Most entries that wait to be recorded; further ones are refused
    #[arg(long, global = true, env = "TIMEBANK_WAITING_ENTRIES_MAX")]
    pub waiting_entries_max: Option<usize>,
    /// How the log lines look
    #[arg(long, global = true, env = "TIMEBANK_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// How long a shutdown waits for open calls, in seconds
    #[arg(long, global = true, env = "TIMEBANK_GRACE_SECONDS")]
    pub grace_seconds: Option<u64>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The settings file is not what it should be.
    #[error("{path}: {error}")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
    /// The file of witnesses does not say who is to be asked.
    #[error("{path}: {error}")]
    Witnesses {
        /// Which file.
        path: PathBuf,
        /// Where, and what to do about it.
        error: RosterError,
    },
    /// Settings that do not go together.
    #[error("{0}")]
    Contradiction(&'static str),
}

impl Overrides {
    /// Reads the settings file, if one is named, and puts everything together.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn settings(self) -> Result<Settings, SettingsError> {
        let mut settings = match &self.config {
            Some(path) => toml::from_str(&read(path)?).map_err(|error| SettingsError::Parse {
                path: path.clone(),
                error: Box::new(error),
            })?,
            None => Settings::default(),
        };
        self.lay_over(&mut settings);
        settings.check()?;
        Ok(settings)
    }

    fn lay_over(self, settings: &mut Settings) {
        let Self {
            config: _,
            origin,
            data,
            database,
            database_file,
            listen,
            tls_cert,
            tls_key,
            tls_client_ca,
            bundles,
            witnesses,
            witness_timeout_seconds,
            post_quantum,
            published,
            connections_max,
            waiting_entries_max,
            log_format,
            grace_seconds,
        } = self;
        replace(&mut settings.origin, origin);
        replace(&mut settings.data, data);
        replace(&mut settings.database, database);
        replace(&mut settings.database_file, database_file.map(Some));
        replace(&mut settings.listen, listen);
        replace(&mut settings.tls_cert, tls_cert.map(Some));
        replace(&mut settings.tls_key, tls_key.map(Some));
        replace(&mut settings.tls_client_ca, tls_client_ca.map(Some));
        replace(&mut settings.bundles, bundles);
        replace(&mut settings.witnesses, witnesses.map(Some));
        replace(
            &mut settings.witness_timeout_seconds,
            witness_timeout_seconds,
        );
        replace(&mut settings.post_quantum, post_quantum);
        replace(&mut settings.published, published.map(Some));
        replace(&mut settings.connections_max, connections_max);
        replace(&mut settings.waiting_entries_max, waiting_entries_max);
        replace(&mut settings.log_format, log_format);
        replace(&mut settings.grace_seconds, grace_seconds);
    }
}

fn replace<T>(setting: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *setting = given;
    }
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        let refuse = |what| Err(SettingsError::Contradiction(what));
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return refuse("tls_cert and tls_key go together: give both or neither");
        }
        if self.tls_client_ca.is_some() && self.tls_cert.is_none() {
            return refuse("tls_client_ca needs tls_cert and tls_key");
        }
        if !self.database.is_empty() && self.database_file.is_some() {
            return refuse("give database or database_file, not both");
        }
        if !(1..=60).contains(&self.witness_timeout_seconds) {
            return refuse(
                "witness_timeout_seconds must be from 1 to 60: a cosignature says what was \
                 newest when it was made",
            );
        }
        if self.connections_max == 0 {
            return refuse("connections_max must be 1 or more");
        }
        if !(1..=1_000_000).contains(&self.waiting_entries_max) {
            return refuse("waiting_entries_max must be from 1 to 1000000");
        }
        Ok(())
    }

    /// The URL of the database.
    ///
    /// # Errors
    /// [`SettingsError::Read`] if it is in a file that cannot be read.
    pub fn database_url(&self) -> Result<String, SettingsError> {
        match &self.database_file {
            Some(path) => Ok(read(path)?.trim().to_owned()),
            None if self.database.is_empty() => {
                Ok(format!("sqlite:{}", self.data.join("ledger.db").display()))
            }
            None => Ok(self.database.clone()),
        }
    }

    /// The witnesses that are asked: nobody, unless a file names some.
    ///
    /// # Errors
    /// [`SettingsError::Read`], [`SettingsError::Witnesses`].
    pub fn roster(&self) -> Result<Roster, SettingsError> {
        let Some(path) = &self.witnesses else {
            return Ok(Roster::empty());
        };
        let bytes = std::fs::read(path).map_err(|error| SettingsError::Read {
            path: path.clone(),
            error,
        })?;
        Roster::parse(&bytes).map_err(|error| SettingsError::Witnesses {
            path: path.clone(),
            error,
        })
    }

    /// The settings as TOML, without a password.
    ///
    /// # Panics
    /// Never: settings are plain values.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        if let Some((head, tail)) = shown.database.split_once('@')
            && let Some((scheme, _)) = head.split_once("://")
        {
            shown.database = format!("{scheme}://***@{tail}");
        }
        toml::to_string_pretty(&shown).expect("settings are plain TOML")
    }
}

fn read(path: &Path) -> Result<String, SettingsError> {
    let path_of = |error| SettingsError::Read {
        path: path.to_owned(),
        error,
    };
    std::fs::read_to_string(path).map_err(path_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> PathBuf {
        let name = format!("timebank-settings-{name}-{}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a file for the test");
        path
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let config = Some(file("order", "origin = \"a.example/x\"\ngrace_seconds = 3"));
        let given = Overrides {
            config,
            grace_seconds: Some(4),
            ..Overrides::default()
        };
        let settings = given.settings().expect("fine settings");
        assert_eq!(settings.origin.as_str(), "a.example/x");
        assert_eq!(settings.grace_seconds, 4);
        assert_eq!(settings.listen, Settings::default().listen);
    }

    #[test]
    fn an_unknown_setting_is_refused_by_name() {
        let config = Some(file("unknown", "lisen = \"127.0.0.1:1\""));
        let given = Overrides {
            config,
            ..Overrides::default()
        };
        let error = given.settings().expect_err("a misspelt setting");
        assert!(error.to_string().contains("lisen"), "{error}");
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        let given = Overrides {
            tls_cert: Some("cert.pem".into()),
            ..Overrides::default()
        };
        assert!(matches!(
            given.settings(),
            Err(SettingsError::Contradiction(_))
        ));
        let given = Overrides {
            tls_client_ca: Some("ca.pem".into()),
            ..Overrides::default()
        };
        assert!(matches!(
            given.settings(),
            Err(SettingsError::Contradiction(_))
        ));
    }

    #[test]
    fn a_policy_that_names_nobody_to_ask_is_refused_with_its_file_and_line() {
        let settings = |policy: &str| Settings {
            witnesses: Some(file("witnesses", policy)),
            ..Settings::default()
        };
        let error = settings("quorum all\n").roster().expect_err("no policy");
        let error = error.to_string();
        assert!(
            error.contains("witnesses") && error.contains(": line 1: no line above"),
            "{error}"
        );
        let fine = settings("# Nobody yet.\nquorum none\n").roster();
        assert!(fine.expect("a policy").witnesses().is_empty());
        let nobody = Settings::default().roster();
        assert!(nobody.expect("no file").witnesses().is_empty());
    }

    #[test]
    fn a_witness_must_answer_soon() {
        for seconds in [0, 61] {
            let given = Overrides {
                witness_timeout_seconds: Some(seconds),
                ..Overrides::default()
            };
            let refused = given.settings();
            assert!(matches!(refused, Err(SettingsError::Contradiction(_))));
        }
    }

    #[test]
    fn what_is_shown_has_no_password_and_can_be_read_back() {
        let database = "postgres://bank:secret@db.example/bank".to_owned();
        let settings = Settings {
            database,
            ..Settings::default()
        };
        let shown = settings.shown();
        assert!(
            !shown.contains("secret") && shown.contains("***@db.example/bank"),
            "{shown}"
        );
        let read: Settings = toml::from_str(&Settings::default().shown()).expect("its own text");
        assert_eq!(read, Settings::default());
    }
}
