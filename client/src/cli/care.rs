//! `timebank care`.

mod act;
mod board;
mod codes;
mod dispute;
mod event;
mod offer;
mod watch;

use clap::Subcommand;
use client::Client;
use client::read::ServiceInfo;
use ledger::EntryId;
use ledger::act::Expire;

use super::context::{Context, entry, find_member, find_unit, now, unit_or_home};
use super::error::CliError;
use super::{opening, output, times, words};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank care request --start 2026-11-23T14:30+08:00 --length 1h30 --item meal
  timebank care open                                what waits for a volunteer
  timebank care accept 0195a3c1f0007abc8123456789abcdef
  timebank care log 0195a3c1f0007abc8123456789abcdef --start -2h --length 1h30
  timebank care confirm 0195a3c1f0007abc8123456789abcdef")]
pub(crate) enum CareCommand {
    /// Ask for a visit; its hours are held until it is over.
    Request(Box<act::Request>),
    /// Take on an open request.
    Accept(act::Accept),
    /// Withdraw a request; or, as its volunteer, hand the visit back.
    Cancel(act::Cancel),
    /// State how long a visit really took.
    Log(act::Log),
    /// Confirm the stated minutes, and so pay the volunteer.
    Confirm(act::Confirm),
    /// Say when you can come, what you do and what you speak.
    Offer(offer::Offer),
    /// List who might take on a request.
    Suggest(offer::Suggest),
    /// Check in: the visit begins.
    Start(dispute::Start),
    /// Say that a visit was not as stated.
    Dispute(dispute::Dispute),
    /// Rule on a dispute, as arbiter.
    Rule(dispute::Rule),
    /// Say that the other side was not there.
    Missed(dispute::Missed),
    /// Say how a visit was.
    Rate(dispute::Rate),
    /// List the requests of a unit that wait for a volunteer.
    #[command(
        before_help = "Examples:\n  timebank care open\n  timebank care open --unit Station-1"
    )]
    Open {
        /// The unit (id or name) [default: your home unit].
        #[arg(long)]
        unit: Option<String>,
    },
    /// Print the codes for a door, or compare one.
    Codes(codes::Codes),
    /// Record a group event; a second person has to approve.
    Event(event::Event),
    /// Show who is where: the visits of a unit that are not over.
    Board(board::Board),
    /// List your services that are not closed.
    #[command(before_help = "Examples:
  timebank care mine
  timebank care mine --of 1234-5678-9012")]
    Mine {
        /// Another member (id or short code) whom you may see.
        #[arg(long, value_name = "MEMBER", default_value = "me")]
        of: String,
    },
    /// Show a service.
    #[command(before_help = "Examples:
  timebank care show 0195a3c1f0007abc8123456789abcdef")]
    Show {
        /// The service: the id of the entry that asked for it.
        #[arg(value_parser = entry)]
        service: EntryId,
    },
    /// Show the note of a service, if you are its volunteer or its recipient.
    #[command(before_help = "Examples:
  timebank care note 0195a3c1f0007abc8123456789abcdef")]
    Note {
        /// The service: the id of the entry that asked for it.
        #[arg(value_parser = entry)]
        service: EntryId,
    },
    /// Print what happens to your visits, or those of whom you represent.
    Watch(watch::Watch),
    /// Close everything whose time has run out.
    #[command(before_help = "Examples:\n  timebank care expire-due")]
    ExpireDue,
}

impl CareCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        match self {
            Self::Request(request) => request.run(context, &client).await,
            Self::Accept(accept) => accept.run(context, &client).await,
            Self::Cancel(cancel) => cancel.run(context, &client).await,
            Self::Log(log) => log.run(context, &client).await,
            Self::Confirm(confirm) => confirm.run(context, &client).await,
            Self::Codes(command) => command.run(context, &client).await,
            Self::Board(command) => command.run(context, &client).await,
            Self::Event(command) => command.run(context, &client).await,
            Self::Offer(command) => command.run(context, &client).await,
            Self::Suggest(command) => command.run(context, &client).await,
            Self::Start(command) => command.run(context, &client).await,
            Self::Dispute(command) => command.run(context, &client).await,
            Self::Rule(command) => command.run(context, &client).await,
            Self::Missed(command) => command.run(context, &client).await,
            Self::Rate(command) => command.run(context, &client).await,
            Self::Open { unit } => {
                let own = client.identity()?.member;
                let unit = match unit {
                    Some(unit) => find_unit(&client, &unit).await?,
                    None => unit_or_home(&client, None, own).await?,
                };
                print_waiting(context, &client, &client.open_requests(unit).await?).await
            }
            Self::Mine { of } => {
                let member = find_member(&client, &of).await?;
                print_services(context, &client.open_services(member).await?);
                Ok(())
            }
            Self::Show { service } => {
                show(context, &client.service(service).await?);
                Ok(())
            }
            Self::Note { service } => opening::show(context, &client, service, None).await,
            Self::Watch(command) => command.run(context, &client).await,
            Self::ExpireDue => expire_due(context, &client).await,
        }
    }
}

/// Closes what is due; who was faster elsewhere is no error.
async fn expire_due(context: &Context, client: &Client) -> Result<(), CliError> {
    let due = client.due().await?;
    let mut closed = Vec::new();
    for target in due {
        let expire = Expire {
            target: target.target,
        };
        match client.submit(expire, None).await {
            Ok(_) => closed.push(target),
            Err(error) if ["SERVICE_STAGE", "PROPOSAL_CLOSED"].contains(&error.reason()) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let line = |it: &client::read::DueTarget| {
        format!("{} was due at {}\n", it.target, times::show(it.due))
    };
    let text: String = closed.iter().map(line).collect();
    context.print(&closed, &format!("{text}{} closed.", closed.len()));
    Ok(())
}

/// Open requests, those that have waited longest first, and since when the fund may buy
/// them.
async fn print_waiting(
    context: &Context,
    client: &Client,
    requests: &[ServiceInfo],
) -> Result<(), CliError> {
    let rules = client.ledger().await?.rules.unwrap_or_default();
    let row = |request: &ServiceInfo| {
        let waits = (now().get() - request.asked.get()).max(0) / 3_600_000;
        let may_buy = waits >= rules.unmatched_hours.into();
        vec![
            request.service.to_string(),
            times::show(request.start),
            words::hours(request.minutes),
            request.item.clone(),
            words::member(request.recipient),
            format!("waits {waits} h"),
            if may_buy { "the fund may buy it" } else { "" }.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = requests.iter().map(row).collect();
    let text = if rows.is_empty() {
        "None.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&requests, &text);
    Ok(())
}

fn print_services(context: &Context, services: &[ServiceInfo]) {
    let row = |service: &ServiceInfo| {
        vec![
            service.service.to_string(),
            format!("{:?}", service.stage),
            times::show(service.start),
            words::hours(service.minutes),
            service.item.clone(),
            words::member(service.recipient),
            service.volunteer.map(words::member).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = services.iter().map(row).collect();
    let text = if rows.is_empty() {
        "None.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&services, &text);
}

fn show(context: &Context, service: &ServiceInfo) {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let asked = format!("{} of \"{}\"", words::hours(service.minutes), service.item);
    let mut rows = vec![
        row("Service", service.service.to_string()),
        row("Stage", format!("{:?}", service.stage)),
        row("Unit", service.unit.to_string()),
        row("Recipient", words::member(service.recipient)),
        row("Asked for", asked),
        row("From", times::show(service.start)),
        row("Held", words::hours(service.held_minutes)),
    ];
    if let Some(volunteer) = service.volunteer {
        rows.push(row("Volunteer", words::member(volunteer)));
    }
    if let (Some(start), Some(minutes)) = (service.logged_start, service.logged_minutes) {
        let stated = format!("{} from {}", words::hours(minutes), times::show(start));
        rows.push(row("Stated", stated));
    }
    if let Some(due) = service.due {
        rows.push(row("Runs out", times::show(due)));
    }
    context.print(service, &output::table(&rows));
}
