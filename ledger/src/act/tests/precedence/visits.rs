//! Cases of visits under stricter rules.

use super::{Case, act, case, service, signed_by};
use crate::act::{
    AcceptCare, Agree, Block, Certify, Freeze, LinkKin, Rate, RuleOnDispute, Ruling, StartVisit,
    Suspend, Unfreeze,
};
use crate::id::Commitment;
use crate::rules::{Catalogue, Item, Rules};
use crate::service::ItemCode;
use crate::testing::*;
use crate::tie::Relation;

pub(super) fn cases() -> Vec<Case> {
    vec![
        request_strictly(),
        accept_strictly(),
        log_strictly(),
        log_in_a_full_week(),
        log_late_too_often(),
        rate(),
        rule_on_dispute(),
    ]
}

fn code(code: &str) -> ItemCode {
    ItemCode::parse(code.to_owned()).expect("a code")
}

fn strict() -> Rules {
    Rules {
        volunteer_age_years_max: 63,
        lead_time_hours: 24,
        agreement_required: true,
        training_required: true,
        catalogue: Catalogue(vec![Item {
            code: code("company"),
            price: 60,
            certificate: None,
        }]),
        ..Rules::default()
    }
}

fn request_strictly() -> Case {
    let mut street = Street::under(strict());
    street.granted(RECIPIENT, 600);
    let (member, until, reason) = (RECIPIENT, street.now.plus_days(30), None);
    street.done(
        OPERATOR,
        Freeze {
            member,
            until,
            reason,
        },
    );
    let mut request = request(street.now.plus_hours(2), 60);
    request.item = code("cooking");
    let faults: Vec<(_, super::Cure)> = vec![
        ("ITEM_NOT_OFFERED", |_, record| {
            act!(RequestCare, record).item = code("company");
        }),
        ("ACCOUNT_FROZEN", |street, _| {
            let (member, reason) = (RECIPIENT, None);
            street.done(OPERATOR, Unfreeze { member, reason });
        }),
        ("LEAD_TIME", |street, record| {
            act!(RequestCare, record).start = street.now.plus_hours(24);
        }),
    ];
    case("request strictly", street, RECIPIENT, request, faults)
}

fn certify(street: &mut Street, until: crate::Millis) {
    street.done(
        STAFF,
        Certify {
            member: VOLUNTEER,
            certificate: code("training"),
            until,
            papers: None,
        },
    );
}

fn accept_strictly() -> Case {
    let mut street = Street::under(strict());
    street.granted(RECIPIENT, 600);
    let start = street.now.plus_hours(48);
    let service = street.done(RECIPIENT, request(start, 60));
    let (other, blocked) = (SECOND_VOLUNTEER, true);
    street.done(RECIPIENT, Block { other, blocked });
    let link = LinkKin {
        member: RECIPIENT,
        kin: VOLUNTEER,
        relation: Relation::Child,
        papers: None,
    };
    street.done(STAFF, link);
    let now = street.now;
    certify(&mut street, now);
    let (member, until, reason) = (SECOND_VOLUNTEER, street.now.plus_days(30), None);
    street.done(
        OPERATOR,
        Suspend {
            member,
            until,
            reason,
        },
    );
    let faults: Vec<(_, super::Cure)> = vec![
        ("PAIR_BLOCKED", |street, _| {
            let (other, blocked) = (SECOND_VOLUNTEER, false);
            street.done(RECIPIENT, Block { other, blocked });
        }),
        ("SUSPENDED", |street, _| {
            let (member, reason) = (SECOND_VOLUNTEER, None);
            street.done(OPERATOR, crate::act::Reinstate { member, reason });
        }),
        ("VOLUNTEER_TOO_OLD", |_, record| {
            signed_by(record, VOLUNTEER);
        }),
        ("AGREEMENT_MISSING", |street, _| {
            let agreement = Commitment::from_bytes([3; 32]);
            street.done(VOLUNTEER, Agree { agreement });
        }),
        ("CERTIFICATE_MISSING", |street, _| {
            let until = street.now.plus_days(1);
            certify(street, until);
        }),
        ("KIN_SERVICE", |street, _| {
            let (member, kin, reason) = (RECIPIENT, VOLUNTEER, None);
            let unlink = crate::act::UnlinkKin {
                member,
                kin,
                reason,
            };
            let proposal = street.done(STAFF, unlink);
            street.done(OPERATOR, crate::act::Approve { proposal });
        }),
    ];
    let accept = AcceptCare { service };
    case("accept strictly", street, SECOND_VOLUNTEER, accept, faults)
}

/// A street on which the volunteer has stated an hour and has booked another at
/// the same time.
fn busy(rules: Rules) -> Street {
    let mut street = Street::under(rules);
    street.granted(RECIPIENT, 600);
    let start = street.now;
    let booked = [0, 1].map(|_| {
        let service = street.done(RECIPIENT, request(start, 60));
        street.done(VOLUNTEER, AcceptCare { service });
        service
    });
    street.pass_minutes(180);
    street.done_for(STAFF, VOLUNTEER, log(booked[0], start, 60));
    street
}

fn log_strictly() -> Case {
    let street = busy(Rules {
        check_in_required: true,
        daily_minutes_max: 90,
        ..Rules::default()
    });
    let act = log(service(&street, 1), OPENING, 60);
    let faults: Vec<(_, super::Cure)> = vec![
        ("CHECK_IN_MISSING", |street, _| {
            let (service, evidence) = (service(street, 1), None);
            street.done(VOLUNTEER, StartVisit { service, evidence });
        }),
        ("VISITS_OVERLAP", |_, record| {
            act!(LogService, record).start = OPENING.plus_minutes(60);
        }),
        ("DAILY_CAP", |_, record| {
            act!(LogService, record).minutes = minutes(30);
        }),
    ];
    case("log strictly", street, VOLUNTEER, act, faults)
}

fn log_in_a_full_week() -> Case {
    let street = busy(Rules {
        weekly_minutes_max: 90,
        ..Rules::default()
    });
    let act = log(service(&street, 1), OPENING.plus_minutes(90), 60);
    let faults: Vec<(_, super::Cure)> = vec![("WEEKLY_CAP", |_, record| {
        act!(LogService, record).minutes = minutes(30);
    })];
    case("log in a full week", street, VOLUNTEER, act, faults)
}

fn log_late_too_often() -> Case {
    let mut street = Street::under(Rules {
        late_share_percent_max: 40,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let late = street.booked();
    let act = street.booked();
    let start = street.now;
    street.pass_days(2);
    street.done(VOLUNTEER, log(late, start, 60));
    let act = log(act, start.plus_minutes(60), 60);
    let faults: Vec<(_, super::Cure)> = vec![("LATE_SHARE", |_, record| {
        record.entry.on_behalf_of = Some(crate::entry::OnBehalf {
            member: VOLUNTEER,
            attestation: crate::entry::Attestation::Attested,
        });
        signed_by(record, STAFF);
    })];
    case("log late too often", street, VOLUNTEER, act, faults)
}

fn rate() -> Case {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let (rated, _) = street.confirmed();
    let rate = Rate {
        service: rated,
        stars: 5,
        remark: None,
    };
    street.done(RECIPIENT, rate.clone());
    street.requested();
    street.confirmed();
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(Rate, record).service = service(street, 1);
        }),
        ("NOT_A_PARTY", |_, record| signed_by(record, RECIPIENT)),
        ("SERVICE_STAGE", |street, record| {
            act!(Rate, record).service = service(street, 0);
        }),
        ("ALREADY_RATED", |street, record| {
            act!(Rate, record).service = service(street, 2);
        }),
    ];
    let rate = Rate {
        service: nothing(),
        ..rate
    };
    case("rate", street, STAFF, rate, faults)
}

fn rule_on_dispute() -> Case {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service_id = street.logged();
    let ruling = Ruling::Corrected(minutes(120));
    let act = RuleOnDispute {
        service: nothing(),
        ruling,
        reason: None,
    };
    let link = LinkKin {
        member: RECIPIENT,
        kin: OPERATOR,
        relation: Relation::Other,
        papers: None,
    };
    street.done(STAFF, link);
    assert_eq!(street.stage(service_id), "LOGGED");
    let faults: Vec<(_, super::Cure)> = vec![
        ("SERVICE_UNKNOWN", |street, record| {
            act!(RuleOnDispute, record).service = service(street, 0);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
        ("INVOLVED", |_, record| signed_by(record, REGULATOR)),
        ("SERVICE_STAGE", |street, _| {
            let (service, reason) = (service(street, 0), None);
            street.done(RECIPIENT, crate::act::DisputeService { service, reason });
        }),
        ("MORE_THAN_BOOKED", |_, record| {
            act!(RuleOnDispute, record).ruling = Ruling::Corrected(minutes(30));
        }),
    ];
    case("rule on a dispute", street, STAFF, act, faults)
}
