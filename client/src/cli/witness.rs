//! `timebank witness`: a witness for other people's logs. See docs/witness.md.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use client::Clock;
use client::witness::{Folder, LogState, Witness, http};
use ledger::Millis;
use ledger::log::{KeyName, Policy, VerifierKey};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::context::{Context, read};
use super::error::CliError;
use super::{output, times};

/// A witness says of a log, again and again, that it has not rewritten its
/// history. It needs no server and no key of a member; see docs/witness.md.
#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank witness new --name witness.example.org/street
  timebank witness add-log VKEY               the log's key, from its operator
  timebank witness serve --listen 127.0.0.1:7071
  timebank witness list                       how far each log has come")]
pub(crate) enum WitnessCommand {
    /// Make a witness: its keys, in a folder that nobody else may read.
    #[command(before_help = "Examples:
  timebank witness new --name witness.example.org/street
  timebank witness new --name witness.example.org/street --post-quantum")]
    New {
        /// The name that stands in its cosignatures, such as a host name with a path.
        #[arg(long)]
        name: KeyName,
        /// Make an ML-DSA-44 key beside the Ed25519 key, and cosign with both.
        #[arg(long)]
        post_quantum: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Add logs; the witness must not be serving.
    #[command(before_help = "Examples:
  timebank witness add-log VKEY
  timebank witness add-log --policy city.policy")]
    AddLog {
        /// The verifier keys of the logs.
        #[arg(value_name = "VKEY", required_unless_present = "policy")]
        keys: Vec<VerifierKey>,
        /// Add all logs of this C2SP tlog-policy.
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Show the logs, and what was cosigned of each.
    #[command(before_help = "Examples:
  timebank witness list
  timebank witness list --json")]
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Answer logs and monitors, until SIGTERM or SIGINT.
    #[command(before_help = "Examples:
  timebank witness serve
  timebank witness serve --dir w1 --listen 127.0.0.1:7071")]
    Serve {
        /// Where to listen; put a web server with TLS before it.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7071")]
        listen: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Which witness.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The folder of the witness [default: witness in the home of timebank].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Place {
    fn folder(self, context: &Context) -> Folder {
        let dir = self.dir.unwrap_or_else(|| context.home().join("witness"));
        Folder::new(dir)
    }
}

impl WitnessCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::New {
                name,
                post_quantum,
                place,
            } => {
                let folder = place.folder(context);
                let keys = folder.create(&name, post_quantum)?;
                print_keys(context, folder.path(), &keys);
                Ok(())
            }
            Self::AddLog {
                keys,
                policy,
                place,
            } => add_logs(context, &place.folder(context), keys, policy.as_deref()),
            Self::List { place } => {
                let logs = place.folder(context).list()?;
                context.print(&logs, &text_of(&logs));
                Ok(())
            }
            Self::Serve { listen, place } => serve(context, &place.folder(context), &listen).await,
        }
    }
}

fn print_keys(context: &Context, folder: &Path, keys: &[VerifierKey]) {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let text = format!(
        "A witness is in {}. Its keys, for the operators of logs and in policies:\n\n{}\n\n\
         Keep a copy of witness.key, and of nothing else in that folder: a witness that goes on \
         from an old copy of its state can be made to cosign a fork.",
        folder.display(),
        keys.join("\n"),
    );
    context.print(&json!({ "folder": folder, "keys": keys }), &text);
}

fn add_logs(
    context: &Context,
    folder: &Folder,
    mut keys: Vec<VerifierKey>,
    policy: Option<&Path>,
) -> Result<(), CliError> {
    if let Some(path) = policy {
        let policy = Policy::parse(&read(path)?);
        let policy =
            policy.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
        keys.extend(policy.logs().iter().map(|log| log.key.clone()));
    }
    folder.add_logs(&keys)?;
    let logs = folder.list()?;
    context.print(&logs, &text_of(&logs));
    Ok(())
}

async fn serve(context: &Context, folder: &Folder, listen: &str) -> Result<(), CliError> {
    let cannot = |source| CliError::Listen {
        address: listen.to_owned(),
        source,
    };
    // Before it says that it listens: whoever reads that may end it at once.
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::Runtime)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CliError::Runtime)?;
    let witness = Witness::open(folder, Clock::system())?;
    for (origin, why) in witness.closed() {
        output::print_error(&format!("NOTHING IS COSIGNED FOR {origin}: {why}"));
    }
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let url = format!("http://{address}");
    if context.json {
        output::print_line(&json!({ "url": url }).to_string());
    } else {
        output::print_line(&format!("listening on {url}"));
    }
    let asked_to_stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    http::serve(
        Arc::new(witness),
        listener,
        asked_to_stop,
        output::print_error,
    )
    .await;
    Ok(())
}

fn text_of(logs: &[LogState]) -> String {
    let row = |log: &LogState| {
        let ms = |time_s: u64| i64::try_from(time_s.saturating_mul(1000)).unwrap_or(i64::MAX);
        let standing = match (&log.fault, log.size, log.time_s) {
            (Some(fault), ..) => format!("CLOSED: {fault}"),
            (None, Some(size), Some(time_s)) => {
                format!(
                    "{size} records, cosigned {}",
                    times::show(Millis::new(ms(time_s)))
                )
            }
            _ => "nothing cosigned yet".to_owned(),
        };
        vec![log.origin.clone(), standing]
    };
    if logs.is_empty() {
        return "No logs: add one with `timebank witness add-log`.".to_owned();
    }
    let rows: Vec<Vec<String>> = logs.iter().map(row).collect();
    output::table(&rows)
}
