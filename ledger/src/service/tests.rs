//! Each act leaves only its own stages.

use super::*;

const NOW: Millis = Millis::new(1_000);
const DUE: Millis = Millis::new(2_000);

fn stages() -> [Stage; 8] {
    let volunteer = MemberId::from_bytes([1; 16]);
    let minutes = Minutes::parse(60).expect("positive");
    let visit = Visit {
        volunteer,
        logged_by: volunteer,
        start: NOW,
        minutes,
    };
    [
        Stage::Open { due: DUE },
        Stage::Booked(Booking {
            volunteer,
            due: DUE,
            started: None,
        }),
        Stage::Logged(visit),
        Stage::Settled(visit),
        Stage::Disputed(Dispute {
            visit,
            by: volunteer,
            due: DUE,
        }),
        Stage::Purchased,
        Stage::Cancelled,
        Stage::Expired,
    ]
}

/// For each act, the stages that it may leave.
#[test]
fn each_act_leaves_only_its_own_stages() {
    let volunteer = MemberId::from_bytes([1; 16]);
    let booking = Booking {
        volunteer,
        due: DUE,
        started: None,
    };
    let minutes = Minutes::parse(60).expect("positive");
    let visit = Visit {
        volunteer,
        logged_by: volunteer,
        start: NOW,
        minutes,
    };
    let allowed = |act: fn(Stage, Booking, Visit) -> bool| {
        stages()
            .into_iter()
            .filter(|s| act(s.clone(), booking, visit))
            .map(|s| s.name())
            .collect()
    };
    let accept: Vec<_> = allowed(|s, b, _| s.accept(b, NOW).is_ok());
    let hand_back: Vec<_> = allowed(|s, _, _| s.hand_back(DUE).is_ok());
    let log: Vec<_> = allowed(|s, _, v| s.log(v).is_ok());
    let settle: Vec<_> = allowed(|s, _, _| s.settle().is_ok());
    let cancel: Vec<_> = allowed(|s, _, _| s.cancel().is_ok());
    let expire: Vec<_> = allowed(|s, _, _| s.expire(DUE).is_ok());
    let begin: Vec<_> = allowed(|s, _, _| s.begin(NOW).is_ok());
    let dispute: Vec<_> = allowed(|s, b, _| s.dispute(b.volunteer, DUE).is_ok());
    let rule: Vec<_> = allowed(|s, _, _| s.disputed().is_ok());
    let purchase: Vec<_> = allowed(|s, _, _| s.purchase().is_ok());
    assert_eq!(begin, ["BOOKED"]);
    assert_eq!(dispute, ["LOGGED", "SETTLED"]);
    assert_eq!(rule, ["DISPUTED"]);
    assert_eq!(purchase, ["OPEN"]);
    assert_eq!(accept, ["OPEN"]);
    assert_eq!(hand_back, ["BOOKED", "LOGGED"]);
    assert_eq!(log, ["BOOKED"]);
    assert_eq!(settle, ["LOGGED"]);
    assert_eq!(cancel, ["OPEN", "BOOKED"]);
    assert_eq!(expire, ["OPEN", "BOOKED"]);
}

#[test]
fn an_open_request_is_taken_before_it_is_due_and_expired_after() {
    let open = Stage::Open { due: DUE };
    let booking = Booking {
        volunteer: MemberId::from_bytes([1; 16]),
        due: DUE,
        started: None,
    };
    assert_eq!(
        open.clone().accept(booking, DUE),
        Err(Rejection::Overdue { due_ms: 2_000 })
    );
    assert_eq!(open.expire(NOW), Err(Rejection::NotDue { due_ms: 2_000 }));
}
