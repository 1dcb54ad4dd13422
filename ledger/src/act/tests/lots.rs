//! Where hours come from, and what becomes of them in the end.

use crate::account::AccountId;
use crate::act::{Approve, Donate, ExpireHours, Give, ImportHours, Reverse, TakeBack};
use crate::id::{Commitment, MemberId};
use crate::lot::{LotSource, Lots};
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::testing::*;

/// A street on which granted hours last two months and others for ever.
fn street() -> Street {
    let mut street = Street::under(Rules {
        grant_expire_months: 2,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 120);
    street
}

fn sources(street: &Street, member: MemberId) -> Vec<(LotSource, bool, i64)> {
    let lots: Option<&Lots> = street.state.find(&member).expect("a complete state");
    let lots = lots.into_iter().flat_map(Lots::iter);
    lots.map(|lot| (lot.source, lot.expires.month().is_some(), lot.minutes))
        .collect()
}

fn give(street: &mut Street, by: MemberId, recipient: MemberId, amount: i64) -> crate::EntryId {
    let minutes = minutes(amount);
    street.done(by, Give { recipient, minutes })
}

#[test]
fn hours_say_where_they_came_from() {
    let mut street = street();
    street.confirmed();
    give(&mut street, VOLUNTEER, KEYLESS, 15);
    let import = ImportHours {
        member: SECOND_VOLUNTEER,
        minutes: minutes(90),
        scan: Commitment::from_bytes([1; 32]),
    };
    let proposal = street.done(STAFF, import);
    street.done(OPERATOR, Approve { proposal });
    assert_eq!(
        sources(&street, RECIPIENT),
        [(LotSource::Granted, true, 60)]
    );
    assert_eq!(
        sources(&street, VOLUNTEER),
        [(LotSource::Earned, false, 45)]
    );
    assert_eq!(sources(&street, KEYLESS), [(LotSource::Given, false, 15)]);
    let imported = [(LotSource::Imported, false, 90)];
    assert_eq!(sources(&street, SECOND_VOLUNTEER), imported);
}

#[test]
fn what_is_given_on_lasts_no_longer_than_it_did() {
    let mut street = street();
    give(&mut street, RECIPIENT, KEYLESS, 60);
    assert_eq!(sources(&street, KEYLESS), [(LotSource::Given, true, 60)]);
}

#[test]
fn what_expires_goes_to_the_pool_when_it_is_due_and_not_before() {
    let mut street = street();
    let member = RECIPIENT;
    let refused = street.act(STAFF, ExpireHours { member });
    assert_eq!(refused, Err(Rejection::NothingExpired));
    street.pass_days(95);
    street.done(STAFF, ExpireHours { member });
    assert_eq!(street.purse(RECIPIENT), (0, 0));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 120);
}

#[test]
fn hours_held_for_a_visit_do_not_expire_under_it() {
    let mut street = street();
    street.pass_days(95);
    street.requested();
    let member = RECIPIENT;
    street.done(STAFF, ExpireHours { member });
    assert_eq!(street.purse(RECIPIENT), (0, 60));
}

#[test]
fn a_reversal_puts_hours_back_where_they_were() {
    let mut street = street();
    let before = street.bytes();
    let entry = give(&mut street, RECIPIENT, KEYLESS, 60);
    let reason = None;
    let proposal = street.done(STAFF, Reverse { entry, reason });
    street.done(REGULATOR, Approve { proposal });
    let lots = crate::state::Key::Lots(RECIPIENT).encode();
    assert_eq!(street.bytes()[&lots], before[&lots]);
}

#[test]
fn a_gift_is_taken_back_for_three_days() {
    let mut street = street();
    let entry = give(&mut street, RECIPIENT, KEYLESS, 60);
    let refused = street.act(VOLUNTEER, TakeBack { entry });
    assert_eq!(refused, Err(Rejection::NotAParty));
    street.done(RECIPIENT, TakeBack { entry });
    assert_eq!(street.purse(RECIPIENT), (120, 0));
    let refused = street.act(RECIPIENT, TakeBack { entry });
    assert_eq!(refused, Err(Rejection::AlreadyReversed));
    let (unit, minutes) = (STATION, minutes(30));
    let entry = street.done(RECIPIENT, Donate { unit, minutes });
    street.pass_days(3);
    let due_ms = street.now.get();
    let refused = street.act(RECIPIENT, TakeBack { entry });
    assert_eq!(refused, Err(Rejection::Overdue { due_ms }));
}

#[test]
fn what_the_other_has_spent_is_not_taken_back() {
    let mut street = street();
    let entry = give(&mut street, RECIPIENT, VOLUNTEER, 60);
    give(&mut street, VOLUNTEER, KEYLESS, 30);
    let available = 30;
    let refused = street.act(RECIPIENT, TakeBack { entry });
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
}
