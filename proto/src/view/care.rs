//! Services, and what is due.

use ledger::service::{Service, Stage};
use ledger::{EntryId, Millis};

use crate::name::{ENTRIES, MEMBERS, SERVICES, UNITS};
use crate::v1;

/// A service.
pub fn service(id: &EntryId, service: &Service) -> v1::Service {
    // Who asked, and under which rules, the log says.
    let Service {
        unit,
        recipient,
        requested_by: _,
        item,
        start,
        planned,
        held,
        rules: _,
        price,
        asked,
        settlement: _,
        rated_by_recipient: _,
        rated_by_volunteer: _,
        stage,
    } = service;
    let visit = stage.visit();
    let started = match stage {
        Stage::Booked(booking) => booking.started,
        _ => None,
    };
    v1::Service {
        name: SERVICES.name(id),
        unit: UNITS.name(unit),
        recipient: MEMBERS.name(recipient),
        item: item.as_str().to_owned(),
        start_ms: start.get(),
        minutes: planned.amount(),
        held_minutes: (*held).into(),
        stage: stage_number(stage),
        volunteer: stage
            .volunteer()
            .as_ref()
            .map(|id| MEMBERS.name(id))
            .unwrap_or_default(),
        logged_start_ms: visit.map_or(0, |visit| visit.start.get()),
        logged_minutes: visit.map_or(0, |visit| visit.minutes.amount()),
        due_ms: stage.due().map_or(0, Millis::get),
        price: i32::try_from(*price).unwrap_or(i32::MAX),
        started_ms: started.map_or(0, Millis::get),
        asked_ms: asked.get(),
    }
}

fn stage_number(stage: &Stage) -> i32 {
    let stage = match stage {
        Stage::Open { .. } => v1::ServiceStage::Open,
        Stage::Booked(_) => v1::ServiceStage::Booked,
        Stage::Logged(_) => v1::ServiceStage::Logged,
        Stage::Settled(_) => v1::ServiceStage::Settled,
        Stage::Cancelled => v1::ServiceStage::Cancelled,
        Stage::Expired => v1::ServiceStage::Expired,
        Stage::Disputed(_) => v1::ServiceStage::Disputed,
        Stage::Purchased => v1::ServiceStage::Purchased,
    };
    stage.into()
}

/// What may be expired or finished from a time on.
pub fn due_target(target: &EntryId, due: Millis) -> v1::DueTarget {
    v1::DueTarget {
        target: ENTRIES.name(target),
        due_ms: due.get(),
    }
}

#[cfg(test)]
mod tests {
    use ledger::rules::RulesVersion;
    use ledger::service::{Booking, Dispute, Visit};

    use super::*;
    use crate::testing::{AUTHOR, ELDER, NOW, UNIT, id, minutes, request_care};
    use v1::ServiceStage as Shown;

    fn at(stage: Stage) -> v1::Service {
        let request = request_care();
        let row = Service {
            unit: UNIT,
            recipient: ELDER,
            requested_by: AUTHOR,
            item: request.item,
            start: request.start,
            planned: request.minutes,
            held: 45,
            rules: RulesVersion(1),
            price: 60,
            asked: NOW,
            settlement: None,
            rated_by_recipient: false,
            rated_by_volunteer: false,
            stage,
        };
        service(&id(), &row)
    }

    #[test]
    fn a_service_shows_what_was_asked_for() {
        let shown = at(Stage::Cancelled);
        assert_eq!(
            shown,
            v1::Service {
                name: format!("services/{}", id()),
                unit: format!("units/{UNIT}"),
                recipient: format!("members/{ELDER}"),
                item: "walk-30".to_owned(),
                start_ms: NOW.plus_days(1).get(),
                minutes: 90,
                held_minutes: 45,
                stage: Shown::Cancelled.into(),
                volunteer: String::new(),
                logged_start_ms: 0,
                logged_minutes: 0,
                due_ms: 0,
                price: 60,
                started_ms: 0,
                asked_ms: NOW.get(),
            }
        );
    }

    #[test]
    fn a_service_shows_as_much_as_its_stage_knows() {
        let visit = Visit {
            volunteer: AUTHOR,
            logged_by: ELDER,
            start: NOW,
            minutes: minutes(60),
        };
        let due = NOW.plus_hours(1);
        let (now_ms, due_ms) = (NOW.get(), due.get());
        let volunteer = format!("members/{AUTHOR}");
        let cases = [
            (Stage::Open { due }, (Shown::Open, "", 0, 0, due_ms)),
            (
                Stage::Booked(Booking {
                    volunteer: AUTHOR,
                    due,
                    started: None,
                }),
                (Shown::Booked, volunteer.as_str(), 0, 0, due_ms),
            ),
            (
                Stage::Logged(visit),
                (Shown::Logged, &volunteer, now_ms, 60, 0),
            ),
            (
                Stage::Settled(visit),
                (Shown::Settled, &volunteer, now_ms, 60, 0),
            ),
            (Stage::Cancelled, (Shown::Cancelled, "", 0, 0, 0)),
            (Stage::Expired, (Shown::Expired, "", 0, 0, 0)),
            (Stage::Purchased, (Shown::Purchased, "", 0, 0, 0)),
            (
                Stage::Disputed(Dispute {
                    visit,
                    by: ELDER,
                    due,
                }),
                (Shown::Disputed, &volunteer, now_ms, 60, due_ms),
            ),
        ];
        for (stage, expected) in cases {
            let shown = at(stage);
            let v1::Service {
                ref volunteer,
                logged_start_ms,
                logged_minutes,
                due_ms,
                ..
            } = shown;
            let known = (
                shown.stage(),
                volunteer.as_str(),
                logged_start_ms,
                logged_minutes,
                due_ms,
            );
            assert_eq!(known, expected);
        }
    }

    #[test]
    fn what_is_due_is_named_as_an_entry() {
        let target = format!("entries/{}", id());
        assert_eq!(
            due_target(&id(), NOW),
            v1::DueTarget {
                target,
                due_ms: NOW.get()
            }
        );
    }
}
