//! `timebank key`.

pub(crate) mod recovery;

use clap::Subcommand;
use client::{ClientError, Identity, random};
use ledger::act::{AddKey, RevokeKey};
use ledger::{KeyId, MemberId};
use serde_json::{Value, json};

use super::context::Context;
use super::error::CliError;
use super::parse::KeyRequest;
use super::{output, words};

/// Keys stay in files that only you can read; what leaves this machine is the
/// public half.
#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank key new                    make a key, and the line to show at the station
  timebank key show                   its code, id and public half
  timebank key list                   all keys on this machine
  timebank key list me                all your keys that the ledger knows
  timebank key object                 say no to a new key that you did not ask for")]
pub(crate) enum KeyCommand {
    /// Make a key, and the line that proves it is yours.
    ///
    /// Show the line at the station: they enrol you with `timebank member enrol
    /// --request LINE`. For a second device of a member, use --for there, and
    /// on the first device `timebank key add LINE`.
    #[command(before_help = "Examples:
  timebank key new                                   for a new member
  timebank key new phone --for 0f1e2d3c4b5a69788796a5b4c3d2e1f0   for a second device
  timebank key new --ledger street.example/ledger    without a server")]
    New {
        /// The name of the new key [default: that of --key].
        name: Option<String>,
        /// The member whose further key it is: the id that `key show` prints.
        #[arg(long = "for", value_name = "MEMBER")]
        member: Option<String>,
        /// The origin of the ledger, if the server shall not be asked.
        #[arg(long, value_name = "ORIGIN")]
        ledger: Option<String>,
    },
    /// Show a key without its secret.
    #[command(before_help = "Examples:\n  timebank key show\n  timebank key show phone")]
    Show {
        /// The name of the key [default: that of --key].
        name: Option<String>,
    },
    /// List the keys on this machine, or those of a member that are valid.
    #[command(before_help = "Examples:
  timebank key list
  timebank key list me
  timebank key list 1234-5678-9012   for staff")]
    List {
        /// Ask the ledger for the valid keys of this member (id, short code or
        /// "me").
        member: Option<String>,
    },
    /// Register a further key of yours.
    #[command(before_help = "Examples:\n  timebank key add LINE   that the other device shows")]
    Add {
        /// The line that `timebank key new --for` printed on the other device.
        #[arg(value_name = "LINE", value_parser = request)]
        request: KeyRequest,
    },
    /// End a key of yours, such as that of a lost phone, from another phone.
    ///
    /// If the lost phone had your only key, go to your station: they give you a
    /// new one with `timebank key recover`.
    #[command(before_help = "Examples:
  timebank key revoke 0f1e2d3c4b5a69788796a5b4c3d2e1f0")]
    Revoke {
        /// The id of the key.
        #[arg(value_name = "KEY_ID")]
        key_id: KeyId,
    },
    Recover(Box<recovery::Recover>),
    Object(recovery::Object),
    Finish(recovery::Finish),
}

fn request(text: &str) -> Result<KeyRequest, String> {
    text.parse()
}

impl KeyCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::New {
                name,
                member,
                ledger,
            } => new(context, name, member, ledger).await,
            Self::Show { name } => show(context, name),
            Self::List { member: None } => list(context),
            Self::List {
                member: Some(member),
            } => recovery::list_registered(context, &member).await,
            Self::Add { request } => {
                let client = context.client().await?;
                if request.member != client.identity()?.member {
                    return Err(CliError::usage("that is a key of another member"));
                }
                context
                    .submit(&client, AddKey { key: request.key }, None)
                    .await
            }
            Self::Revoke { key_id } => {
                let client = context.client().await?;
                context.submit(&client, RevokeKey { key_id }, None).await
            }
            Self::Recover(command) => command.run(context).await,
            Self::Object(command) => command.run(context).await,
            Self::Finish(command) => command.run(context).await,
        }
    }
}

async fn new(
    context: &Context,
    name: Option<String>,
    member: Option<String>,
    ledger: Option<String>,
) -> Result<(), CliError> {
    let name = name.unwrap_or_else(|| context.key_name().to_owned());
    let member = member.map(|text| member_by_id(&text)).transpose()?;
    let origin = match ledger {
        Some(origin) => origin,
        None => context.anonymous().await?.origin().to_owned(),
    };
    let member = member
        .map_or_else(random::member_id, Ok)
        .map_err(ClientError::from)?;
    let key = random::secret_key().map_err(ClientError::from)?;
    let identity = Identity { member, key };
    context
        .keys()
        .create(&name, &identity, Some(&origin))
        .map_err(ClientError::from)?;
    let request = KeyRequest {
        member,
        key: identity.prove(&origin),
    };
    let text = format!(
        "Made the key {name:?} for {origin}.\n{}\n\nShow this line at the station:\n{request}",
        describe(&identity)
    );
    let mut value = public(&name, &identity);
    value["origin"] = json!(origin);
    value["request"] = json!(request.to_string());
    context.print(&value, &text);
    Ok(())
}

/// A new key is proven for an id; a code would have to be looked up by someone
/// who may, and a device without a registered key may not.
fn member_by_id(text: &str) -> Result<MemberId, CliError> {
    text.parse().map_err(|_| {
        CliError::usage("a new key needs the member's id: `timebank key show` prints it")
    })
}

fn show(context: &Context, name: Option<String>) -> Result<(), CliError> {
    let name = name.unwrap_or_else(|| context.key_name().to_owned());
    let key = context.keys().load(&name).map_err(ClientError::from)?;
    let mut value = public(&name, &key.identity);
    let mut text = describe(&key.identity);
    if let Some(origin) = key.origin {
        let request = KeyRequest {
            member: key.identity.member,
            key: key.identity.prove(&origin),
        };
        text = format!("{text}\nLedger      {origin}\nRequest     {request}");
        value["origin"] = json!(origin);
        value["request"] = json!(request.to_string());
    }
    context.print(&value, &text);
    Ok(())
}

fn list(context: &Context) -> Result<(), CliError> {
    let folder = context.keys();
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for name in folder.list().map_err(ClientError::from)? {
        let key = folder.load(&name).map_err(ClientError::from)?;
        let member = key.identity.member;
        let origin = key.origin.clone().unwrap_or_default();
        values.push(public(&name, &key.identity));
        rows.push(vec![
            name,
            words::member(member),
            key.identity.key.public().id().to_string(),
            origin,
        ]);
    }
    let text = if rows.is_empty() {
        "No keys.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&values, &text);
    Ok(())
}

fn describe(identity: &Identity) -> String {
    let public = identity.key.public();
    output::table(&[
        vec!["Code".to_owned(), words::member(identity.member)],
        vec!["Member".to_owned(), identity.member.to_string()],
        vec!["Key".to_owned(), public.id().to_string()],
        vec!["Public key".to_owned(), hex::encode(public.as_bytes())],
    ])
}

fn public(name: &str, identity: &Identity) -> Value {
    let public = identity.key.public();
    json!({
        "name": name,
        "code": words::member(identity.member),
        "member": identity.member.to_string(),
        "key_id": public.id().to_string(),
        "public_key": hex::encode(public.as_bytes()),
    })
}
