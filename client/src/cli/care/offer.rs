//! What members offer, and who might take a visit on.

use clap::Args;
use client::Client;
use client::read::Suggestion;
use ledger::EntryId;
use ledger::code::MemberCode;
use ledger::matching::{Offer as Offered, Slot};
use ledger::service::ItemCode;

use crate::cli::context::{Context, entry, find_member};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::parse::item;

/// It is kept sealed, stands in no entry, and is gone with --remove. As a
/// recipient, say what you speak.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care offer --time mon:09:00-12:00 --time sat:14:00-18:00 --language zh --item walk
  timebank care offer --of 1234-5678-9012 --language yue
  timebank care offer --remove")]
pub(crate) struct Offer {
    /// A time of the week when you can come.
    #[arg(long = "time", value_name = "DAY:FROM-TO", value_parser = slot)]
    times: Vec<Slot>,
    /// What you speak: zh, yue, wuu, en, …
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// What you do: a code of the catalogue.
    #[arg(long = "item", value_name = "CODE", value_parser = item)]
    items: Vec<ItemCode>,
    /// By how many hours your clock is ahead of UTC.
    #[arg(long, default_value_t = 8, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i32).range(-14..=14))]
    clock: i32,
    /// Somebody else (id or short code), as staff.
    #[arg(long, value_name = "MEMBER", default_value = "me")]
    of: String,
    /// Show what is offered.
    #[arg(long, conflicts_with_all = ["times", "languages", "items", "remove"])]
    show: bool,
    /// Remove what is offered.
    #[arg(long, conflicts_with_all = ["times", "languages", "items"])]
    remove: bool,
}

/// As staff: members who have said what they offer, whom the rules allow the
/// visit, the best first, with the reasons.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care suggest 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Suggest {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads `mon:09:00-12:00`.
fn slot(text: &str) -> Result<Slot, String> {
    let read = || {
        let (day, times) = text.split_once(':')?;
        let day = DAYS.iter().position(|it| *it == day.to_lowercase())?;
        let (from, to) = times.split_once('-')?;
        let minute = |time: &str| {
            let (hour, minute) = time.split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (minute < 60).then(|| hour.checked_mul(60)?.checked_add(minute))?
        };
        Some(Slot {
            weekday: u8::try_from(day + 1).ok()?,
            from_minute: minute(from)?,
            to_minute: minute(to)?,
        })
    };
    let slot = read().filter(|slot| slot.is_valid());
    slot.ok_or_else(|| "expected a day and a time such as mon:09:00-12:00".to_owned())
}

impl Offer {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = find_member(client, &self.of).await?;
        if self.remove {
            client.delete_offer(member).await?;
            context.print(&serde_json::json!({}), "Nothing is offered any more.");
            return Ok(());
        }
        let offer = if self.show {
            client.offer(member).await?
        } else {
            let offer = Offered {
                items: self.items,
                languages: self.languages,
                slots: self.times,
                utc_offset_minutes: self.clock * 60,
            };
            client.put_offer(member, &offer).await?;
            offer
        };
        context.print(&offer, &text_of(&offer));
        Ok(())
    }
}

fn text_of(offer: &Offered) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let times = offer.slots.iter().map(|slot| {
        let day = DAYS[usize::from(slot.weekday.clamp(1, 7)) - 1];
        format!("{day} {}-{}", time(slot.from_minute), time(slot.to_minute))
    });
    let or = |list: Vec<String>, empty: &str| {
        if list.is_empty() {
            empty.to_owned()
        } else {
            list.join(", ")
        }
    };
    let items = offer.items.iter().map(|it| it.as_str().to_owned());
    output::table(&[
        vec!["When".to_owned(), or(times.collect(), "any time")],
        vec!["What".to_owned(), or(items.collect(), "anything")],
        vec!["Speaks".to_owned(), or(offer.languages.clone(), "-")],
    ])
}

impl Suggest {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let suggestions = client.suggestions(self.service).await?;
        let row = |it: &Suggestion| {
            let code = MemberCode::of(&it.volunteer).to_string();
            let mut reasons = it.reasons.join(", ");
            if !it.languages.is_empty() {
                reasons = format!("{reasons} ({})", it.languages.join(", "));
            }
            vec![code, reasons]
        };
        let rows: Vec<Vec<String>> = suggestions.iter().map(row).collect();
        let text = if rows.is_empty() {
            "Nobody who has said what they offer.".to_owned()
        } else {
            output::table(&rows)
        };
        context.print(&suggestions, &text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_week_is_read() {
        let expected = Slot {
            weekday: 6,
            from_minute: 14 * 60 + 30,
            to_minute: 18 * 60,
        };
        assert_eq!(slot("sat:14:30-18:00"), Ok(expected));
        assert_eq!(slot("SUN:00:00-24:00").map(|it| it.to_minute), Ok(1_440));
        for text in [
            "",
            "sat",
            "sat:14:00",
            "day:1:00-2:00",
            "sat:14:60-15:00",
            "sat:15:00-14:00",
            "sat:1:00-25:00",
        ] {
            assert!(slot(text).is_err(), "{text}");
        }
    }
}
