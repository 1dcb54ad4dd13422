//! Balances and statements.

use ledger::log::{Position, TreeSize};
use ledger::lot::LotSource;
use ledger::{AccountId, Bucket, EntryId, Millis};
use proto::{name, v1};
use serde::{Serialize, Serializer};

use super::{PAGE_SIZE, entry_id, id, known, pages, position};
use crate::client::Client;
use crate::error::ClientError;
use crate::log::count_of;

/// The standing of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountStanding {
    /// The account.
    #[serde(serialize_with = "super::text")]
    pub account: AccountId,
    /// Free to use: minutes, or fen on the fund's accounts.
    pub available: i64,
    /// Reserved for booked services.
    pub held: i64,
    /// The tree size at which this holds.
    pub tree_size: TreeSize,
    /// Where a member's hours came from, in the order in which they are spent;
    /// none in lists.
    pub lots: Vec<LotInfo>,
}

/// Hours of one source, year, version of the rules and expiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotInfo {
    /// Where they came from.
    pub source: LotSource,
    /// The year in which they came into being.
    pub year: i32,
    /// The version of the rules under which they did.
    pub rules_version: i32,
    /// The month with whose beginning they expire, as `YYYY-MM`.
    pub expires: Option<String>,
    /// How much is left.
    pub minutes: i64,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// The record that caused it.
    pub position: Position,
    /// The entry that caused it.
    #[serde(serialize_with = "super::text")]
    pub entry: EntryId,
    /// The act that caused it, such as "Give".
    pub act: String,
    /// When it was recorded, in milliseconds since 1970-01-01 UTC.
    pub recorded: Millis,
    /// Which half of the account changed.
    #[serde(serialize_with = "bucket_text")]
    pub bucket: Bucket,
    /// What was added: minutes or fen.
    pub amount: i64,
    /// Balance of that half after it.
    pub balance: i64,
}

impl Client {
    /// Balances of one account.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn account(&self, account: AccountId) -> Result<AccountStanding, ClientError> {
        let request = v1::GetAccountRequest {
            name: name::ACCOUNTS.name(&account),
        };
        let mut service = self.connection.accounts();
        standing(
            self.call(service.get_account(self.request(request)))
                .await?,
        )
    }

    /// Balances of every account: for auditors and operators.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn accounts(&self) -> Result<Vec<AccountStanding>, ClientError> {
        let accounts = pages(usize::MAX, |page_token| async move {
            let request = v1::ListAccountsRequest {
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut service = self.connection.accounts();
            let answer = self
                .call(service.list_accounts(self.request(request)))
                .await?;
            Ok((answer.accounts, answer.next_page_token))
        });
        accounts.await?.into_iter().map(standing).collect()
    }

    /// The newest lines of an account's statement, newest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn statement(
        &self,
        account: AccountId,
        lines_max: usize,
    ) -> Result<Vec<StatementLine>, ClientError> {
        let page_size = i32::try_from(lines_max)
            .unwrap_or(PAGE_SIZE)
            .clamp(1, PAGE_SIZE);
        let parent = &name::ACCOUNTS.name(&account);
        let postings = pages(lines_max, |page_token| async move {
            let parent = parent.clone();
            let request = v1::ListPostingsRequest {
                parent,
                page_size,
                page_token,
            };
            let mut service = self.connection.accounts();
            let answer = self
                .call(service.list_postings(self.request(request)))
                .await?;
            Ok((answer.postings, answer.next_page_token))
        });
        postings.await?.into_iter().map(line).collect()
    }
}

fn standing(account: v1::Account) -> Result<AccountStanding, ClientError> {
    let v1::Account {
        name,
        available,
        held,
        tree_size,
        lots,
    } = account;
    let account = id(&name::ACCOUNTS, &name)?;
    let tree_size = TreeSize::new(count_of(tree_size)?);
    Ok(AccountStanding {
        account,
        available,
        held,
        tree_size,
        lots: lots.into_iter().map(lot).collect::<Result<_, _>>()?,
    })
}

fn lot(lot: v1::Lot) -> Result<LotInfo, ClientError> {
    let source = match lot.source() {
        v1::LotSource::Unspecified => None,
        v1::LotSource::Granted => Some(LotSource::Granted),
        v1::LotSource::Imported => Some(LotSource::Imported),
        v1::LotSource::Given => Some(LotSource::Given),
        v1::LotSource::Earned => Some(LotSource::Earned),
    };
    Ok(LotInfo {
        source: known(source, "the source of hours")?,
        year: lot.year,
        rules_version: lot.rules_version,
        expires: lot
            .expires
            .map(|it| format!("{:04}-{:02}", it.year, it.month)),
        minutes: lot.minutes,
    })
}

fn line(posting: v1::Posting) -> Result<StatementLine, ClientError> {
    let bucket = match posting.bucket() {
        v1::Bucket::Available => Some(Bucket::Available),
        v1::Bucket::Held => Some(Bucket::Held),
        v1::Bucket::Unspecified => None,
    };
    Ok(StatementLine {
        position: position(posting.position)?,
        entry: entry_id(&posting.entry)?,
        act: posting.act,
        recorded: Millis::new(posting.recorded_ms),
        bucket: known(bucket, "the half of an account")?,
        amount: posting.amount,
        balance: posting.balance,
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference to the field"
)]
fn bucket_text<S: Serializer>(bucket: &Bucket, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match bucket {
        Bucket::Available => "available",
        Bucket::Held => "held",
    })
}
