//! Services, and what is due.

use ledger::{EntryId, MemberId, Millis, UnitId};
use proto::{name, v1};
use serde::Serialize;

use super::{
    PAGE_SIZE, entry_id, id, known, member_id, optional_id, optional_time, pages, unit_id,
};
use crate::client::Client;
use crate::error::ClientError;

/// One piece of care from request to settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceInfo {
    /// The service.
    #[serde(serialize_with = "super::text")]
    pub service: EntryId,
    /// The unit that serves it.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// Who is served.
    #[serde(serialize_with = "super::text")]
    pub recipient: MemberId,
    /// What is asked for.
    pub item: String,
    /// When it should start, in milliseconds since 1970-01-01 UTC.
    pub start: Millis,
    /// Planned length.
    pub minutes: i64,
    /// Minutes held on the recipient's account.
    pub held_minutes: i64,
    /// How far it is.
    pub stage: ServiceStage,
    /// Who comes or came.
    #[serde(serialize_with = "super::optional_text")]
    pub volunteer: Option<MemberId>,
    /// When the visit really started.
    pub logged_start: Option<Millis>,
    /// How long it really took.
    pub logged_minutes: Option<i64>,
    /// When it may be expired.
    pub due: Option<Millis>,
    /// Credit-minutes for an hour of it.
    pub price: i32,
    /// When the volunteer has begun the visit, if that is known.
    pub started: Option<Millis>,
    /// When it was asked for.
    pub asked: Millis,
}

/// How far a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStage {
    /// Waiting for a volunteer.
    Open,
    /// A volunteer will come.
    Booked,
    /// The volunteer has stated the visit.
    Logged,
    /// Confirmed and paid.
    Settled,
    /// Withdrawn.
    Cancelled,
    /// Closed because nothing happened in time.
    Expired,
    /// Somebody says that the visit was not as stated.
    Disputed,
    /// The fund has bought the care.
    Purchased,
}

/// Something that may be expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DueTarget {
    /// The service or proposal.
    #[serde(serialize_with = "super::text")]
    pub target: EntryId,
    /// Since when, in milliseconds since 1970-01-01 UTC.
    pub due: Millis,
}

impl Client {
    /// One service.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn service(&self, service: EntryId) -> Result<ServiceInfo, ClientError> {
        let request = v1::GetServiceRequest {
            name: name::SERVICES.name(&service),
        };
        let mut care = self.connection.care();
        info(self.call(care.get_service(self.request(request))).await?)
    }

    /// The services of a unit that wait for a volunteer, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open_requests(&self, unit: UnitId) -> Result<Vec<ServiceInfo>, ClientError> {
        let services = pages(usize::MAX, |page_token| async move {
            let parent = name::UNITS.name(&unit);
            let request = v1::ListOpenRequestsRequest {
                parent,
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut care = self.connection.care();
            let answer = self
                .call(care.list_open_requests(self.request(request)))
                .await?;
            Ok((answer.services, answer.next_page_token))
        });
        services.await?.into_iter().map(info).collect()
    }

    /// The services of a member that are not closed, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open_services(&self, member: MemberId) -> Result<Vec<ServiceInfo>, ClientError> {
        let services = pages(usize::MAX, |page_token| async move {
            let parent = name::MEMBERS.name(&member);
            let request = v1::ListOpenServicesRequest {
                parent,
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut care = self.connection.care();
            let answer = self
                .call(care.list_open_services(self.request(request)))
                .await?;
            Ok((answer.services, answer.next_page_token))
        });
        services.await?.into_iter().map(info).collect()
    }

    /// Services and proposals whose time has run out, earliest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn due(&self) -> Result<Vec<DueTarget>, ClientError> {
        let targets = pages(usize::MAX, |page_token| async move {
            let request = v1::ListDueRequest {
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut care = self.connection.care();
            let answer = self.call(care.list_due(self.request(request))).await?;
            Ok((answer.targets, answer.next_page_token))
        });
        let target = |target: v1::DueTarget| {
            let due = Millis::new(target.due_ms);
            Ok(DueTarget {
                target: entry_id(&target.target)?,
                due,
            })
        };
        targets.await?.into_iter().map(target).collect()
    }
}

fn info(service: v1::Service) -> Result<ServiceInfo, ClientError> {
    let stage = match service.stage() {
        v1::ServiceStage::Unspecified => None,
        v1::ServiceStage::Open => Some(ServiceStage::Open),
        v1::ServiceStage::Booked => Some(ServiceStage::Booked),
        v1::ServiceStage::Logged => Some(ServiceStage::Logged),
        v1::ServiceStage::Settled => Some(ServiceStage::Settled),
        v1::ServiceStage::Cancelled => Some(ServiceStage::Cancelled),
        v1::ServiceStage::Expired => Some(ServiceStage::Expired),
        v1::ServiceStage::Disputed => Some(ServiceStage::Disputed),
        v1::ServiceStage::Purchased => Some(ServiceStage::Purchased),
    };
    Ok(ServiceInfo {
        service: id(&name::SERVICES, &service.name)?,
        unit: unit_id(&service.unit)?,
        recipient: member_id(&service.recipient)?,
        item: service.item,
        start: Millis::new(service.start_ms),
        minutes: service.minutes,
        held_minutes: service.held_minutes,
        stage: known(stage, "the stage of a service")?,
        volunteer: optional_id(&name::MEMBERS, &service.volunteer)?,
        logged_start: optional_time(service.logged_start_ms),
        logged_minutes: (service.logged_minutes != 0).then_some(service.logged_minutes),
        due: optional_time(service.due_ms),
        price: service.price,
        started: optional_time(service.started_ms),
        asked: Millis::new(service.asked_ms),
    })
}
