//! `timebank fund`.

pub(super) mod act;
mod reconcile;
mod value;

use clap::Subcommand;
use client::read::{ProposalInfo, ProposedAct};
use ledger::act::{Grant, GrantSource, ReceiveMoney};
use ledger::budget::BudgetLine;
use ledger::commitment::CommitmentKind;
use ledger::{Fen, Minutes};

use super::choice::LineChoice;
use super::commit::{self, Committed, commit};
use super::context::{Context, find_member};
use super::error::CliError;
use super::parse::{minutes, yuan};
use super::scheme::unit_or_scheme;
use super::{output, times, words};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank fund show
  timebank fund receive 1200.50
  timebank fund grant 1234-5678-9012 10h --unit Riverside
  timebank fund proposals")]
pub(crate) enum FundCommand {
    /// Book money that the fund received.
    #[command(before_help = "Examples:
  timebank fund receive 1200.50
  timebank fund receive 1200.50 --unit Riverside --voucher slip.pdf")]
    Receive {
        /// How much.
        #[arg(value_name = "YUAN", value_parser = yuan)]
        amount: Fen,
        /// The unit whose fund administrator you are (id or name) [default: the scheme].
        #[arg(long)]
        unit: Option<String>,
        /// The one line that it is for, if the donor said so.
        #[arg(long = "for")]
        line: Option<LineChoice>,
        /// The file of the voucher, which stays with you; or a commitment (64 hex digits).
        #[arg(long, value_name = "FILE", value_parser = commit::file)]
        voucher: Option<Committed>,
    },
    /// Propose to give a member hours; a second person has to approve.
    #[command(before_help = "Examples:
  timebank fund grant 1234-5678-9012 10h --unit Riverside
  timebank fund grant 1234-5678-9012 10h --unit Riverside --from-pool
  timebank fund grant 1234-5678-9012 10h --reason \"lives alone\"")]
    Grant {
        /// Who receives (id or short code).
        recipient: String,
        /// How much.
        #[arg(value_name = "HOURS", value_parser = minutes)]
        amount: Minutes,
        /// The unit whose budget or pool pays (id or name) [default: the scheme].
        #[arg(long)]
        unit: Option<String>,
        /// From the pool of donated hours; otherwise they are newly issued.
        #[arg(long)]
        from_pool: bool,
        /// The reason; or a commitment to it (64 hex digits).
        #[arg(long, value_name = "TEXT", value_parser = commit::text)]
        reason: Option<Committed>,
    },
    /// Propose a payment.
    Pay(act::Pay),
    /// Propose to buy care that nobody gives.
    Buy(act::Buy),
    /// Propose what a unit may spend.
    Budget(act::Budget),
    /// Value the promise: what it is expected to cost, and what would raise that most.
    Value(value::Value),
    /// Publish a valuation.
    Publish(act::Publish),
    /// Propose that two districts are quits.
    Settle(act::Settle),
    /// Compare a bank's statement with the fund's cash.
    Reconcile(reconcile::Reconcile),
    /// Show the fund's money, and the hours of every unit.
    #[command(before_help = "Examples:\n  timebank fund show")]
    Show,
    /// List the proposals of a unit that wait for a second person.
    #[command(before_help = "Examples:
  timebank fund proposals
  timebank fund proposals --unit Riverside")]
    Proposals {
        /// The unit (id or name) [default: the scheme].
        #[arg(long)]
        unit: Option<String>,
    },
}

impl FundCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        if let Self::Value(value) = self {
            return value.run(context).await;
        }
        let client = context.client().await?;
        match self {
            Self::Value(_) => Ok(()),
            Self::Receive {
                amount,
                unit,
                line,
                voucher,
            } => {
                let act = ReceiveMoney {
                    unit: unit_or_scheme(&client, unit.as_deref()).await?,
                    fen: amount,
                    line: line.map(Into::into),
                    voucher: commit(context, CommitmentKind::Voucher, voucher)?,
                };
                context.submit(&client, act, None).await
            }
            Self::Grant {
                recipient,
                amount,
                unit,
                from_pool,
                reason,
            } => {
                let unit = unit_or_scheme(&client, unit.as_deref()).await?;
                let recipient = find_member(&client, &recipient).await?;
                let source = if from_pool {
                    GrantSource::Pool
                } else {
                    GrantSource::Issue
                };
                let act = Grant {
                    unit,
                    recipient,
                    minutes: amount,
                    source,
                    reason: commit(context, CommitmentKind::Reason, reason)?,
                };
                context.submit(&client, act, None).await
            }
            Self::Pay(command) => command.run(context, &client).await,
            Self::Buy(command) => command.run(context, &client).await,
            Self::Budget(command) => command.run(context, &client).await,
            Self::Publish(command) => command.run(context, &client).await,
            Self::Settle(command) => command.run(context, &client).await,
            Self::Reconcile(command) => command.run(context, &client).await,
            Self::Show => show(context, &client).await,
            Self::Proposals { unit } => {
                let unit = unit_or_scheme(&client, unit.as_deref()).await?;
                let proposals = client.proposals(unit).await?;
                let rows: Vec<Vec<String>> = proposals.iter().map(row).collect();
                let text = if rows.is_empty() {
                    "None.".to_owned()
                } else {
                    output::table(&rows)
                };
                context.print(&proposals, &text);
                Ok(())
            }
        }
    }
}

async fn show(context: &Context, client: &client::Client) -> Result<(), CliError> {
    let fund = client.fund().await?;
    let mut rows = vec![
        vec!["Money at hand".to_owned(), words::money(fund.cash_fen)],
        vec!["Money received".to_owned(), words::money(fund.received_fen)],
        vec![
            "Hours retired".to_owned(),
            words::hours(fund.retired_minutes),
        ],
    ];
    for unit in &fund.units {
        let (pool, issued) = (
            words::hours(unit.pool_minutes),
            words::hours(unit.issued_minutes),
        );
        rows.push(vec![
            unit.unit.to_string(),
            format!("{pool} in the pool, {issued} issued"),
        ]);
    }
    for line in &fund.lines {
        let (restricted, spent) = (
            words::money(line.restricted_fen),
            words::money(line.spent_fen),
        );
        rows.push(vec![
            line.line.name().to_owned(),
            format!("{spent} spent, {restricted} given for it alone"),
        ]);
    }
    for budget in &fund.budgets {
        let show = |amount| match budget.line {
            BudgetLine::Hours => words::hours(amount),
            _ => words::money(amount),
        };
        rows.push(vec![
            budget.unit.to_string(),
            format!(
                "budget of {} for {}",
                show(budget.limit),
                budget.line.name()
            ),
        ]);
    }
    for owed in fund.clearing.iter().filter(|owed| owed.minutes > 0) {
        rows.push(vec![
            owed.unit.to_string(),
            format!(
                "took over {} from {}",
                words::hours(owed.minutes),
                owed.other
            ),
        ]);
    }
    if let Some(valuation) = &fund.valuation {
        let (liability, reserve) = (
            words::money(valuation.liability_fen),
            words::money(valuation.reserve_fen),
        );
        let published = times::show(valuation.published);
        rows.push(vec![
            "Valuation".to_owned(),
            format!("{reserve} stand behind {liability} ({published})"),
        ]);
    }
    context.print(&fund, &output::table(&rows));
    Ok(())
}

fn row(proposal: &ProposalInfo) -> Vec<String> {
    let act = match proposal.act {
        ProposedAct::Grant {
            recipient,
            minutes,
            from_pool,
        } => {
            let source = if from_pool {
                "from the pool"
            } else {
                "newly issued"
            };
            format!(
                "grant {} to {}, {source}",
                words::hours(minutes),
                words::member(recipient)
            )
        }
        ProposedAct::Other { ref english, .. } => english.clone(),
        ProposedAct::Reverse { entry } => format!("reverse {entry}"),
        ProposedAct::RecoverKey { member, key } => {
            format!("new key {key} for {}", words::member(member))
        }
    };
    let due = format!("until {}", times::show(proposal.due));
    vec![
        proposal.proposal.to_string(),
        act,
        format!("by {}", words::member(proposal.proposer)),
        due,
    ]
}
