//! `FundService`: the fund, and what waits for a second person.

use ledger::budget::{Budget, BudgetLine};
use ledger::proposal::Proposal;
use ledger::state::{Key, Row, Scope};
use ledger::{Account, AccountId, EntryId, MemberId, UnitId};
use proto::name::{PROPOSALS, UNITS};
use proto::v1;
use proto::v1::fund_service_server::FundService;
use proto::view::{self, FundAccounts, LineAccounts, UnitAccounts};
use tonic::{Request, Response, Status};

use super::account::require_unit;
use super::error::Failure;
use super::named;
use super::page::{Page, scan, scan_all};
use super::row::{find, find_all};
use crate::access::{Reading, Resource, admit, authorization, identify, nothing, require};
use crate::context::Context;

/// The service.
pub struct Funds {
    context: Context,
}

impl Funds {
    /// A service over a store.
    pub fn new(context: Context) -> Self {
        Self { context }
    }
}

#[tonic::async_trait]
impl FundService for Funds {
    async fn get_fund(
        &self,
        request: Request<v1::GetFundRequest>,
    ) -> Result<Response<v1::Fund>, Status> {
        let reading = Reading::of_scheme(Resource::Fund);
        admit(&self.context, request.metadata(), &reading).await?;
        Ok(Response::new(fund(&self.context).await?))
    }

    async fn get_proposal(
        &self,
        request: Request<v1::GetProposalRequest>,
    ) -> Result<Response<v1::Proposal>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(proposal(&self.context, reader, &name).await?))
    }

    async fn list_proposals(
        &self,
        request: Request<v1::ListProposalsRequest>,
    ) -> Result<Response<v1::ListProposalsResponse>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            proposals(&self.context, reader, request).await?,
        ))
    }
}

/// The fund's accounts and those of every unit, all at one tree size.
async fn fund(context: &Context) -> Result<v1::Fund, Failure> {
    let units = scan_all(&*context.store, Scope::Units).await?;
    let units = units.iter().filter_map(|(key, _)| match key {
        Key::Unit(unit) => Some(*unit),
        _ => None,
    });
    let units: Vec<UnitId> = units.collect();
    let mut ids = vec![
        AccountId::FundCash,
        AccountId::FundDonors,
        AccountId::Retired,
    ];
    ids.extend(
        units
            .iter()
            .flat_map(|unit| [AccountId::Pool(*unit), AccountId::Issued(*unit)]),
    );
    ids.extend(lines().flat_map(|line| {
        let accounts = [AccountId::FundRestricted(line), AccountId::FundSpent(line)];
        accounts.into_iter()
    }));
    let keys: Vec<Key> = ids.into_iter().map(Key::Account).collect();
    let (size, rows) = context.store.rows_at_head(&keys).await?;
    let mut accounts = rows.into_iter().map(|(_, row)| match row {
        Some(Row::Account(account)) => account,
        _ => Account::default(),
    });
    let mut next = || accounts.next().unwrap_or_default();
    // In the order of the ids above.
    let mut fund = FundAccounts {
        cash: next(),
        donors: next(),
        retired: next(),
        ..FundAccounts::default()
    };
    fund.units = units
        .into_iter()
        .map(|unit| UnitAccounts {
            unit,
            pool: next(),
            issued: next(),
        })
        .collect();
    fund.lines = lines()
        .map(|line| LineAccounts {
            line,
            restricted: next(),
            spent: next(),
        })
        .collect();
    fund.budgets = budgets(context).await?;
    fund.valuation = find(&*context.store, &()).await?;
    fund.clearing = clearing(context).await?;
    Ok(view::fund(&fund, size))
}

/// The lines that count money.
fn lines() -> impl Iterator<Item = BudgetLine> {
    let all = BudgetLine::ALL.into_iter();
    all.filter(|line| *line != BudgetLine::Hours)
}

async fn budgets(context: &Context) -> Result<Vec<((UnitId, BudgetLine), Budget)>, Failure> {
    let rows = scan_all(&*context.store, Scope::Budgets).await?;
    let budgets = rows.into_iter().filter_map(|(key, row)| match (key, row) {
        (Key::Budget(unit, line), Row::Budget(budget)) => Some(((unit, line), budget)),
        _ => None,
    });
    Ok(budgets.collect())
}

async fn clearing(context: &Context) -> Result<Vec<((UnitId, UnitId), Account)>, Failure> {
    let rows = scan_all(&*context.store, Scope::Clearing).await?;
    let positions = rows.into_iter().filter_map(|(key, row)| match (key, row) {
        (Key::Account(AccountId::Clearing(unit, other)), Row::Account(account)) => {
            Some(((unit, other), account))
        }
        _ => None,
    });
    Ok(positions.collect())
}

async fn proposal(
    context: &Context,
    reader: MemberId,
    name: &str,
) -> Result<v1::Proposal, Failure> {
    let id = named("name", PROPOSALS.parse(name))?;
    let Some(proposal) = find::<Proposal>(&*context.store, &id).await? else {
        return Err(nothing(context, reader, Resource::Proposal).await);
    };
    let parties = std::iter::once(proposal.proposer).chain(proposal.parties.iter().copied());
    let reading = Reading::of_units(Resource::Proposal, [proposal.unit]).with_parties(parties);
    require(context, reader, &reading).await?;
    Ok(view::proposal(&id, &proposal))
}

async fn proposals(
    context: &Context,
    reader: MemberId,
    request: v1::ListProposalsRequest,
) -> Result<v1::ListProposalsResponse, Failure> {
    let v1::ListProposalsRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let unit = named("parent", UNITS.parse(&parent))?;
    let page = Page::parse(&format!("ListProposals {parent}"), page_size, &page_token)?;
    require_unit(context, reader, unit, Resource::UnitProposals).await?;
    require(
        context,
        reader,
        &Reading::of_units(Resource::UnitProposals, [unit]),
    )
    .await?;
    let scope = Scope::OpenProposals(unit);
    let (rows, next_page_token) = scan(&*context.store, scope, &page).await?;
    let ids = rows.iter().filter_map(|(key, _)| match key {
        Key::OpenProposal(_, id) => Some(*id),
        _ => None,
    });
    let ids: Vec<EntryId> = ids.collect();
    let proposals = find_all::<Proposal>(&*context.store, &ids).await?;
    let proposals = proposals
        .iter()
        .map(|(id, proposal)| view::proposal(id, proposal))
        .collect();
    Ok(v1::ListProposalsResponse {
        proposals,
        next_page_token,
    })
}
