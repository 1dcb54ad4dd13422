//! Acts of care: from the request to the settlement, and what may go wrong.

use ledger::act::{
    AcceptCare, CancelCare, ConfirmService, DisputeService, LogService, Rate, ReportNoShow,
    RequestCare, RuleOnDispute, Ruling, StartVisit,
};
use ledger::{Minutes, Rejection};

use super::field::{self, All};
use super::part::{Part, messages};
use crate::v1;

messages! {
    RequestCare "request_care" { unit as unit, item as item, start as start_ms, minutes as minutes, note as note_commitment }
    AcceptCare "accept_care" { service as service }
    CancelCare "cancel_care" { service as service, reason as reason }
    LogService "log_service" { service as service, start as start_ms, minutes as minutes, evidence as evidence_hash }
    ConfirmService "confirm_service" { service as service, minutes as minutes }
    StartVisit "start_visit" { service as service, evidence as evidence_hash }
    DisputeService "dispute_service" { service as service, reason as reason_commitment }
    ReportNoShow "report_no_show" { service as service }
    Rate "rate" { service as service, stars as stars, remark as remark_commitment }
}

impl TryFrom<v1::RuleOnDispute> for RuleOnDispute {
    type Error = Rejection;

    fn try_from(message: v1::RuleOnDispute) -> Result<Self, Rejection> {
        let v1::RuleOnDispute {
            service,
            ruling,
            minutes,
            reason_commitment,
        } = message;
        let (service, ruling, reason) = (
            Part::read("rule_on_dispute.service", service),
            ruling_of(ruling, minutes),
            Part::read("rule_on_dispute.reason_commitment", reason_commitment),
        )
            .all()?;
        Ok(Self {
            service,
            ruling,
            reason,
        })
    }
}

/// The minutes stand beside a ruling that corrects them, and beside no other.
fn ruling_of(ruling: i32, minutes: i64) -> Result<Ruling, Rejection> {
    let field = "rule_on_dispute.ruling";
    match (v1::Ruling::try_from(ruling), minutes) {
        (Err(_), _) => Err(Rejection::EnumUnknown { field }),
        (Ok(v1::Ruling::Unspecified), _) => Err(Rejection::FieldMissing { field }),
        (Ok(v1::Ruling::Stands), 0) => Ok(Ruling::Stands),
        (Ok(v1::Ruling::Void), 0) => Ok(Ruling::Void),
        (Ok(v1::Ruling::Corrected), minutes) => Minutes::parse(minutes).map(Ruling::Corrected),
        (Ok(_), _) => Err(Rejection::NumberOutOfRange {
            field: "rule_on_dispute.minutes",
        }),
    }
}

impl From<&RuleOnDispute> for v1::RuleOnDispute {
    fn from(act: &RuleOnDispute) -> Self {
        let RuleOnDispute {
            service,
            ruling,
            reason,
        } = act;
        let (ruling, minutes) = match ruling {
            Ruling::Stands => (v1::Ruling::Stands, 0),
            Ruling::Void => (v1::Ruling::Void, 0),
            Ruling::Corrected(minutes) => (v1::Ruling::Corrected, minutes.amount()),
        };
        Self {
            service: service.write(),
            ruling: ruling.into(),
            minutes,
            reason_commitment: reason.write(),
        }
    }
}
