//! Cases of services, from request to settlement and expiry.

use super::{Case, act, case, for_keyless, for_other, proposal, service, signed_by};
use crate::act::{AcceptCare, Approve, CancelCare, CancelReason, Expire, Refuse, Reverse};
use crate::id::UnitId;
use crate::rules::{Issuance, Rules};
use crate::testing::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        request_care(),
        accept_care(),
        accept_care_overdue(),
        cancel_care(),
        log_late(),
        log_early(),
        confirm_service(),
        expire(),
    ]
}

/// A street whose recipient has ten hours.
fn street() -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street
}

fn cancel(service: crate::EntryId) -> CancelCare {
    let reason = CancelReason::Other;
    CancelCare { service, reason }
}

fn request_care() -> Case {
    let mut street = Street::open();
    let start = street.now;
    street.pass_days(8);
    let mut request = request(start, 7);
    request.unit = UnitId::from_bytes([77; 16]);
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(RequestCare, record).unit = STATION;
        }),
        ("RECIPIENT_AGE", |_, record| signed_by(record, RECIPIENT)),
        ("SESSION_LENGTH", |_, record| {
            act!(RequestCare, record).minutes = minutes(31);
        }),
        ("NOT_A_MULTIPLE", |_, record| {
            act!(RequestCare, record).minutes = minutes(60);
        }),
        ("TOO_LATE", |street, record| {
            act!(RequestCare, record).start = street.now;
        }),
        ("INSUFFICIENT_BALANCE", |street, _| {
            street.granted(RECIPIENT, 60);
        }),
    ];
    case("request care", street, TEENAGER, request, faults)
}

fn accept_care() -> Case {
    let mut street = street();
    let cancelled = street.requested();
    street.done(RECIPIENT, cancel(cancelled));
    street.requested();
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(AcceptCare, record).service = service(street, 0);
        }),
        ("OWN_SERVICE", |_, record| signed_by(record, TEENAGER)),
        ("SERVICE_STAGE", |street, record| {
            act!(AcceptCare, record).service = service(street, 1);
        }),
        ("VOLUNTEER_AGE", |_, record| signed_by(record, VOLUNTEER)),
    ];
    let service = nothing();
    case(
        "accept care",
        street,
        RECIPIENT,
        AcceptCare { service },
        faults,
    )
}

fn accept_care_overdue() -> Case {
    let mut street = street();
    let service = street.requested();
    street.pass_days(2);
    let faults: Vec<(_, super::Cure)> = vec![
        ("OWN_SERVICE", |_, record| signed_by(record, TEENAGER)),
        ("OVERDUE", |street, record| {
            act!(AcceptCare, record).service = street.requested();
        }),
        ("VOLUNTEER_AGE", |_, record| signed_by(record, VOLUNTEER)),
    ];
    case(
        "accept care too late",
        street,
        RECIPIENT,
        AcceptCare { service },
        faults,
    )
}

fn cancel_care() -> Case {
    let mut street = street();
    let logged = street.logged();
    street.requested();
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(CancelCare, record).service = service(street, 0);
        }),
        ("NOT_A_PARTY", |_, record| signed_by(record, RECIPIENT)),
        ("SERVICE_STAGE", |street, record| {
            act!(CancelCare, record).service = service(street, 1);
        }),
    ];
    assert_eq!(street.stage(logged), "LOGGED");
    case("cancel care", street, STAFF, cancel(nothing()), faults)
}

fn log_late() -> Case {
    let mut street = street();
    street.confirmed();
    street.booked();
    let start = street.now;
    street.pass_days(9);
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(LogService, record).service = service(street, 0);
        }),
        ("NOT_A_PARTY", |_, record| signed_by(record, VOLUNTEER)),
        ("SERVICE_STAGE", |street, record| {
            act!(LogService, record).service = service(street, 1);
        }),
        ("NOT_A_MULTIPLE", |_, record| {
            act!(LogService, record).minutes = minutes(75);
        }),
        ("TOO_LATE", |street, record| {
            act!(LogService, record).start = street.now;
            street.pass_minutes(75);
        }),
        ("MORE_THAN_BOOKED", |_, record| {
            act!(LogService, record).minutes = minutes(60);
        }),
    ];
    let log = log(nothing(), start, 70);
    case("log service late", street, SECOND_VOLUNTEER, log, faults)
}

fn log_early() -> Case {
    let mut street = street();
    let service = street.booked();
    let faults: Vec<(_, super::Cure)> = vec![
        ("NOT_A_PARTY", |_, record| signed_by(record, VOLUNTEER)),
        ("NOT_A_MULTIPLE", |_, record| {
            act!(LogService, record).minutes = minutes(75);
        }),
        ("VISIT_NOT_OVER", |street, _| street.pass_minutes(75)),
        ("MORE_THAN_BOOKED", |_, record| {
            act!(LogService, record).minutes = minutes(60);
        }),
    ];
    let log = log(service, street.now, 70);
    case("log service early", street, SECOND_VOLUNTEER, log, faults)
}

/// Has staff visit the member without a key for an hour.
fn visited_by_staff(street: &mut Street) -> crate::EntryId {
    let request = request(street.now, 60);
    let service = street.done_for(SECOND_STAFF, KEYLESS, request);
    street.done(STAFF, AcceptCare { service });
    let log = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(STAFF, log);
    service
}

fn confirm_service() -> Case {
    let mut street = Street::under(Rules {
        issuance: Issuance::Mint,
        issued_minutes_max: 60,
        ..Rules::default()
    });
    let paid = visited_by_staff(&mut street);
    let confirmation = street.done_for(SECOND_STAFF, KEYLESS, confirm(paid, 60));
    visited_by_staff(&mut street);
    let (entry, reason) = (confirmation, None);
    street.done(SECOND_STAFF, Reverse { entry, reason });
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(ConfirmService, record).service = service(street, 0);
        }),
        ("NOT_A_PARTY", |_, record| for_keyless(record)),
        ("SAME_PERSON", |_, record| signed_by(record, SECOND_STAFF)),
        ("SERVICE_STAGE", |street, record| {
            act!(ConfirmService, record).service = service(street, 1);
        }),
        ("MINUTES_DIFFER", |_, record| {
            act!(ConfirmService, record).minutes = minutes(60);
        }),
        ("ISSUE_BUDGET", |street, _| {
            let proposal = proposal(street, 0);
            street.done(REGULATOR, Approve { proposal });
        }),
    ];
    let confirm = confirm(nothing(), 45);
    let case = case("confirm service", street, STAFF, confirm, faults);
    for_other(case, DISABLED)
}

fn expire() -> Case {
    let mut street = street();
    let cancelled = street.requested();
    street.done(RECIPIENT, cancel(cancelled));
    street.requested();
    let (proposal, reason) = (street.done(FUND_ADMIN, grant(RECIPIENT, 60)), None);
    street.done(FUND_ADMIN, Refuse { proposal, reason });
    let faults: Vec<(_, super::Cure)> = vec![
        ("TARGET_UNKNOWN", |street, record| {
            act!(Expire, record).target = service(street, 0);
        }),
        ("SERVICE_STAGE", |street, record| {
            act!(Expire, record).target = super::proposal(street, 1);
        }),
        ("PROPOSAL_CLOSED", |street, record| {
            act!(Expire, record).target = service(street, 1);
        }),
        ("NOT_DUE", |street, _| street.pass_days(2)),
    ];
    let target = nothing();
    case("expire", street, TEENAGER, Expire { target }, faults)
}
