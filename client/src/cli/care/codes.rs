//! The sheet of codes for a door, and whether a code was the day's.

use clap::Args;
use client::bank::day_of;
use client::door::DoorKey;
use client::{Client, table};
use serde_json::json;

use crate::cli::context::{Context, find_member, now};
use crate::cli::error::CliError;
use crate::cli::output;

const DAY_MS: i64 = 86_400_000;

/// For staff, who may read the member's profile: the codes are made of it. A
/// volunteer without a signal writes the day's code down and names it with the
/// visit: `timebank care start SERVICE --code 123456`.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care codes 1234-5678-9012 --days 31
  timebank care codes 1234-5678-9012 --check 123456 --on 2026-11-27")]
pub(crate) struct Codes {
    /// Whose door (id or short code).
    member: String,
    /// How many days the sheet has, from today on.
    #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(i64).range(1..=366))]
    days: i64,
    /// Compare this code instead of printing a sheet; ends with 3 if it is another.
    #[arg(long, value_name = "CODE", requires = "on")]
    check: Option<String>,
    /// The day on which it was at the door, such as 2026-11-27.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// By how many hours the clock at the door is ahead of UTC.
    #[arg(long, default_value_t = 8, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-12..=14))]
    clock: i64,
}

/// Reads a date as days since 1970-01-01.
fn day(text: &str) -> Result<i64, String> {
    let date = table::date(text).ok().and_then(table::Date::days);
    date.ok_or_else(|| "expected a date such as 2026-11-27".to_owned())
}

/// Writes a day as a date.
fn date(day: i64) -> String {
    let (year, month, day) = ledger::Millis::new(day * DAY_MS).date();
    format!("{year:04}-{month:02}-{day:02}")
}

impl Codes {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = find_member(client, &self.member).await?;
        let profile = client.member(&member.to_string()).await?.profile;
        let opening = match profile {
            Some(entry) => client.opening(entry).await?.opening,
            None => None,
        };
        let none = || {
            CliError::usage(
                "there is no profile: `timebank member correct MEMBER --profile FILE` makes one",
            )
        };
        let key = DoorKey::of(&opening.ok_or_else(none)?);
        if let (Some(code), Some(on)) = (&self.check, self.on) {
            return check(context, &key, code, on);
        }
        let today = day_of(now(), self.clock);
        let days = today..today + self.days;
        let codes: Vec<(String, String)> = days
            .filter_map(|day| Some((date(day), key.code(day)?)))
            .collect();
        let rows: Vec<Vec<String>> = codes
            .iter()
            .map(|(date, code)| vec![date.clone(), code.clone()])
            .collect();
        let json = codes
            .iter()
            .map(|(date, code)| json!({ "date": date, "code": code }));
        context.print(&json.collect::<Vec<_>>(), &output::table(&rows));
        Ok(())
    }
}

fn check(context: &Context, key: &DoorKey, code: &str, on: i64) -> Result<(), CliError> {
    if key.code(on).as_deref() == Some(code.trim()) {
        let said = format!("It was the code of {}.", date(on));
        context.print(&json!({ "date": date(on), "is_right": true }), &said);
        return Ok(());
    }
    Err(CliError::Unproven {
        reason: "DOOR_CODE_WRONG",
        text: format!("{code} was not the code of {}", date(on)),
    })
}
