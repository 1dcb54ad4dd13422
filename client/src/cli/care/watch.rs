//! `timebank care watch`: what happens to somebody's visits.

use std::time::Duration;

use clap::Args;
use client::news::{News, Seen};
use client::{Client, clock};
use serde_json::json;

use crate::cli::context::{Context, find_member, now};
use crate::cli::error::CliError;
use crate::cli::times;

/// Prints what there is, then every change: somebody will come, is there, should have
/// been there, has stated the visit; it was confirmed, disputed, withdrawn, bought.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care watch
  timebank care watch --of 1234-5678-9012         as family, or station
  timebank care watch --of 1234-5678-9012 --rounds 1 --json")]
pub(crate) struct Watch {
    /// Another member (id or short code) whom you may see.
    #[arg(long, value_name = "MEMBER", default_value = "me")]
    of: String,
    /// Wait so long between two looks.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    every: u64,
    /// End after so many looks.
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<u64>,
}

impl Watch {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = find_member(client, &self.of).await?;
        let (mut seen, mut round) = (Seen::default(), 0);
        loop {
            let mut visits = client.open_services(member).await?;
            for gone in seen.gone(&visits) {
                visits.push(client.service(gone).await?);
            }
            for news in seen.look(visits, now()) {
                print(context, &news);
            }
            round += 1;
            if self.rounds.is_some_and(|rounds| round >= rounds) {
                return Ok(());
            }
            clock::pause(Duration::from_secs(self.every)).await;
        }
    }
}

fn print(context: &Context, News { visit, what }: &News) {
    let at = times::show(visit.start);
    let text = format!("{} at {at} {what}. ({})", visit.item, visit.service);
    context.print(&json!({ "visit": visit, "what": what.english }), &text);
}
