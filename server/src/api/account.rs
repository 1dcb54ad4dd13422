//! `AccountService`: accounts and their statements, members, units.

mod member;
mod statement;
mod unit;

use ledger::log::TreeSize;
use ledger::lot::Lots;
use ledger::member::Member;
use ledger::state::{Key, Row, Scope};
use ledger::unit::Unit;
use ledger::{Account, AccountId, MemberId, UnitId};
use proto::name::ACCOUNTS;
use proto::v1::account_service_server::AccountService;
use proto::{v1, view};
use tonic::{Request, Response, Status};

use super::error::Failure;
use super::named;
use super::page::{Page, scan};
use super::row::find;
use crate::access::{Reading, Resource, admit, authorization, identify, nothing, require};
use crate::context::Context;

/// The service.
pub struct Accounts {
    context: Context,
}

impl Accounts {
    /// A service over a store.
    pub fn new(context: Context) -> Self {
        Self { context }
    }
}

#[tonic::async_trait]
impl AccountService for Accounts {
    async fn get_account(
        &self,
        request: Request<v1::GetAccountRequest>,
    ) -> Result<Response<v1::Account>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(account(&self.context, reader, &name).await?))
    }

    async fn list_accounts(
        &self,
        request: Request<v1::ListAccountsRequest>,
    ) -> Result<Response<v1::ListAccountsResponse>, Status> {
        let reading = Reading::of_scheme(Resource::Books);
        admit(&self.context, request.metadata(), &reading).await?;
        Ok(Response::new(
            accounts(&self.context, request.into_inner()).await?,
        ))
    }

    async fn list_postings(
        &self,
        request: Request<v1::ListPostingsRequest>,
    ) -> Result<Response<v1::ListPostingsResponse>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            statement::postings(&self.context, reader, request).await?,
        ))
    }

    async fn get_member(
        &self,
        request: Request<v1::GetMemberRequest>,
    ) -> Result<Response<v1::Member>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(
            member::member(&self.context, reader, &name).await?,
        ))
    }

    async fn list_members(
        &self,
        request: Request<v1::ListMembersRequest>,
    ) -> Result<Response<v1::ListMembersResponse>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            member::members(&self.context, reader, request).await?,
        ))
    }

    async fn list_units(
        &self,
        request: Request<v1::ListUnitsRequest>,
    ) -> Result<Response<v1::ListUnitsResponse>, Status> {
        Ok(Response::new(
            unit::units(&self.context, request.into_inner()).await?,
        ))
    }
}

async fn account(context: &Context, reader: MemberId, name: &str) -> Result<v1::Account, Failure> {
    let id = named("name", ACCOUNTS.parse(name))?;
    require_account(context, reader, id).await?;
    // In this order: what is read after the size holds at it or later.
    let newest = context.store.head().await?.size;
    let lots = match id {
        AccountId::Member(member) => Some(Key::Lots(member)),
        _ => None,
    };
    let keys: Vec<Key> = std::iter::once(Key::Account(id)).chain(lots).collect();
    let (_, rows) = context.store.rows_at_head(&keys).await?;
    let (mut account, mut lots) = (Account::default(), Lots::default());
    for (_, row) in rows {
        match row {
            Some(Row::Account(row)) => account = row,
            Some(Row::Lots(row)) => lots = row,
            _ => {}
        }
    }
    Ok(v1::Account {
        lots: lots.iter().map(view::lot).collect(),
        ..view::account(&id, &account, holds_at(newest, &account))
    })
}

async fn accounts(
    context: &Context,
    request: v1::ListAccountsRequest,
) -> Result<v1::ListAccountsResponse, Failure> {
    let page = Page::parse("ListAccounts", request.page_size, &request.page_token)?;
    let newest = context.store.head().await?.size;
    let (rows, next_page_token) = scan(&*context.store, Scope::Accounts, &page).await?;
    let accounts = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Account(id), Row::Account(account)) => {
            Some(view::account(id, account, holds_at(newest, account)))
        }
        _ => None,
    });
    Ok(v1::ListAccountsResponse {
        accounts: accounts.collect(),
        next_page_token,
    })
}

/// A tree size at which the standing of an account holds that was read when the
/// log had `newest` records or more. If it has moved since, it has not moved
/// after its own last posting.
fn holds_at(newest: TreeSize, account: &Account) -> TreeSize {
    let last = account.last.and_then(|last| TreeSize::after(last.position));
    last.map_or(newest, |last| last.max(newest))
}

/// Refuses a reader who may not read an account, or says that there is none.
async fn require_account(
    context: &Context,
    reader: MemberId,
    id: AccountId,
) -> Result<(), Failure> {
    let reading = match id {
        AccountId::Member(member) => {
            let Some(row) = find::<Member>(&*context.store, &member).await? else {
                return Err(nothing(context, reader, Resource::MemberAccount).await);
            };
            Reading::of_units(Resource::MemberAccount, [row.unit]).with_parties([member])
        }
        AccountId::Pool(unit) | AccountId::Issued(unit) => {
            require_unit(context, reader, unit, Resource::SharedAccount).await?;
            Reading::of_units(Resource::SharedAccount, [unit])
        }
        AccountId::Retired
        | AccountId::FundCash
        | AccountId::FundDonors
        | AccountId::FundRestricted(_)
        | AccountId::FundSpent(_)
        | AccountId::Clearing(..) => Reading::of_scheme(Resource::SharedAccount),
    };
    require(context, reader, &reading).await
}

/// Says so if a unit does not exist.
pub(super) async fn require_unit(
    context: &Context,
    reader: MemberId,
    unit: UnitId,
    what: Resource,
) -> Result<(), Failure> {
    match find::<Unit>(&*context.store, &unit).await? {
        Some(_) => Ok(()),
        None => Err(nothing(context, reader, what).await),
    }
}

#[cfg(test)]
mod tests {
    use ledger::PostingRef;
    use ledger::log::Position;

    use super::*;

    #[test]
    fn an_account_holds_at_the_newest_size_that_is_known_of_it() {
        let newest = TreeSize::new(10);
        let moved_at = |position| Account {
            last: Some(PostingRef {
                position: Position::new(position),
                line: 0,
            }),
            ..Account::default()
        };
        assert_eq!(holds_at(newest, &Account::default()), newest);
        assert_eq!(holds_at(newest, &moved_at(3)), newest);
        assert_eq!(holds_at(newest, &moved_at(9)), newest);
        assert_eq!(holds_at(newest, &moved_at(12)), TreeSize::new(13));
    }
}
