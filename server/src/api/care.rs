//! `CareService`: requests and services.

mod suggestion;

use ledger::member::Member;
use ledger::service::{Service, Stage};
use ledger::state::{Key, Scope};
use ledger::{EntryId, MemberId, Millis};
use proto::name::{MEMBERS, SERVICES, UNITS};
use proto::v1::care_service_server::CareService;
use proto::{v1, view};
use tonic::{Request, Response, Status};

use super::account::require_unit;
use super::error::Failure;
use super::named;
use super::page::{Page, scan};
use super::row::{find, find_all};
use crate::access::{Reading, Resource, admit, authorization, identify, nothing, require};
use crate::context::Context;

/// The service.
pub struct Care {
    context: Context,
}

impl Care {
    /// A service over a store.
    pub fn new(context: Context) -> Self {
        Self { context }
    }
}

#[tonic::async_trait]
impl CareService for Care {
    async fn get_service(
        &self,
        request: Request<v1::GetServiceRequest>,
    ) -> Result<Response<v1::Service>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(service(&self.context, reader, &name).await?))
    }

    async fn list_open_requests(
        &self,
        request: Request<v1::ListOpenRequestsRequest>,
    ) -> Result<Response<v1::ListOpenRequestsResponse>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            open_requests(&self.context, reader, request).await?,
        ))
    }

    async fn list_open_services(
        &self,
        request: Request<v1::ListOpenServicesRequest>,
    ) -> Result<Response<v1::ListOpenServicesResponse>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            open_services(&self.context, reader, request).await?,
        ))
    }

    async fn list_suggestions(
        &self,
        request: Request<v1::ListSuggestionsRequest>,
    ) -> Result<Response<v1::ListSuggestionsResponse>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            suggestion::list(&self.context, caller, request).await?,
        ))
    }

    async fn list_due(
        &self,
        request: Request<v1::ListDueRequest>,
    ) -> Result<Response<v1::ListDueResponse>, Status> {
        let reading = Reading::of_scheme(Resource::Due);
        admit(&self.context, request.metadata(), &reading).await?;
        Ok(Response::new(
            due(&self.context, request.into_inner()).await?,
        ))
    }
}

async fn service(context: &Context, reader: MemberId, name: &str) -> Result<v1::Service, Failure> {
    let id = named("name", SERVICES.parse(name))?;
    let Some(service) = find::<Service>(&*context.store, &id).await? else {
        return Err(nothing(context, reader, Resource::Service).await);
    };
    let reading = reading_of(context, &service).await?;
    require(context, reader, &reading).await?;
    Ok(view::service(&id, &service))
}

/// What reading a service takes: less while it waits for a volunteer.
async fn reading_of(context: &Context, service: &Service) -> Result<Reading, Failure> {
    if is_open(service) {
        return Ok(Reading::of_units(Resource::OpenService, [service.unit]));
    }
    let recipient = find::<Member>(&*context.store, &service.recipient).await?;
    let units = std::iter::once(service.unit).chain(recipient.map(|member| member.unit));
    let parties = std::iter::once(service.recipient).chain(service.stage.volunteer());
    Ok(Reading::of_units(Resource::Service, units).with_parties(parties))
}

const fn is_open(service: &Service) -> bool {
    matches!(service.stage, Stage::Open { .. })
}

async fn open_requests(
    context: &Context,
    reader: MemberId,
    request: v1::ListOpenRequestsRequest,
) -> Result<v1::ListOpenRequestsResponse, Failure> {
    let v1::ListOpenRequestsRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let unit = named("parent", UNITS.parse(&parent))?;
    let page = Page::parse(
        &format!("ListOpenRequests {parent}"),
        page_size,
        &page_token,
    )?;
    require_unit(context, reader, unit, Resource::OpenRequests).await?;
    require(
        context,
        reader,
        &Reading::of_units(Resource::OpenRequests, [unit]),
    )
    .await?;
    let (services, next_page_token) = listed(context, Scope::OpenRequests(unit), &page).await?;
    // Between the two reads a volunteer may have come: that is not for everyone.
    let services = services.iter().filter(|(_, service)| is_open(service));
    let services = services
        .map(|(id, service)| view::service(id, service))
        .collect();
    Ok(v1::ListOpenRequestsResponse {
        services,
        next_page_token,
    })
}

async fn open_services(
    context: &Context,
    reader: MemberId,
    request: v1::ListOpenServicesRequest,
) -> Result<v1::ListOpenServicesResponse, Failure> {
    let v1::ListOpenServicesRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let member = named("parent", MEMBERS.parse(&parent))?;
    let page = Page::parse(
        &format!("ListOpenServices {parent}"),
        page_size,
        &page_token,
    )?;
    let Some(row) = find::<Member>(&*context.store, &member).await? else {
        return Err(nothing(context, reader, Resource::MemberServices).await);
    };
    let reading = Reading::of_units(Resource::MemberServices, [row.unit]).with_parties([member]);
    require(context, reader, &reading).await?;
    let (services, next_page_token) = listed(context, Scope::OpenServices(member), &page).await?;
    let services = services
        .iter()
        .map(|(id, service)| view::service(id, service))
        .collect();
    Ok(v1::ListOpenServicesResponse {
        services,
        next_page_token,
    })
}

/// The services of a page of a list, and the token for the next.
async fn listed(
    context: &Context,
    scope: Scope,
    page: &Page,
) -> Result<(Vec<(EntryId, Service)>, String), Failure> {
    let (rows, next) = scan(&*context.store, scope, page).await?;
    let ids = rows.iter().filter_map(|(key, _)| match key {
        Key::OpenRequest(_, id) | Key::OpenService(_, id) => Some(*id),
        _ => None,
    });
    let ids: Vec<EntryId> = ids.collect();
    Ok((find_all::<Service>(&*context.store, &ids).await?, next))
}

async fn due(
    context: &Context,
    request: v1::ListDueRequest,
) -> Result<v1::ListDueResponse, Failure> {
    let page = Page::parse("ListDue", request.page_size, &request.page_token)?;
    let (rows, next) = scan(&*context.store, Scope::Due, &page).await?;
    let keys: Vec<Key> = rows.into_iter().map(|(key, _)| key).collect();
    let targets = due_by(&keys, context.clock.now());
    // The list is in order of time: what is not due yet ends it.
    let next_page_token = if targets.len() < keys.len() {
        String::new()
    } else {
        next
    };
    Ok(v1::ListDueResponse {
        targets,
        next_page_token,
    })
}

fn due_by(keys: &[Key], now: Millis) -> Vec<v1::DueTarget> {
    let targets = keys.iter().map_while(|key| match key {
        Key::Due(due, id) if *due <= now => Some(view::due_target(id, *due)),
        _ => None,
    });
    targets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_due_is_listed() {
        let key = |due| Key::Due(Millis::new(due), EntryId::from_bytes([7; 16]));
        let keys = [key(1_000), key(2_000), key(2_001)];
        let due: Vec<i64> = due_by(&keys, Millis::new(2_000))
            .iter()
            .map(|target| target.due_ms)
            .collect();
        assert_eq!(due, [1_000, 2_000]);
    }
}
