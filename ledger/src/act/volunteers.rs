//! Who may serve.

use crate::certificate::CertificateName;
use crate::id::{MemberId, UnitId};
use crate::member::Standing;
use crate::rejection::Rejection;
use crate::service::ItemCode;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Refuses a volunteer who may not serve, or not this, or not here.
pub(super) fn check(
    tx: &Transaction<'_>,
    id: MemberId,
    unit: UnitId,
    item: &ItemCode,
) -> Result<(), Halt> {
    let (rules, member) = (tx.rules(), tx.member(&id)?);
    let local = tx.local_rules(&unit)?;
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
    if local.agreement_required && member.agreement.is_none() {
        return Err(Rejection::AgreementMissing.into());
    }
    if local.training_required {
        tx.require_certificate(id, CertificateName::training())?;
    }
    if local.insurance_required {
        tx.require_certificate(id, CertificateName::insurance())?;
    }
    // An item that has left the catalogue since asks for nothing.
    let terms = rules.catalogue.terms(item).ok();
    if let Some(code) = terms.and_then(|terms| terms.certificate) {
        tx.require_certificate(id, CertificateName::of(code))?;
    }
    Ok(())
}
