//! `timebank scheme adopt` and `accept`: a ledger that goes on from an older
//! state, for its operator and for everybody else.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use client::adoption::{AdoptionError, Declaration, follow};
use client::{Client, Connection, Memory};
use ledger::Abandoned;
use ledger::act::AdoptState;
use ledger::commitment::CommitmentKind;
use ledger::log::VerifierKey;
use serde_json::json;

use super::commit::{self, Committed, commit};
use super::context::{Context, read};
use super::error::CliError;
use super::parse::tree;
use super::{times, words};

/// Records are lost for good, and the ledger goes on without them.
///
/// A server whose database lacks records that were signed takes nothing in. If
/// the newer database can be brought back, do that. If it is lost for good, an
/// operator of the scheme declares it with this command, exactly as the server
/// says it. The declaration is a record that everyone can see for ever: that the
/// records from here on are lost, and who says so. It moves no hours. Whoever
/// holds a receipt of a lost record can still prove it, and signed entries can
/// be sent again.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank scheme adopt --abandoned 41:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
  timebank scheme adopt --abandoned 41:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 --yes")]
pub(crate) struct Adopt {
    /// The tree that is lost: its size and its root, as the server names them.
    #[arg(long, value_name = "SIZE:ROOT", value_parser = tree)]
    abandoned: Abandoned,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
    /// The newer database is lost for good, and you say so with your key.
    #[arg(long)]
    yes: bool,
}

/// Go on with a ledger that has declared a loss.
///
/// If you have seen records that are lost now, `timebank` says that the log has
/// forked, and believes the server nothing more. The operator's declaration explains it: get
/// its receipt, from the operator or the auditor, and look at it with `timebank
/// verify`. This command checks that it is about what you have seen, keeps both
/// checkpoints as evidence, and goes on.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank verify adoption.tlog-proof
  timebank scheme accept adoption.tlog-proof")]
pub(crate) struct Accept {
    /// The receipt of the operator's declaration.
    file: PathBuf,
}

impl Adopt {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let Abandoned { size, root } = self.abandoned;
        if !self.yes {
            return Err(CliError::usage(format!(
                "this declares, in your name and for ever, that the newer records of a tree of \
                 {size} records with the root {root} are lost for good. Bring back the newer \
                 database if there is any. If there is none, type the same with --yes"
            )));
        }
        // What was seen before is the tree that is lost.
        let client = context.client_anew().await?;
        let act = AdoptState {
            abandoned: self.abandoned,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        let recorded = context.record(&client, act, None).await?;
        let receipt = recorded.receipt.to_string();
        let (connection, log_key) = (client.connection(), client.log().key());
        match follow(connection, context.memory(), receipt.as_bytes(), log_key).await {
            // An operator who had seen nothing of it has nothing to follow.
            Ok(_)
            | Err(AdoptionError::NothingRemembered { .. } | AdoptionError::OtherTree { .. }) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Accept {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let receipt = read(&self.file)?;
        let connection = context.connection().await?;
        let log_key = context.known_key(&connection)?;
        let log_key = log_key.ok_or_else(|| CliError::usage("name the log key with --log-key"))?;
        let declared = follow(&connection, context.memory(), &receipt, &log_key).await?;
        context.print(&json_of(&declared), &text_of(&declared));
        Ok(())
    }
}

impl Context {
    /// A client that acts with the chosen key on a log of which nothing is
    /// remembered but its key.
    async fn client_anew(&self) -> Result<Client, CliError> {
        let connection = self.connection().await?;
        let log_key: Option<VerifierKey> = self.known_key(&connection)?;
        let memory = Arc::new(Memory::volatile());
        let client = Client::connect(connection, memory, log_key.as_ref()).await?;
        self.act_with(&client)
    }

    /// The log's key, as it was given or is remembered for a server.
    fn known_key(&self, connection: &Connection) -> Result<Option<VerifierKey>, CliError> {
        if self.log_key.is_some() {
            return Ok(self.log_key.clone());
        }
        let remembered = self.memory().ledger_of_server(connection.url());
        let remembered = remembered.map_err(client::ClientError::from)?;
        Ok(remembered.and_then(|it| it.log_key.parse().ok()))
    }
}

fn text_of(declared: &Declaration) -> String {
    let Abandoned { size, root } = declared.abandoned;
    let author = words::member(declared.author);
    format!(
        "Done: you go on with the log {}.\n\
         It was declared on {}, in record {}, that the newer records of the tree of {size} \
         records with the root {root} are lost: signed by key {} of member {}; whether {} was an \
         operator then, `timebank audit` tells.\n\
         Your receipts of lost records still prove them: keep them, and send what you signed again.",
        declared.origin,
        times::show(declared.recorded),
        declared.position,
        declared.key_id,
        author,
        author,
    )
}

fn json_of(declared: &Declaration) -> serde_json::Value {
    json!({
        "origin": declared.origin,
        "position": declared.position,
        "recorded": times::show(declared.recorded),
        "author": declared.author.to_string(),
        "key_id": declared.key_id.to_string(),
        "abandoned_tree_size": declared.abandoned.size,
        "abandoned_root": declared.abandoned.root.to_string(),
    })
}
