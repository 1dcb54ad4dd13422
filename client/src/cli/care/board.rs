//! The board of a station: who is where, and who should have come back.

use std::collections::BTreeMap;

use clap::Args;
use client::Client;
use client::read::{ServiceInfo, ServiceStage};
use ledger::Millis;
use ledger::code::MemberCode;
use serde_json::json;

use crate::cli::context::{Context, now, unit_or_home};
use crate::cli::error::CliError;
use crate::cli::{output, times, words};

/// For staff: the booked and stated visits to the members of a unit, the earliest
/// first. A visit is late when it is over by the plan and nobody has stated it.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care board
  timebank care board --unit Riverside --json")]
pub(crate) struct Board {
    /// The unit (id or name) [default: your home unit].
    #[arg(long)]
    unit: Option<String>,
}

/// How a visit stands by the clock; none for one that is no visit yet.
fn state_of(service: &ServiceInfo, now: Millis) -> Option<&'static str> {
    let over = service.start.get() + service.minutes * 60_000;
    match service.stage {
        ServiceStage::Logged => Some("to be confirmed"),
        ServiceStage::Disputed => Some("disputed"),
        ServiceStage::Booked if over < now.get() => Some("LATE"),
        ServiceStage::Booked if service.started.is_some() => Some("there"),
        ServiceStage::Booked if service.start < now => Some("not checked in"),
        ServiceStage::Booked => Some("to come"),
        _ => None,
    }
}

impl Board {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let own = client.identity()?.member;
        let unit = unit_or_home(client, self.unit.as_ref(), own).await?;
        let now = now();
        let mut visits = BTreeMap::new();
        for member in client.members(unit).await? {
            for service in client.open_services(member.member).await? {
                if let Some(state) = state_of(&service, now) {
                    visits.insert((service.start, service.service), (service, state));
                }
            }
        }
        let code = |member| MemberCode::of(&member).to_string();
        let rows: Vec<Vec<String>> = visits
            .values()
            .map(|(it, state)| {
                vec![
                    times::show(it.start),
                    words::hours(it.minutes),
                    format!("to {}", code(it.recipient)),
                    it.volunteer
                        .map_or(String::new(), |it| format!("by {}", code(it))),
                    (*state).to_owned(),
                ]
            })
            .collect();
        let json = visits
            .values()
            .map(|(service, state)| json!({ "state": state, "visit": service }));
        let text = if rows.is_empty() {
            "No visits.".to_owned()
        } else {
            output::table(&rows)
        };
        context.print(&json.collect::<Vec<_>>(), &text);
        Ok(())
    }
}
