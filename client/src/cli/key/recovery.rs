//! `timebank key recover`, `object` and `finish`: a new key for someone whose
//! phone is lost or stolen, or who never had any.

use clap::Args;
use client::Client;
use client::read::{MemberInfo, ProposedAct, RecoveryInfo};
use ledger::act::{Expire, ObjectRecovery, RecoverKey};
use ledger::commitment::CommitmentKind;
use ledger::{EntryId, KeyId, MemberId, Millis};

use super::request;
use crate::cli::behalf::{Behalf, subject};
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, entry, find_member};
use crate::cli::error::CliError;
use crate::cli::parse::KeyRequest;
use crate::cli::{output, times, words};

/// Give a member a new key instead of all old ones (for staff).
///
/// The member is at the counter, with papers and the new phone, on which
/// `timebank key new --for MEMBER` has printed a line. You propose; another
/// person approves; then it waits for some days, so that the member can object
/// if it was somebody else who came. It is the same for a first key.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank key recover LINE   that the new phone shows
  timebank key recover LINE --identity passport")]
pub(crate) struct Recover {
    /// The line that `timebank key new --for MEMBER` printed on the new phone.
    #[arg(value_name = "LINE", value_parser = request)]
    request: KeyRequest,
    /// The identity papers that were seen; or a commitment to them (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    identity: Option<Committed>,
}

/// Say no: somebody wants a new key in your name, and it was not you.
///
/// Your keys then stay as they are. From your phone this works once; after
/// that, say no at your station, where they can see that it is you.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank key object
  timebank key object 0195a3c1f0007abc8123456789abcdef
  timebank key object --for 1234-5678-9012 --kiosk")]
pub(crate) struct Object {
    /// The number of the recovery [default: the one that is under way].
    #[arg(value_parser = entry)]
    recovery: Option<EntryId>,
    #[command(flatten)]
    behalf: Behalf,
}

/// Make a new key valid that has waited long enough; all old ones end.
///
/// Anyone may do it: everybody can check that it was due.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank key finish 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Finish {
    /// The number of the recovery: the id of the entry that proposed it.
    #[arg(value_parser = entry)]
    recovery: EntryId,
}

impl Recover {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let KeyRequest { member, key } = self.request;
        let proven = key.check(client.origin(), &member);
        proven.map_err(|_| CliError::usage("the line is for another ledger, or damaged"))?;
        let identity = commit(context, CommitmentKind::Identity, self.identity)?;
        let act = RecoverKey {
            member,
            key: Box::new(key),
            identity,
        };
        let recovery = context.record(&client, act, None).await?.entry_id;
        let rules = client.ledger().await?.rules;
        let days = rules.map_or(0, |rules| rules.recovery_delay_days);
        context.tell(&next_steps(recovery, days));
        Ok(())
    }
}

fn next_steps(recovery: EntryId, days: u32) -> String {
    let plural = if days == 1 { "" } else { "s" };
    format!(
        "
What comes next:
1. Another person approves it: timebank approve {recovery}
   (staff, an operator or a regulator; after an objection, of the whole scheme)
2. Then it waits for {days} day{plural}. Old keys work until the end of them, and the
   member can object: timebank key object
3. After that, anyone makes the new key valid: timebank key finish {recovery}
接下来：
1. 由另一人批准：timebank approve {recovery}
   （工作人员、运营方或监管方；曾有异议的，须由总部人员批准）
2. 批准后等待 {days} 天。期间旧密钥仍然有效，本人可提出异议：timebank key object
3. 期满后任何人都可使新密钥生效：timebank key finish {recovery}"
    )
}

/// Says until when a recovery waits, if that is what was approved.
pub(crate) async fn tell_waiting(context: &Context, client: &Client, proposal: EntryId) {
    if let Ok(proposed) = client.proposal(proposal).await
        && let ProposedAct::RecoverKey { member, .. } = proposed.act
        && let Ok(member) = client.member(&member.to_string()).await
        && let Some(due) = member.recovery.and_then(|recovery| recovery.due)
    {
        context.tell(&waits(proposal, due));
    }
}

fn waits(recovery: EntryId, due: Millis) -> String {
    let due = times::show(due);
    format!(
        "
The new key waits until {due}. Until then the member can object; after that,
anyone makes it valid: timebank key finish {recovery}
新密钥须等到 {due}。在此之前本人可提出异议；期满后任何人都可使其生效：
timebank key finish {recovery}"
    )
}

impl Object {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let behalf = self.behalf.find(&client).await?;
        let recovery = match self.recovery {
            Some(recovery) => recovery,
            None => under_way(&client, subject(&client, behalf)?).await?,
        };
        context
            .record(&client, ObjectRecovery { recovery }, behalf)
            .await?;
        context.tell(
            "
The keys stay as they are. If nobody asked for a new key, somebody has tried to
get in: tell the station, and the regulator if it was the station.
密钥保持不变。如果本人没有申请新密钥，说明有人试图冒用：请告知站点；若是站点所为，
请告知监管方。",
        );
        Ok(())
    }
}

async fn under_way(client: &Client, member: MemberId) -> Result<EntryId, CliError> {
    let recovery = client.member(&member.to_string()).await?.recovery;
    let recovery = recovery.map(|recovery| recovery.recovery);
    recovery.ok_or_else(|| CliError::usage("no new key is under way for this member"))
}

impl Finish {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let target = self.recovery;
        context.record(&client, Expire { target }, None).await?;
        context.tell(
            "
If this was a recovery: the new key works from now on, and all old keys of the
member have ended.
如为密钥找回：新密钥即刻生效，该会员的所有旧密钥均已停用。",
        );
        Ok(())
    }
}

/// Lists the registered keys of a member, and what is under way.
pub(super) async fn list_registered(context: &Context, member: &str) -> Result<(), CliError> {
    let client = context.client().await?;
    let member = find_member(&client, member).await?;
    let member = client.member(&member.to_string()).await?;
    let this = client.identity()?.key.public().id();
    let row = |key: &KeyId| {
        let note = if *key == this { "this machine" } else { "" };
        vec![key.to_string(), note.to_owned()]
    };
    let rows: Vec<Vec<String>> = member.keys.iter().map(row).collect();
    let text = if rows.is_empty() {
        "No keys: this member acts at the counter.".to_owned()
    } else {
        output::table(&rows)
    };
    context.print(&member, &text);
    warn(&member);
    Ok(())
}

/// Warns whoever acts or reads with a key that a new one is to replace; what
/// they came for does not fail if that cannot be found out.
pub(crate) async fn warn_owner(client: &Client) {
    if let Ok(own) = client.identity()
        && let Ok(member) = client.member(&own.member.to_string()).await
    {
        warn(&member);
    }
}

/// Warns that a new key is to replace those of a member.
pub(crate) fn warn(member: &MemberInfo) {
    if let Some(recovery) = &member.recovery {
        output::print_error(&warning(member.member, recovery));
    }
}

fn warning(member: MemberId, recovery: &RecoveryInfo) -> String {
    let code = words::member(member);
    let key = recovery.key;
    let (when, chinese_when) = match recovery.due {
        None => (
            "as soon as it is approved and has waited".to_owned(),
            "获批准并期满后".to_owned(),
        ),
        Some(due) => {
            let due = times::show(due);
            (format!("from {due} on"), format!("自 {due} 起"))
        }
    };
    format!(
        "WARNING: the new key {key} is to replace all keys of member {code}, {when}.
If this member did not ask for it at the station, say no: timebank key object
注意：新密钥 {key} 将替换会员 {code} 的所有密钥（{chinese_when}）。
如非本人在站点申请，请立即提出异议：timebank key object"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_says_when_and_what_to_do_in_both_languages() {
        let member = MemberId::from_bytes([7; 16]);
        let recovery = |due| RecoveryInfo {
            recovery: EntryId::new(Millis::new(0), [1; 10]),
            key: KeyId::from_bytes([9; 16]),
            due,
        };
        let proposed = warning(member, &recovery(None));
        assert!(proposed.contains("as soon as it is approved"));
        let due = Millis::new(1_772_438_400_000);
        let approved = warning(member, &recovery(Some(due)));
        assert_eq!(approved.matches(&times::show(due)).count(), 2);
        for text in [proposed, approved] {
            assert_eq!(text.matches(&words::member(member)).count(), 2);
            assert_eq!(text.matches("timebank key object").count(), 2);
            assert!(text.contains("注意"));
        }
    }

    #[test]
    fn the_next_steps_name_the_number_and_the_days() {
        let id = EntryId::new(Millis::new(0), [1; 10]);
        let text = next_steps(id, 7);
        assert_eq!(text.matches(&id.to_string()).count(), 4);
        assert!(text.contains("7 days") && text.contains("7 天"));
        let (due, text) = (times::show(Millis::new(0)), waits(id, Millis::new(0)));
        assert_eq!(text.matches(&due).count(), 2);
        assert_eq!(text.matches(&id.to_string()).count(), 2);
    }
}
