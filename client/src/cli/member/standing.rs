//! What a member is: need, certificates, home, standing.

use clap::Args;
use client::Client;
use ledger::act::{
    AssessNeed, Certify as CertifyAct, CloseMember, Freeze as FreezeAct, MergeMembers, MoveMember,
    RecordDeath, Reinstate as ReinstateAct, SettleEstate, Suspend as SuspendAct,
    Unfreeze as UnfreezeAct,
};
use ledger::commitment::CommitmentKind;
use ledger::service::ItemCode;

use crate::cli::behalf::Behalf;
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, find_member, find_unit, now};
use crate::cli::error::CliError;
use crate::cli::parse::{NeedChoice, item};
use crate::cli::times::{Moment, moment};

/// States the need for care that was assessed.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member assess 1234-5678-9012 living-alone")]
pub(crate) struct Assess {
    /// The member (id or short code).
    member: String,
    /// What was found.
    need: NeedChoice,
    /// The assessment; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    assessment: Option<Committed>,
}

/// A second time, it takes the place of the first.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member certify 1234-5678-9012 training --until +730d")]
pub(crate) struct Certify {
    /// The member (id or short code).
    member: String,
    /// For what, such as training or bathing.
    #[arg(value_parser = item)]
    certificate: ItemCode,
    /// Until when, such as +30d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Moment,
    /// The papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    papers: Option<Committed>,
}

/// Makes another unit the home; hours and keys stay.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member move Station-2
  timebank member move Station-2 --for 1234-5678-9012 --kiosk")]
pub(crate) struct Move {
    /// The new home unit (id or name).
    unit: String,
    #[command(flatten)]
    behalf: Behalf,
}

/// Keeps a member from taking visits on until some day.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member suspend 1234-5678-9012 --until +14d --reason \"missed three visits\"")]
pub(crate) struct Suspend {
    /// The member (id or short code).
    member: String,
    /// Until when, such as +30d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Moment,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Ends a suspension before its time.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member reinstate 1234-5678-9012")]
pub(crate) struct Reinstate {
    /// The member (id or short code).
    member: String,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Visits that are booked go on.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member freeze 1234-5678-9012 --until +14d")]
pub(crate) struct Freeze {
    /// The member (id or short code).
    member: String,
    /// Until when, such as +30d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Moment,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Ends a freeze before its time.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member unfreeze 1234-5678-9012")]
pub(crate) struct Unfreeze {
    /// The member (id or short code).
    member: String,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member merge 1234-5678-9012 1234-5678-9012")]
pub(crate) struct Merge {
    /// The member (id or short code).
    member: String,
    /// The member that goes on (id or short code).
    into: String,
    /// The papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    papers: Option<Committed>,
}

/// Takes effect when a second person approves; then the hours wait for the heirs.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member died 1234-5678-9012")]
pub(crate) struct Died {
    /// The member (id or short code).
    member: String,
    /// The papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    papers: Option<Committed>,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member estate 1234-5678-9012 --heir 1234-5678-9012
  timebank member estate 1234-5678-9012")]
pub(crate) struct Estate {
    /// The member (id or short code).
    member: String,
    /// Who has the hours (id or short code) [default: the pool].
    #[arg(long)]
    heir: Option<String>,
    /// The papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    papers: Option<Committed>,
}

/// Your account must be empty: give or donate your hours before.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member leave
  timebank member leave --for 1234-5678-9012 --kiosk")]
pub(crate) struct Leave {
    #[command(flatten)]
    behalf: Behalf,
}

impl Assess {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = AssessNeed {
            member: find_member(client, &self.member).await?,
            need: self.need.into(),
            assessment: commit(context, CommitmentKind::Identity, self.assessment)?,
        };
        context.submit(client, act, None).await
    }
}

impl Certify {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = CertifyAct {
            member: find_member(client, &self.member).await?,
            certificate: self.certificate,
            until: self.until.at(now()),
            papers: commit(context, CommitmentKind::Identity, self.papers)?,
        };
        context.submit(client, act, None).await
    }
}

impl Move {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = MoveMember {
            unit: find_unit(client, &self.unit).await?,
        };
        context.submit(client, act, behalf).await
    }
}

impl Suspend {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = SuspendAct {
            member: find_member(client, &self.member).await?,
            until: self.until.at(now()),
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Reinstate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = ReinstateAct {
            member: find_member(client, &self.member).await?,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Freeze {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = FreezeAct {
            member: find_member(client, &self.member).await?,
            until: self.until.at(now()),
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Unfreeze {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = UnfreezeAct {
            member: find_member(client, &self.member).await?,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Merge {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = MergeMembers {
            member: find_member(client, &self.member).await?,
            into: find_member(client, &self.into).await?,
            papers: commit(context, CommitmentKind::Identity, self.papers)?,
        };
        context.submit(client, act, None).await
    }
}

impl Died {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = RecordDeath {
            member: find_member(client, &self.member).await?,
            papers: commit(context, CommitmentKind::Identity, self.papers)?,
        };
        context.submit(client, act, None).await
    }
}

impl Estate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let heir = match &self.heir {
            Some(heir) => Some(find_member(client, heir).await?),
            None => None,
        };
        let act = SettleEstate {
            member: find_member(client, &self.member).await?,
            heir,
            papers: commit(context, CommitmentKind::Identity, self.papers)?,
        };
        context.submit(client, act, None).await
    }
}

impl Leave {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = CloseMember {};
        context.submit(client, act, behalf).await
    }
}
