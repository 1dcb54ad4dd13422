//! Acting for someone else at the counter.

use clap::Args;
use client::Client;
use ledger::MemberId;
use ledger::entry::{Attestation, OnBehalf};

use super::context::find_member;
use super::error::CliError;

/// For whom staff or a proxy acts, and how the member said so.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Behalf {
    /// Act for this member (id or short code), as staff of their unit or as proxy.
    #[arg(long = "for", value_name = "MEMBER")]
    for_member: Option<String>,
    /// The member is at the counter and says yes.
    #[arg(long, requires = "for_member", conflicts_with = "attested")]
    kiosk: bool,
    /// The member has said so by telephone or on paper, which the station keeps.
    #[arg(long, requires = "for_member", conflicts_with = "as_proxy")]
    attested: bool,
    /// The member has named you as proxy.
    #[arg(long = "proxy", requires = "for_member", conflicts_with = "kiosk")]
    as_proxy: bool,
}

impl Behalf {
    /// Finds the member who is acted for.
    pub(crate) async fn find(&self, client: &Client) -> Result<Option<OnBehalf>, CliError> {
        let Some(member) = &self.for_member else {
            return Ok(None);
        };
        let ways = [
            (self.kiosk, Attestation::Kiosk),
            (self.attested, Attestation::Attested),
            (self.as_proxy, Attestation::Delegated),
        ];
        let mut ways = ways.into_iter().filter(|(given, _)| *given);
        let (_, attestation) = ways.next().ok_or_else(|| {
            CliError::usage(
                "--for needs --kiosk (the member is here), --attested (said so before) or --proxy \
                 (has named you)",
            )
        })?;
        let member = find_member(client, member).await?;
        Ok(Some(OnBehalf {
            member,
            attestation,
        }))
    }
}

/// Whom an act concerns: who is acted for, or who acts.
pub(crate) fn subject(client: &Client, behalf: Option<OnBehalf>) -> Result<MemberId, CliError> {
    match behalf {
        Some(behalf) => Ok(behalf.member),
        None => Ok(client.identity()?.member),
    }
}
