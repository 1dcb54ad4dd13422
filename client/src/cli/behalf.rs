//! Acting for someone else at the counter.

use clap::Args;
use client::Client;
use ledger::MemberId;
use ledger::entry::{Attestation, OnBehalf};

use super::context::find_member;
use super::error::CliError;

/// For whom staff acts, and how the member said so.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Behalf {
    /// Act for this member (id or short code), as staff of their unit.
    #[arg(long = "for", value_name = "MEMBER")]
    member: Option<String>,
    /// The member is at the counter and says yes.
    #[arg(long, requires = "member", conflicts_with = "attested")]
    kiosk: bool,
    /// The member has said so by telephone or on paper, which the station keeps.
    #[arg(long, requires = "member")]
    attested: bool,
}

impl Behalf {
    /// Finds the member who is acted for.
    pub(crate) async fn find(&self, client: &Client) -> Result<Option<OnBehalf>, CliError> {
        let Some(member) = &self.member else {
            return Ok(None);
        };
        let attestation = match (self.kiosk, self.attested) {
            (true, false) => Attestation::Kiosk,
            (false, true) => Attestation::Attested,
            _ => {
                let text =
                    "--for needs --kiosk (the member is here) or --attested (said so before)";
                return Err(CliError::usage(text));
            }
        };
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
