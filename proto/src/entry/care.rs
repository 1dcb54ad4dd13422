//! Acts of care: from the request to the settlement.

use ledger::act::{AcceptCare, CancelCare, CancelReason, ConfirmService, LogService, RequestCare};
use ledger::service::ItemCode;
use ledger::{Millis, Minutes, Rejection};

use super::Choice;
use super::field::{self, All};
use crate::v1;

impl TryFrom<v1::RequestCare> for RequestCare {
    type Error = Rejection;

    fn try_from(message: v1::RequestCare) -> Result<Self, Rejection> {
        let v1::RequestCare {
            unit,
            item,
            start_ms,
            minutes,
            note_commitment,
        } = message;
        let (unit, item, start, minutes, note) = (
            field::unit("request_care.unit", &unit),
            ItemCode::parse(item),
            Millis::parse("request_care.start_ms", start_ms),
            Minutes::parse(minutes),
            field::commitment("request_care.note_commitment", &note_commitment),
        )
            .all()?;
        Ok(Self {
            unit,
            item,
            start,
            minutes,
            note,
        })
    }
}

impl From<&RequestCare> for v1::RequestCare {
    fn from(act: &RequestCare) -> Self {
        let RequestCare {
            unit,
            item,
            start,
            minutes,
            note,
        } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            item: item.as_str().to_owned(),
            start_ms: start.get(),
            minutes: minutes.amount(),
            note_commitment: field::commitment_bytes(note.as_ref()),
        }
    }
}

impl TryFrom<v1::AcceptCare> for AcceptCare {
    type Error = Rejection;

    fn try_from(message: v1::AcceptCare) -> Result<Self, Rejection> {
        let v1::AcceptCare { service } = message;
        let service = field::entry("accept_care.service", &service)?;
        Ok(Self { service })
    }
}

impl From<&AcceptCare> for v1::AcceptCare {
    fn from(act: &AcceptCare) -> Self {
        let AcceptCare { service } = act;
        Self {
            service: service.as_bytes().to_vec(),
        }
    }
}

impl TryFrom<v1::CancelCare> for CancelCare {
    type Error = Rejection;

    fn try_from(message: v1::CancelCare) -> Result<Self, Rejection> {
        let v1::CancelCare { service, reason } = message;
        let (service, reason) = (
            field::entry("cancel_care.service", &service),
            CancelReason::parse("cancel_care.reason", reason),
        )
            .all()?;
        Ok(Self { service, reason })
    }
}

impl From<&CancelCare> for v1::CancelCare {
    fn from(act: &CancelCare) -> Self {
        let CancelCare { service, reason } = act;
        Self {
            service: service.as_bytes().to_vec(),
            reason: reason.to_number(),
        }
    }
}

impl TryFrom<v1::LogService> for LogService {
    type Error = Rejection;

    fn try_from(message: v1::LogService) -> Result<Self, Rejection> {
        let v1::LogService {
            service,
            start_ms,
            minutes,
            evidence_hash,
        } = message;
        let (service, start, minutes, evidence) = (
            field::entry("log_service.service", &service),
            Millis::parse("log_service.start_ms", start_ms),
            Minutes::parse(minutes),
            field::commitment("log_service.evidence_hash", &evidence_hash),
        )
            .all()?;
        Ok(Self {
            service,
            start,
            minutes,
            evidence,
        })
    }
}

impl From<&LogService> for v1::LogService {
    fn from(act: &LogService) -> Self {
        let LogService {
            service,
            start,
            minutes,
            evidence,
        } = act;
        Self {
            service: service.as_bytes().to_vec(),
            start_ms: start.get(),
            minutes: minutes.amount(),
            evidence_hash: field::commitment_bytes(evidence.as_ref()),
        }
    }
}

impl TryFrom<v1::ConfirmService> for ConfirmService {
    type Error = Rejection;

    fn try_from(message: v1::ConfirmService) -> Result<Self, Rejection> {
        let v1::ConfirmService { service, minutes } = message;
        let (service, minutes) = (
            field::entry("confirm_service.service", &service),
            Minutes::parse(minutes),
        )
            .all()?;
        Ok(Self { service, minutes })
    }
}

impl From<&ConfirmService> for v1::ConfirmService {
    fn from(act: &ConfirmService) -> Self {
        let ConfirmService { service, minutes } = act;
        Self {
            service: service.as_bytes().to_vec(),
            minutes: minutes.amount(),
        }
    }
}
