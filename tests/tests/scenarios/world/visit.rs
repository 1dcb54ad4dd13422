//! A visit, step by step.

use anyhow::Result;
use ledger::act::{AcceptCare, ConfirmService, LogService, RequestCare};
use ledger::service::ItemCode;
use ledger::{EntryId, Millis};
use timebank_tests::pen::Person;

use super::{World, minutes};

impl World {
    /// Two hours ago.
    pub(crate) fn two_hours_ago(&self) -> Millis {
        Millis::new(self.now().get() - 2 * 3_600_000)
    }

    /// What asks for a visit of the first station, two hours ago.
    pub(crate) fn request(&self, length: i64) -> Result<RequestCare> {
        Ok(RequestCare {
            unit: self.street.stations[0],
            item: ItemCode::parse("companionship".to_owned())?,
            start: self.two_hours_ago(),
            minutes: minutes(length)?,
            note: None,
        })
    }

    /// What states a visit.
    pub(crate) fn log(&self, service: EntryId, length: i64) -> Result<LogService> {
        Ok(LogService {
            service,
            start: self.two_hours_ago(),
            minutes: minutes(length)?,
            evidence: None,
        })
    }

    /// A visit that was asked for.
    pub(crate) async fn requested(&self, recipient: &Person, length: i64) -> Result<EntryId> {
        self.does(recipient, self.request(length)?).await
    }

    /// A visit that a volunteer has taken on.
    pub(crate) async fn booked(
        &self,
        recipient: &Person,
        volunteer: &Person,
        length: i64,
    ) -> Result<EntryId> {
        let service = self.requested(recipient, length).await?;
        self.does(volunteer, AcceptCare { service }).await?;
        Ok(service)
    }

    /// A visit that the volunteer has stated as it was booked.
    pub(crate) async fn logged(
        &self,
        recipient: &Person,
        volunteer: &Person,
        length: i64,
    ) -> Result<EntryId> {
        let service = self.booked(recipient, volunteer, length).await?;
        self.does(volunteer, self.log(service, length)?).await?;
        Ok(service)
    }

    /// A visit that was paid; and the entry that paid it.
    pub(crate) async fn paid(
        &self,
        recipient: &Person,
        volunteer: &Person,
        length: i64,
    ) -> Result<(EntryId, EntryId)> {
        let service = self.logged(recipient, volunteer, length).await?;
        let confirm = ConfirmService {
            service,
            minutes: minutes(length)?,
        };
        Ok((service, self.does(recipient, confirm).await?))
    }
}
