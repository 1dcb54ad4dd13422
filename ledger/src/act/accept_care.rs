//! Taking on an open request.

use super::Deed;
use crate::certificate::CertificateName;
use crate::id::{EntryId, MemberId};
use crate::member::Standing;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Booking, Service};
use crate::state::{Due, Halt, OpenRequest, OpenService};
use crate::transaction::Transaction;

/// Takes on an open request. By a volunteer, or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptCare {
    /// The service.
    pub service: EntryId,
}

impl Deed for AcceptCare {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, volunteer, rules) = (self.service, tx.subject(), tx.rules());
        let service: Service = tx.find(&id)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient == volunteer {
            return Err(Rejection::OwnService.into());
        }
        if tx.is_blocked(service.recipient, volunteer)? {
            return Err(Rejection::PairBlocked.into());
        }
        let over = service.start.plus_minutes(service.planned.get());
        let due = over.max(tx.now()).plus_days(rules.late_entry_days_max);
        let open_due = service.stage.due();
        let booking = Booking {
            volunteer,
            due,
            started: None,
        };
        let stage = service.stage.clone().accept(booking, tx.now())?;
        check_volunteer(tx, volunteer, &service)?;
        if let Some(due) = open_due {
            tx.remove::<Due>(&(due, id));
        }
        tx.remove::<OpenRequest>(&(service.unit, id));
        tx.put(&(volunteer, id), OpenService);
        tx.put(&(due, id), Due);
        tx.put(&id, Service { stage, ..service });
        Ok(())
    }
}

/// Refuses a volunteer who may not serve, or not this, or not here.
fn check_volunteer(tx: &Transaction<'_>, id: MemberId, service: &Service) -> Result<(), Halt> {
    let (rules, member) = (tx.rules(), tx.member(&id)?);
    if let Standing::Suspended { until } = member.standing
        && tx.now() < until
    {
        let until_ms = until.get();
        return Err(Rejection::Suspended { until_ms }.into());
    }
    let age = member.birth_month.age_years(tx.now());
    let (years_min, years_max) = (rules.volunteer_age_years_min, rules.volunteer_age_years_max);
    if age < years_min {
        return Err(Rejection::VolunteerAge { years_min }.into());
    }
    if years_max > 0 && age > years_max {
        return Err(Rejection::VolunteerTooOld { years_max }.into());
    }
    if rules.agreement_required && member.agreement.is_none() {
        return Err(Rejection::AgreementMissing.into());
    }
    if rules.training_required {
        tx.require_certificate(id, CertificateName::training())?;
    }
    // An item that has left the catalogue since asks for nothing.
    let terms = rules.catalogue.terms(&service.item).ok();
    if let Some(code) = terms.and_then(|terms| terms.certificate) {
        tx.require_certificate(id, CertificateName::of(code))?;
    }
    if !rules.kin_service_counts && tx.kin(service.recipient, id)?.is_some() {
        return Err(Rejection::KinService.into());
    }
    Ok(())
}
