//! `ReportService`: what a supervisor looks at.

use ledger::report::Statistics;
use ledger::{EntryId, MemberId, State, UnitId, YearMonth};
use proto::name::{NameError, SERVICES, UNITS};
use proto::v1::report_service_server::ReportService;
use proto::{v1, view};
use tokio::sync::OwnedMutexGuard;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::account::require_unit;
use super::error::{Failure, ReadError};
use super::page::{Page, SIZE_MAX};
use super::{named, to_i64};
use crate::access::{Reading, Resource, authorization, identify, require};
use crate::context::Context;
use crate::reports::{Fold, Reports};

const MONTH: NameError = NameError::Form {
    expected: "a month such as 2026-11",
};

/// The service.
pub struct Reporting {
    context: Context,
    reports: Reports,
}

impl Reporting {
    /// A service over a store.
    pub fn new(context: Context) -> Self {
        let reports = Reports::new(context.store.clone(), &context.origin);
        Self { context, reports }
    }

    /// The unit that a call is about and what the log says, for a reader who may
    /// have it.
    async fn ask(
        &self,
        metadata: &MetadataMap,
        parent: &str,
        what: Resource,
    ) -> Result<(UnitId, OwnedMutexGuard<Fold>), Failure> {
        let reader: MemberId = identify(&self.context, authorization(metadata)).await?;
        let unit = named("parent", UNITS.parse(parent))?;
        require_unit(&self.context, reader, unit, what).await?;
        require(&self.context, reader, &Reading::of_units(what, [unit])).await?;
        let fold = self.reports.newest().await?;
        Ok((unit, fold))
    }

    /// A page of a list of a unit.
    async fn list<T, V>(
        &self,
        metadata: &MetadataMap,
        part: &Part,
        read: impl Fn(&Statistics, &State, UnitId) -> Vec<T>,
        view: impl Fn(&T) -> V,
    ) -> Result<(Vec<V>, String), Failure> {
        let what = Resource::ReportLists;
        let (unit, fold) = self.ask(metadata, &part.parent, what).await?;
        Ok(part.of(&read(&fold.statistics, fold.state(), unit), view))
    }
}

#[tonic::async_trait]
impl ReportService for Reporting {
    async fn get_report(
        &self,
        request: Request<v1::GetReportRequest>,
    ) -> Result<Response<v1::Report>, Status> {
        let (metadata, _, request) = request.into_parts();
        let asked = month("month", &request.month)?;
        let what = Resource::Report;
        let (unit, fold) = self.ask(&metadata, &request.parent, what).await?;
        let month = asked.unwrap_or_else(|| newest_month(&fold));
        let page = fold.statistics.page(fold.state(), unit, month);
        Ok(Response::new(v1::Report {
            unit: request.parent,
            month: page.month,
            indicators: page.indicators.into_iter().map(view::indicator).collect(),
            tree_size: to_i64(fold.tree.size().get()),
        }))
    }

    async fn get_disclosure(
        &self,
        request: Request<v1::GetDisclosureRequest>,
    ) -> Result<Response<v1::Disclosure>, Status> {
        let (metadata, _, request) = request.into_parts();
        let from = month("from_month", &request.from_month)?;
        let to = month("to_month", &request.to_month)?;
        let what = Resource::Disclosure;
        let (unit, fold) = self.ask(&metadata, &request.parent, what).await?;
        let from = from.unwrap_or_else(|| newest_month(&fold));
        let span = [from, to.unwrap_or(from)];
        let told = fold.statistics.disclosure(fold.state(), unit, span);
        Ok(Response::new(v1::Disclosure {
            unit: request.parent,
            from_month: told.from,
            to_month: told.to,
            before_fen: told.before_fen,
            received: told
                .received
                .into_iter()
                .map(view::disclosed_line)
                .collect(),
            spent: told.spent.into_iter().map(view::disclosed_line).collect(),
            after_fen: told.after_fen,
            figures: told
                .figures
                .into_iter()
                .map(view::disclosed_figure)
                .collect(),
            tree_size: to_i64(fold.tree.size().get()),
        }))
    }

    async fn list_report_events(
        &self,
        request: Request<v1::ListReportEventsRequest>,
    ) -> Result<Response<v1::ListReportEventsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let v1::ListReportEventsRequest {
            parent,
            page_size,
            page_token,
        } = request;
        let part = Part::parse("ListReportEvents", parent, page_size, &page_token)?;
        let list = self.list(&metadata, &part, Statistics::events, view::report_event);
        let (events, next_page_token) = list.await?;
        Ok(Response::new(v1::ListReportEventsResponse {
            events,
            next_page_token,
        }))
    }

    async fn list_savers(
        &self,
        request: Request<v1::ListSaversRequest>,
    ) -> Result<Response<v1::ListSaversResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let v1::ListSaversRequest {
            parent,
            page_size,
            page_token,
        } = request;
        let part = Part::parse("ListSavers", parent, page_size, &page_token)?;
        let list = self.list(&metadata, &part, Statistics::savers, view::saver);
        let (savers, next_page_token) = list.await?;
        Ok(Response::new(v1::ListSaversResponse {
            savers,
            next_page_token,
        }))
    }

    async fn list_open_cases(
        &self,
        request: Request<v1::ListOpenCasesRequest>,
    ) -> Result<Response<v1::ListOpenCasesResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let v1::ListOpenCasesRequest {
            parent,
            page_size,
            page_token,
        } = request;
        let part = Part::parse("ListOpenCases", parent, page_size, &page_token)?;
        let list = self.list(&metadata, &part, Statistics::open_cases, view::open_case);
        let (cases, next_page_token) = list.await?;
        Ok(Response::new(v1::ListOpenCasesResponse {
            cases,
            next_page_token,
        }))
    }

    async fn list_honours(
        &self,
        request: Request<v1::ListHonoursRequest>,
    ) -> Result<Response<v1::ListHonoursResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let v1::ListHonoursRequest {
            parent,
            page_size,
            page_token,
        } = request;
        let part = Part::parse("ListHonours", parent, page_size, &page_token)?;
        let list = self.list(&metadata, &part, Statistics::honours, view::honour);
        let (honours, next_page_token) = list.await?;
        Ok(Response::new(v1::ListHonoursResponse {
            honours,
            next_page_token,
        }))
    }

    async fn list_reviews(
        &self,
        request: Request<v1::ListReviewsRequest>,
    ) -> Result<Response<v1::ListReviewsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let v1::ListReviewsRequest {
            parent,
            page_size,
            page_token,
        } = request;
        let part = Part::parse("ListReviews", parent, page_size, &page_token)?;
        let list = self.list(&metadata, &part, Statistics::reviews, view::review);
        let (reviews, next_page_token) = list.await?;
        Ok(Response::new(v1::ListReviewsResponse {
            reviews,
            next_page_token,
        }))
    }

    async fn draw_sample(
        &self,
        request: Request<v1::DrawSampleRequest>,
    ) -> Result<Response<v1::Sample>, Status> {
        let (metadata, _, request) = request.into_parts();
        let count = usize::try_from(request.count).ok().filter(|it| *it > 0);
        let count = count.ok_or(ReadError::PageSizeInvalid { field: "count" });
        let count = count.map_err(Failure::from)?.min(SIZE_MAX as usize);
        let what = Resource::ReportLists;
        let (unit, fold) = self.ask(&metadata, &request.parent, what).await?;
        let root = fold.tree.root();
        let drawn = fold.statistics.sample(fold.state(), unit, &root, count);
        Ok(Response::new(v1::Sample {
            tree_size: to_i64(fold.tree.size().get()),
            root: root.as_bytes().to_vec(),
            services: drawn.iter().map(|id: &EntryId| SERVICES.name(id)).collect(),
        }))
    }
}

/// The page of a list that is made anew for every call: its place is the number
/// of items before it.
struct Part {
    parent: String,
    page: Page,
    from: usize,
}

impl Part {
    fn parse(call: &str, parent: String, size: i32, token: &str) -> Result<Self, Failure> {
        let page = Page::parse(&format!("{call} {parent}"), size, token)?;
        let from = page.fixed()?.map_or(0, u64::from_be_bytes);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(Self { parent, page, from })
    }

    fn of<T, V>(&self, items: &[T], view: impl Fn(&T) -> V) -> (Vec<V>, String) {
        let size = usize::try_from(self.page.size).unwrap_or(usize::MAX);
        let rest = items.get(self.from..).unwrap_or_default();
        let shown = &rest[..rest.len().min(size)];
        let next = (shown.len() < rest.len()).then(|| {
            let place = (self.from + shown.len()) as u64;
            self.page.token(&place.to_be_bytes())
        });
        (shown.iter().map(view).collect(), next.unwrap_or_default())
    }
}

/// A month that was asked for; none if the field is empty.
fn month(field: &'static str, text: &str) -> Result<Option<YearMonth>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(named(field, text.parse().map_err(|_| MONTH))?))
}

/// The month of the newest record: there is one, for there is a unit.
fn newest_month(fold: &Fold) -> YearMonth {
    let month = fold.statistics.newest_month();
    month.unwrap_or_else(|| ledger::Millis::new(0).month())
}
