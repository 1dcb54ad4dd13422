//! `timebank hours`.

mod register;

use clap::Subcommand;
use client::Client;
use client::read::StatementLine;
use ledger::account::Measure;
use ledger::act::{Donate, Give};
use ledger::{AccountId, Bucket, Minutes};

use super::context::{Context, find_member, unit_or_home};
use super::error::CliError;
use super::parse::minutes;
use super::{fund, output, times, words};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank hours balance
  timebank hours statement --lines 10
  timebank hours give 1234-5678-9012 1h30")]
pub(crate) enum HoursCommand {
    /// Show what you have.
    #[command(before_help = "Examples:
  timebank hours balance
  timebank hours balance 1234-5678-9012
  timebank hours balance fund-cash")]
    Balance {
        /// A member (id or short code), "me", or an account such as pool-UNIT.
        #[arg(default_value = "me")]
        account: String,
    },
    /// Show the newest movements, newest first.
    #[command(before_help = "Examples:
  timebank hours statement
  timebank hours statement 1234-5678-9012 --lines 50 --json")]
    Statement {
        /// A member (id or short code), "me", or an account such as pool-UNIT.
        #[arg(default_value = "me")]
        account: String,
        /// How many at most.
        #[arg(short = 'n', long, default_value_t = 20)]
        lines: usize,
    },
    /// Take back what you gave or donated.
    TakeBack(fund::act::TakeBack),
    /// Move hours that have expired to the pool.
    Expire(fund::act::ExpireHours),
    /// Propose to take over hours from an older register.
    Import(fund::act::Import),
    /// Read an older register, and propose to take its hours over.
    Register(register::RegisterCommand),
    /// Give hours to another member.
    #[command(before_help = "Examples:
  timebank hours give 1234-5678-9012 1h30")]
    Give {
        /// Who receives (id or short code).
        recipient: String,
        /// How much.
        #[arg(value_name = "HOURS", value_parser = minutes)]
        amount: Minutes,
    },
    /// Give hours to the pool of a unit.
    #[command(before_help = "Examples:
  timebank hours donate 2h
  timebank hours donate 2h --unit Riverside")]
    Donate {
        /// How much.
        #[arg(value_name = "HOURS", value_parser = minutes)]
        amount: Minutes,
        /// Whose pool (id or name) [default: your home unit's].
        #[arg(long)]
        unit: Option<String>,
    },
}

impl HoursCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        match self {
            Self::Balance { account } => balance(context, &client, &account).await,
            Self::Statement { account, lines } => {
                statement(context, &client, &account, lines).await
            }
            Self::TakeBack(command) => command.run(context, &client).await,
            Self::Expire(command) => command.run(context, &client).await,
            Self::Import(command) => command.run(context, &client).await,
            Self::Register(command) => command.run(context, &client).await,
            Self::Give { recipient, amount } => {
                let recipient = find_member(&client, &recipient).await?;
                let act = Give {
                    recipient,
                    minutes: amount,
                };
                context.submit(&client, act, None).await
            }
            Self::Donate { amount, unit } => {
                let own = client.identity()?.member;
                let unit = unit_or_home(&client, unit.as_ref(), own).await?;
                let act = Donate {
                    unit,
                    minutes: amount,
                };
                context.submit(&client, act, None).await
            }
        }
    }
}

async fn balance(context: &Context, client: &Client, account: &str) -> Result<(), CliError> {
    let account = find_account(client, account).await?;
    let standing = client.account(account).await?;
    let show = |amount| show_amount(account, amount);
    let mut text = format!("{} available", show(standing.available));
    if standing.held != 0 {
        text = format!("{text}, {} held for booked visits", show(standing.held));
    }
    for lot in &standing.lots {
        let expires = match &lot.expires {
            Some(month) => format!(", until {month}"),
            None => String::new(),
        };
        let (amount, source) = (words::hours(lot.minutes), format!("{:?}", lot.source));
        text = format!(
            "{text}\n  {amount} {} in {}{expires}",
            source.to_lowercase(),
            lot.year
        );
    }
    context.print(&standing, &text);
    if account == AccountId::Member(client.identity()?.member) {
        context.warn_owner(client).await;
    }
    Ok(())
}

async fn statement(
    context: &Context,
    client: &Client,
    account: &str,
    lines_max: usize,
) -> Result<(), CliError> {
    let account = find_account(client, account).await?;
    let lines = client.statement(account, lines_max).await?;
    let row = |line: &StatementLine| {
        let held = if line.bucket == Bucket::Held {
            "held"
        } else {
            ""
        };
        let sign = if line.amount > 0 { "+" } else { "" };
        vec![
            times::show(line.recorded),
            format!("{sign}{}", show_amount(account, line.amount)),
            show_amount(account, line.balance),
            held.to_owned(),
            line.act.clone(),
            line.entry.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    let text = if rows.is_empty() {
        "No movements.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&lines, &text);
    Ok(())
}

async fn find_account(client: &Client, text: &str) -> Result<AccountId, CliError> {
    match text.parse() {
        Ok(account) => Ok(account),
        Err(_) => find_member(client, text).await.map(AccountId::Member),
    }
}

fn show_amount(account: AccountId, amount: i64) -> String {
    match account.measure() {
        Measure::Minutes => words::hours(amount),
        Measure::Fen => words::money(amount),
    }
}
