//! The API: one file a service. Each call is four steps: parse, decide who may,
//! read or submit, render.
//!
//! Nothing here knows the rules of the ledger or SQL; generated messages go no
//! further than this.

pub mod account;
pub mod care;
pub mod directory;
pub mod error;
pub mod fund;
pub mod ledger;
pub mod page;
pub mod report;
mod row;
pub mod submit;
pub mod text;

#[cfg(test)]
mod reasons;

use std::sync::Arc;

use proto::name::NameError;
use proto::v1;
use tokio::sync::watch;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use self::account::Accounts;
use self::care::Care;
use self::directory::Directory;
use self::error::ReadError;
use self::fund::Funds;
use self::ledger::Ledger;
use self::report::Reporting;
use self::submit::Submitter;
use crate::ahead::Behind;
use crate::context::Context;
use crate::http;
use crate::queue::Queue;

/// The name under which the health service says whether entries are taken in.
pub const WRITES: &str = "timebank.writes";

/// Everything that the one port answers.
///
/// # Panics
/// Never: the descriptor set that reflection serves was compiled in.
pub async fn routes(
    context: &Context,
    queue: Queue,
    behind: watch::Receiver<Option<Arc<Behind>>>,
    bundles_public: bool,
) -> Routes {
    let (health, health_service) = tonic_health::server::health_reporter();
    let submitter = Submitter::new(context.clone(), queue);
    let ledger = Ledger::new(context.clone(), submitter);
    let ledger = v1::ledger_service_server::LedgerServiceServer::new(ledger);
    let accounts = Accounts::new(context.clone());
    let accounts = v1::account_service_server::AccountServiceServer::new(accounts);
    let care = v1::care_service_server::CareServiceServer::new(Care::new(context.clone()));
    let funds = v1::fund_service_server::FundServiceServer::new(Funds::new(context.clone()));
    let reports = Reporting::new(context.clone());
    let reports = v1::report_service_server::ReportServiceServer::new(reports);
    let directory = Directory::new(context.clone());
    let directory = v1::directory_service_server::DirectoryServiceServer::new(directory);
    health
        .set_serving::<v1::ledger_service_server::LedgerServiceServer<Ledger>>()
        .await;
    report_writes(&health, &behind).await;
    tokio::spawn(follow_writes(health, behind));
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
        .build_v1()
        .expect("the descriptor set was compiled in");
    let mut routes = Routes::new(ledger)
        .add_service(accounts)
        .add_service(care)
        .add_service(funds)
        .add_service(directory)
        .add_service(reports)
        .add_service(health_service)
        .add_service(reflection);
    let pages = http::routes(context.clone(), bundles_public);
    let served = routes.axum_router_mut();
    *served = std::mem::take(served).merge(pages).fallback(http::nothing);
    routes
}

/// Has the health service say whether entries are taken in now.
async fn report_writes(health: &HealthReporter, behind: &watch::Receiver<Option<Arc<Behind>>>) {
    let status = match *behind.borrow() {
        None => ServingStatus::Serving,
        Some(_) => ServingStatus::NotServing,
    };
    health.set_service_status(WRITES, status).await;
}

/// The same whenever it changes, until the sequencer ends: then nothing is.
async fn follow_writes(health: HealthReporter, mut behind: watch::Receiver<Option<Arc<Behind>>>) {
    while behind.changed().await.is_ok() {
        report_writes(&health, &behind).await;
    }
    health
        .set_service_status(WRITES, ServingStatus::NotServing)
        .await;
}

/// A count as messages carry it; none that exists is above 2^63.
pub(crate) fn to_i64(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What is said of a resource name that cannot be read.
fn named<T>(field: &'static str, parsed: Result<T, NameError>) -> Result<T, ReadError> {
    parsed.map_err(|error| match error {
        NameError::Form { expected } => ReadError::ResourceNameInvalid { field, expected },
        NameError::Code(_) => ReadError::MemberCodeWrong { field },
    })
}
