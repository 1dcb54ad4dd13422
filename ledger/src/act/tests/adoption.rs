//! Going on from an older state: who declares it, and what it changes.

use crate::act::{AdoptState, Appoint, Donate};
use crate::adoption::{Abandoned, Adoption, Adoptions};
use crate::entry::Seen;
use crate::id::MemberId;
use crate::log::{Hash, TreeSize, leaf_hash};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::testing::*;

fn lost_root() -> Hash {
    leaf_hash(b"lost")
}

/// An adoption of the street, which is said to have had so many records more.
fn adopt(street: &Street, lost: u64) -> AdoptState {
    AdoptState {
        abandoned: Abandoned {
            size: TreeSize::new(street.next_position().get() + lost),
            root: lost_root(),
        },
        reason: None,
    }
}

/// Donates a minute, having seen a tree.
fn donate(street: &mut Street, seen: Seen) -> Result<(), Rejection> {
    let (unit, minutes) = (STATION, minutes(1));
    let mut record = street.record(RECIPIENT, Donate { unit, minutes });
    record.entry.seen = Some(seen);
    street.submit(record).map(|_| ())
}

#[test]
fn an_operator_of_the_scheme_declares_which_tree_is_given_up() {
    let mut street = Street::open();
    let mut expected = Vec::new();
    for lost in [3, 1] {
        let act = adopt(&street, lost);
        expected.push(Adoption {
            position: street.next_position(),
            abandoned: act.abandoned,
        });
        street.done(OPERATOR, act);
    }
    let adoptions = street
        .state
        .find::<Adoptions>(&())
        .expect("a complete state");
    assert_eq!(adoptions, Some(&Adoptions(expected)));
}

#[test]
fn nobody_else_declares_it() {
    let mut street = Street::open();
    let unit = DISTRICT;
    let role = Role::Operator;
    let member = VOLUNTEER;
    street.done(OPERATOR, Appoint { member, unit, role });
    let others: [MemberId; 5] = [VOLUNTEER, REGULATOR, STAFF, FUND_ADMIN, AUDITOR];
    for by in others {
        let act = adopt(&street, 1);
        assert_eq!(street.act(by, act), Err(Rejection::RoleMissing { role }));
    }
}

#[test]
fn a_tree_that_the_log_has_outgrown_is_not_given_up() {
    let mut street = Street::open();
    let act = adopt(&street, 0);
    assert_eq!(street.act(OPERATOR, act), Err(Rejection::NothingLost));
}

#[test]
fn what_was_signed_on_the_lost_tree_can_be_sent_again() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 60);
    let largest = TreeSize::new(street.next_position().get() + 9);
    let root = lost_root();
    let other = Hash::EMPTY_ROOT;
    let within = Seen {
        size: TreeSize::new(largest.get() - 1),
        root: other,
    };
    assert_eq!(donate(&mut street, within), Err(Rejection::SeenAhead));
    let act = adopt(&street, 9);
    assert_eq!(act.abandoned.size, largest);
    street.done(OPERATOR, act);
    assert_eq!(donate(&mut street, within), Ok(()));
    assert_eq!(
        donate(
            &mut street,
            Seen {
                size: largest,
                root
            }
        ),
        Ok(())
    );
    for (size, root) in [(largest.get(), other), (largest.get() + 1, root)] {
        let size = TreeSize::new(size);
        let refused = donate(&mut street, Seen { size, root });
        assert_eq!(refused, Err(Rejection::SeenAhead), "{size}");
    }
}
