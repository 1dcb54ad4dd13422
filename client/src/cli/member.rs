//! `timebank member`.

mod certificate;
mod profile;
mod standing;
mod tie;

use std::path::PathBuf;

use clap::Subcommand;
use client::read::MemberInfo;
use client::{Client, ClientError, Identity, random};
use ledger::act::EnrolMember;
use ledger::commitment::CommitmentKind;
use ledger::entry::NewKey;
use ledger::{MemberId, YearMonth};

use super::commit::{self, Committed, commit};
use super::context::{Context, find_unit};
use super::error::CliError;
use super::key::recovery;
use super::parse::{KeyRequest, NeedChoice};
use super::{output, times};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank member enrol --unit Station-1 --born 1950-03
  timebank member show 1234-5678-9012
  timebank member list --unit Station-1")]
pub(crate) enum MemberCommand {
    /// Make a person a member of a station.
    #[command(before_help = "Examples:
  timebank member enrol --unit Station-1 --born 1950-03
  timebank member enrol --unit Station-1 --born 1950-03 --need living-alone
  timebank member enrol --unit Station-1 --born 1960-01 --new-key wang
  timebank member enrol --unit Station-1 --born 1960-01 --profile wang.json")]
    Enrol(Box<Enrolment>),
    /// Show a member.
    #[command(before_help = "Examples:
  timebank member show me
  timebank member show 1234-5678-9012")]
    Show {
        /// The member: id, short code or "me".
        #[arg(default_value = "me")]
        member: String,
    },
    /// List the members of a unit.
    #[command(before_help = "Examples:\n  timebank member list --unit Station-1")]
    List {
        /// The unit (id or name).
        #[arg(long)]
        unit: String,
    },
    /// Name a proxy.
    Delegate(tie::Delegate),
    /// End the work of a proxy.
    Undelegate(tie::Undelegate),
    /// Record that two members are kin.
    LinkKin(tie::LinkKin),
    /// Propose that two members are not kin.
    UnlinkKin(tie::UnlinkKin),
    /// Name who is to have your hours.
    Beneficiary(tie::Beneficiary),
    /// Say whom you do not want to meet.
    Block(tie::Block),
    /// Have the hours of your visits go to the pool.
    Dedicate(tie::Dedicate),
    /// Sign the volunteers' agreement.
    Agree(tie::Agree),
    /// Show who a member is.
    Profile(profile::Profile),
    /// Correct who a member is.
    Correct(profile::Correct),
    /// Save all that is kept about a member.
    Export(profile::Export),
    /// Certify what a volunteer has served.
    Certificate(certificate::IssueCertificate),
    /// State the need that was assessed.
    Assess(standing::Assess),
    /// Certify a member for something.
    Certify(standing::Certify),
    /// Make another unit the home.
    Move(standing::Move),
    /// Keep a member from taking visits on.
    Suspend(standing::Suspend),
    /// End a suspension.
    Reinstate(standing::Reinstate),
    /// Keep the hours of a member where they are.
    Freeze(standing::Freeze),
    /// End a freeze.
    Unfreeze(standing::Unfreeze),
    /// Propose that two members are one person.
    Merge(standing::Merge),
    /// Propose that a member has died.
    Died(standing::Died),
    /// Propose where the hours of a dead member go.
    Estate(standing::Estate),
    /// Leave the time bank.
    Leave(standing::Leave),
}

/// A person and their key.
#[derive(Debug, clap::Args)]
pub(crate) struct Enrolment {
    /// The home unit (id or name).
    #[arg(long)]
    unit: String,
    /// The month of birth, such as 1950-03.
    #[arg(long, value_name = "MONTH", value_parser = times::month)]
    born: YearMonth,
    /// The need that was assessed.
    #[arg(long, default_value = "none")]
    need: NeedChoice,
    /// The line that `timebank key new` shows on the person's own phone.
    #[arg(long, value_name = "LINE", conflicts_with = "new_key", value_parser = request)]
    request: Option<KeyRequest>,
    /// Make the person's key here, under this name.
    #[arg(long, value_name = "NAME")]
    new_key: Option<String>,
    /// The identity papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    identity: Option<Committed>,
    /// The file of the person's profile: a JSON object (docs/commitments.md).
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    profile: Option<PathBuf>,
    /// Although somebody has the same document.
    #[arg(long, requires = "profile")]
    again: bool,
}

fn request(text: &str) -> Result<KeyRequest, String> {
    text.parse()
}

impl MemberCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = match self {
            Self::Enrol(enrolment) => return enrolment.run(context).await,
            Self::Show { member } => return show(context, &member).await,
            Self::List { unit } => return list(context, &unit).await,
            _ => context.client().await?,
        };
        match self {
            Self::Enrol(_) | Self::Show { .. } | Self::List { .. } => Ok(()),
            Self::Delegate(command) => command.run(context, &client).await,
            Self::Undelegate(command) => command.run(context, &client).await,
            Self::LinkKin(command) => command.run(context, &client).await,
            Self::UnlinkKin(command) => command.run(context, &client).await,
            Self::Beneficiary(command) => command.run(context, &client).await,
            Self::Block(command) => command.run(context, &client).await,
            Self::Dedicate(command) => command.run(context, &client).await,
            Self::Agree(command) => command.run(context, &client).await,
            Self::Profile(command) => command.run(context, &client).await,
            Self::Correct(command) => command.run(context, &client).await,
            Self::Export(command) => command.run(context, &client).await,
            Self::Certificate(command) => command.run(context, &client).await,
            Self::Assess(command) => command.run(context, &client).await,
            Self::Certify(command) => command.run(context, &client).await,
            Self::Move(command) => command.run(context, &client).await,
            Self::Suspend(command) => command.run(context, &client).await,
            Self::Reinstate(command) => command.run(context, &client).await,
            Self::Freeze(command) => command.run(context, &client).await,
            Self::Unfreeze(command) => command.run(context, &client).await,
            Self::Merge(command) => command.run(context, &client).await,
            Self::Died(command) => command.run(context, &client).await,
            Self::Estate(command) => command.run(context, &client).await,
            Self::Leave(command) => command.run(context, &client).await,
        }
    }
}

impl Enrolment {
    async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let unit = find_unit(&client, &self.unit).await?;
        let mut identity = self.identity.clone();
        if let Some(path) = &self.profile {
            let (profile, text) = profile::from_file(path)?;
            if !self.again {
                profile::require_new(&client, &profile, None).await?;
            }
            identity = Some(text);
        }
        let (member, key) = self.member_and_key(context, &client)?;
        let (birth_month, need) = (self.born, self.need.into());
        let identity = commit(context, CommitmentKind::Identity, identity)?;
        let act = EnrolMember {
            member,
            unit,
            birth_month,
            need,
            key,
            identity,
        };
        context.submit(&client, act, None).await
    }

    fn member_and_key(
        &self,
        context: &Context,
        client: &Client,
    ) -> Result<(MemberId, Option<NewKey>), CliError> {
        if let Some(KeyRequest { member, key }) = &self.request {
            let proven = key.check(client.origin(), member);
            proven.map_err(|_| CliError::usage("the line is for another ledger, or damaged"))?;
            return Ok((*member, Some(key.clone())));
        }
        let member = random::member_id().map_err(ClientError::from)?;
        let Some(name) = &self.new_key else {
            return Ok((member, None));
        };
        let key = random::secret_key().map_err(ClientError::from)?;
        let (identity, origin) = (Identity { member, key }, client.origin());
        // Before the entry: a key that nobody needs is better than none.
        context
            .keys()
            .create(name, &identity, Some(origin))
            .map_err(ClientError::from)?;
        Ok((member, Some(identity.prove(origin))))
    }
}

async fn show(context: &Context, member: &str) -> Result<(), CliError> {
    let client = context.client().await?;
    let own = client.identity()?.member.to_string();
    let member = client
        .member(if member == "me" { &own } else { member })
        .await?;
    let mut rows = vec![
        vec!["Code".to_owned(), member.code.clone()],
        vec!["Member".to_owned(), member.member.to_string()],
        vec!["Unit".to_owned(), member.unit.to_string()],
        vec!["Born".to_owned(), member.birth_month.to_string()],
        vec!["Need".to_owned(), format!("{:?}", member.need)],
    ];
    for role in &member.roles {
        rows.push(vec![
            "Role".to_owned(),
            format!("{:?} of {}", role.role, role.unit),
        ]);
    }
    if member.standing != "active" {
        let until = member.standing_until.map(times::show).unwrap_or_default();
        rows.push(vec![
            "Standing".to_owned(),
            format!("{} {until}", member.standing).trim_end().to_owned(),
        ]);
    }
    if let Some(until) = member.frozen_until {
        rows.push(vec!["Frozen until".to_owned(), times::show(until)]);
    }
    if member.missed > 0 {
        rows.push(vec!["Visits missed".to_owned(), member.missed.to_string()]);
    }
    for key in &member.keys {
        rows.push(vec!["Key".to_owned(), key.to_string()]);
    }
    context.print(&member, &output::table(&rows));
    recovery::warn(&member);
    Ok(())
}

async fn list(context: &Context, unit: &str) -> Result<(), CliError> {
    let client = context.client().await?;
    let unit = find_unit(&client, unit).await?;
    let members = client.members(unit).await?;
    let row = |member: &MemberInfo| {
        let roles: Vec<String> = member
            .roles
            .iter()
            .map(|role| format!("{:?}", role.role))
            .collect();
        vec![
            member.code.clone(),
            member.member.to_string(),
            member.birth_month.to_string(),
            roles.join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = members.iter().map(row).collect();
    let text = if rows.is_empty() {
        "No members.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&members, &text);
    Ok(())
}
