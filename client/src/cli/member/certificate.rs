//! `timebank member certificate`: what a volunteer has served, for anybody to
//! check.

use std::path::PathBuf;

use clap::Args;
use client::Client;
use client::certificate::{
    Body, CODE, Certificate, Collected, Collector, Person, Question, Visit, committed,
};
use client::opening::KeptOpening;
use client::{ClientError, random};
use ledger::act::Certify;
use ledger::commitment::{CommitmentKind, Opening};
use ledger::service::ItemCode;
use ledger::{EntryId, YearMonth};
use serde_json::json;

use crate::cli::audit::read_proven;
use crate::cli::context::{Context, find_member, now};
use crate::cli::error::CliError;
use crate::cli::times::{self, Moment, moment};
use crate::cli::words;

/// By an operator of the scheme, who may read all records. The ledger is audited,
/// the issue is an entry of its own, and whoever has the file and the log's key
/// checks it with `timebank verify`, without a server.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank member certificate 1234-5678-9012 -o li.certificate
  timebank member certificate 1234-5678-9012 --from 2026-01 --to 2026-12 -o li.certificate")]
pub(crate) struct IssueCertificate {
    /// The volunteer (id or short code).
    member: String,
    /// The first month [default: the beginning].
    #[arg(long, value_name = "MONTH", value_parser = times::month)]
    from: Option<YearMonth>,
    /// The last month [default: this one].
    #[arg(long, value_name = "MONTH", value_parser = times::month)]
    to: Option<YearMonth>,
    /// Until when it is valid.
    #[arg(long, value_name = "TIME", default_value = "+365d", value_parser = moment,
        allow_hyphen_values = true)]
    until: Moment,
    /// The file to write; it must not exist.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl IssueCertificate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let member = find_member(client, &self.member).await?;
        let first = YearMonth::parse(2000, 1).map_err(|it| CliError::usage(it.to_string()))?;
        let span = [self.from.unwrap_or(first), self.to.unwrap_or(now().month())];
        let question = Question { member, span };
        let (_, collector) = read_proven(context, None, Collector::new(question)).await?;
        let collected = collector.collected();
        let body = draw_up(client, question, &collected).await?;
        let minutes = body.minutes;
        let body = serde_json::to_string(&body).unwrap_or_default();
        let salt = random::salt().map_err(ClientError::from)?;
        let opening = Opening::new(salt, committed(&body));
        let opening = opening.map_err(|long| CliError::usage(long.to_string()))?;
        let kept = KeptOpening {
            kind: CommitmentKind::Identity,
            opening,
        };
        context.openings().keep(&kept).map_err(ClientError::from)?;
        let act = Certify {
            member,
            certificate: ItemCode::parse(CODE.to_owned())
                .map_err(|it| CliError::usage(it.to_string()))?,
            until: self.until.at(now()),
            papers: Some(kept.commitment()),
        };
        let recorded = client.submit(act, None).await?;
        let certificate = Certificate {
            timebank_certificate: 1,
            body,
            salt: hex::encode(salt),
            receipt: client.receipt(recorded.entry_id).await?.to_string(),
        };
        let mut text = serde_json::to_string_pretty(&certificate).unwrap_or_default();
        text.push('\n');
        let failed = |source| CliError::File {
            path: self.output.clone(),
            source,
        };
        let mut file = std::fs::File::create_new(&self.output).map_err(failed)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
        let value = json!({
            "file": self.output,
            "entry": recorded.entry_id.to_string(),
            "visits": collected.visits.len(),
            "minutes": minutes,
        });
        let text = format!(
            "{} (visits: {}) are certified in {}. Anybody checks it with:\n  timebank verify {} \
             --log-key {}",
            words::hours(minutes),
            collected.visits.len(),
            self.output.display(),
            self.output.display(),
            client.log().key(),
        );
        context.print(&value, &text);
        Ok(())
    }
}

async fn draw_up(
    client: &Client,
    question: Question,
    collected: &Collected,
) -> Result<Body, CliError> {
    let mut visits = Vec::new();
    for found in &collected.visits {
        visits.push(Visit {
            item: found.item.clone(),
            unit: found.unit.clone(),
            minutes: found.minutes,
            stated: client.receipt(found.stated).await?.to_string(),
            settled: client.receipt(found.settled).await?.to_string(),
        });
    }
    let person = match collected.profile {
        Some(entry) => person(client, entry).await?,
        None => None,
    };
    Ok(Body {
        ledger: client.origin().to_owned(),
        scheme: client.ledger().await?.scheme_name,
        unit: collected.unit.clone(),
        member: question.member.to_string(),
        person,
        from: question.span[0].to_string(),
        to: question.span[1].to_string(),
        minutes: visits.iter().map(|visit| visit.minutes).sum(),
        visits,
    })
}

/// Who it is, unless the profile was erased or never deposited.
async fn person(client: &Client, entry: EntryId) -> Result<Option<Person>, CliError> {
    let opening = match client.opening(entry).await {
        Ok(info) => info.opening,
        Err(error) if error.reason() == "NOT_FOUND" => None,
        Err(error) => return Err(error.into()),
    };
    let Some(opening) = opening else {
        return Ok(None);
    };
    Ok(Some(Person {
        profile: String::from_utf8_lossy(opening.value()).into_owned(),
        salt: hex::encode(opening.salt()),
        receipt: client.receipt(entry).await?.to_string(),
    }))
}
