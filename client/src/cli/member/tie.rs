//! Proxies, kin, heirs, and whom not to meet.

use clap::Args;
use client::Client;
use ledger::act::{
    Agree as AgreeAct, Block as BlockAct, Dedicate as DedicateAct, Delegate as DelegateAct,
    EndDelegation, LinkKin as LinkKinAct, NameBeneficiary, UnlinkKin as UnlinkKinAct,
};
use ledger::commitment::CommitmentKind;
use ledger::tie::Scope;

use crate::cli::behalf::{Behalf, subject};
use crate::cli::choice::RelationChoice;
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, find_member, now};
use crate::cli::error::CliError;
use crate::cli::times::{Moment, moment};

/// Names a proxy for some things until some day.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member delegate 1234-5678-9012 --care --confirm --until +365d
  timebank member delegate 1234-5678-9012 --hours --until +30d --for 1234-5678-9012 --kiosk")]
pub(crate) struct Delegate {
    /// Who is to act (id or short code).
    proxy: String,
    /// Ask for visits and withdraw them.
    #[arg(long)]
    care: bool,
    /// Confirm, dispute and rate visits.
    #[arg(long)]
    confirm: bool,
    /// Give and donate hours.
    #[arg(long)]
    hours: bool,
    /// Until when, such as +30d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Moment,
    #[command(flatten)]
    behalf: Behalf,
}

/// Ends a delegation before its time.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member undelegate 1234-5678-9012
  timebank member undelegate me --of 1234-5678-9012")]
pub(crate) struct Undelegate {
    /// The proxy (id, short code or "me").
    proxy: String,
    /// Who is represented (id or short code) [default: who acts, or is acted for].
    #[arg(long)]
    of: Option<String>,
    #[command(flatten)]
    behalf: Behalf,
}

/// Records what one member is to another.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member link-kin 1234-5678-9012 1234-5678-9012 child")]
pub(crate) struct LinkKin {
    /// The member (id or short code).
    member: String,
    /// The other (id or short code).
    kin: String,
    /// What the other is to the member.
    relation: RelationChoice,
    /// The papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    papers: Option<Committed>,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member unlink-kin 1234-5678-9012 1234-5678-9012")]
pub(crate) struct UnlinkKin {
    /// The member (id or short code).
    member: String,
    /// The other (id or short code).
    kin: String,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Names who is to have the hours after the member's death.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member beneficiary 1234-5678-9012
  timebank member beneficiary nobody")]
pub(crate) struct Beneficiary {
    /// Who (id or short code), or "nobody".
    who: String,
    #[command(flatten)]
    behalf: Behalf,
}

/// No reason is asked for, and the other is not told.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member block 1234-5678-9012
  timebank member block 1234-5678-9012 --undo")]
pub(crate) struct Block {
    /// Whom (id or short code).
    other: String,
    /// The two may meet again.
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    behalf: Behalf,
}

/// Signs one wording of the agreement.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member agree agreement.pdf")]
pub(crate) struct Agree {
    /// The file of the agreement; or a commitment to it (64 hex digits).
    #[arg(value_name = "FILE", value_parser = commit::file)]
    agreement: Committed,
    #[command(flatten)]
    behalf: Behalf,
}

impl Delegate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let scopes = [
            (self.care, Scope::Care),
            (self.confirm, Scope::Confirm),
            (self.hours, Scope::Hours),
        ];
        let scopes = scopes.into_iter().filter(|(given, _)| *given);
        let scopes: Vec<Scope> = scopes.map(|(_, scope)| scope).collect();
        if scopes.is_empty() {
            return Err(CliError::usage(
                "say for what: --care, --confirm or --hours",
            ));
        }
        let act = DelegateAct {
            proxy: find_member(client, &self.proxy).await?,
            scopes,
            until: self.until.at(now()),
        };
        context.submit(client, act, behalf).await
    }
}

impl Undelegate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let member = match &self.of {
            Some(member) => find_member(client, member).await?,
            None => subject(client, behalf)?,
        };
        let act = EndDelegation {
            member,
            proxy: find_member(client, &self.proxy).await?,
        };
        context.submit(client, act, behalf).await
    }
}

impl LinkKin {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = LinkKinAct {
            member: find_member(client, &self.member).await?,
            kin: find_member(client, &self.kin).await?,
            relation: self.relation.into(),
            papers: commit(context, CommitmentKind::Identity, self.papers)?,
        };
        context.submit(client, act, None).await
    }
}

impl UnlinkKin {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = UnlinkKinAct {
            member: find_member(client, &self.member).await?,
            kin: find_member(client, &self.kin).await?,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Beneficiary {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let beneficiary = match self.who.as_str() {
            "nobody" => None,
            who => Some(find_member(client, who).await?),
        };
        let act = NameBeneficiary { beneficiary };
        context.submit(client, act, behalf).await
    }
}

impl Block {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = BlockAct {
            other: find_member(client, &self.other).await?,
            blocked: !self.undo,
        };
        context.submit(client, act, behalf).await
    }
}

/// So serves who wants to earn nothing, and a group or company, which has nobody
/// to redeem for. The visits count for honours and certificates all the same.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member dedicate
  timebank member dedicate --end
  timebank member dedicate --for 1234-5678-9012 --kiosk")]
pub(crate) struct Dedicate {
    /// From now on, earn again.
    #[arg(long)]
    end: bool,
    #[command(flatten)]
    behalf: Behalf,
}

impl Dedicate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let act = DedicateAct {
            dedicated: !self.end,
        };
        context.submit(client, act, behalf).await
    }
}

impl Agree {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = AgreeAct {
            agreement: self.agreement.commit(context, CommitmentKind::Voucher)?,
        };
        context.submit(client, act, behalf).await
    }
}
