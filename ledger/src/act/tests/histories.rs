//! Random histories of every act, under every kind of rules.
//!
//! [`Street::submit`] checks after each act that books, lots, lists and keys are
//! in order, that a refusal changes nothing, and that rows loaded on demand give
//! the same verdict. On top of that:
//! - whatever is open has an act that ends it, by somebody, at some time;
//! - rules that were adopted change no verdict before they are in force.
//!
//! `HISTORIES_SEED` in the message of a failure plays it again.

mod deeds;
mod exits;

use self::deeds::Deeds;
use crate::act::{Act, MoveMember};
use crate::rules::{DeathRule, GiveScope, Issuance, Rounding, Rules};
use crate::testing::*;

const HISTORIES: u64 = 150;
const ACTS: u64 = 120;
/// How many acts [`Deeds`] knows.
const DEEDS: usize = 54;
const SEED: u64 = 20_261_126;

/// A generator that is the same everywhere: xorshift64* (S. Vigna, "An
/// experimental exploration of Marsaglia's xorshift generators, scrambled").
pub(super) struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d);
        usize::try_from(mixed >> 33).expect("31 bits") % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}

fn rules(random: &mut Random) -> Rules {
    Rules {
        issuance: random.one(&[Issuance::Transfer, Issuance::Transfer, Issuance::Mint]),
        give_scope: random.one(&[GiveScope::Anyone, GiveScope::Kin, GiveScope::Nobody]),
        rounding: random.one(&[Rounding::Down, Rounding::Nearest, Rounding::Up]),
        death_rule: random.one(&[DeathRule::Heir, DeathRule::Pool]),
        balance_minutes_max: random.one(&[0, 300, 90_000]),
        inter_district_minutes_max: random.one(&[0, 60, 300_000]),
        grant_expire_months: random.one(&[0, 1]),
        hours_expire_months: random.one(&[0, 2]),
        daily_minutes_max: random.one(&[0, 120]),
        tolerance_minutes: random.one(&[0, 30]),
        give_year_minutes_max: random.one(&[0, 200]),
        estate_days: 10,
        rule_change_notice_days: 1,
        kin_service_counts: random.percent(50),
        check_in_required: random.percent(20),
        unmatched_hours: 24,
        ..Rules::default()
    }
}

#[test]
fn random_histories_keep_the_books_and_leave_nothing_without_an_exit() {
    let mut accepted = std::collections::BTreeMap::<&str, u64>::new();
    for number in 0..HISTORIES {
        let seed = SEED ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = Random(seed | 1);
        let rules = rules(&mut random);
        let mut street = Street::under(rules);
        for member in [RECIPIENT, KEYLESS, DISABLED] {
            street.granted(member, 240);
        }
        // Visits of the one volunteer cross the border between districts.
        let unit = OTHER_STATION;
        street.done_for(STAFF, VOLUNTEER, MoveMember { unit });
        let mut deeds = Deeds::new(random);
        for _ in 0..ACTS {
            let record = deeds.next(&mut street);
            let act = record.entry.act.name();
            if street.submit(record).is_ok() {
                *accepted.entry(act).or_default() += 1;
            }
        }
        exits::check(&street, number);
    }
    // Else the histories prove less than they promise.
    assert_eq!(accepted.len(), DEEDS, "{accepted:?}");
}

/// Of two streets, one adopts new rules; until they are in force, both judge
/// every entry alike.
#[test]
fn adopted_rules_change_no_verdict_before_their_time() {
    for number in 0..HISTORIES / 3 {
        let mut random = Random((SEED ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d)) | 1);
        let first = rules(&mut random);
        let mut second = rules(&mut random);
        second.version.0 = 2;
        let mut street = Street::under(first);
        street.granted(RECIPIENT, 240);
        let mut twin = street.clone();
        let from = street.now.plus_days(20);
        let adopt = crate::act::AdoptRules {
            rules: Box::new(second),
            from,
            reason: None,
        };
        let proposal = street.done(OPERATOR, adopt);
        street.done(REGULATOR, crate::act::Approve { proposal });
        let mut deeds = Deeds::new(random);
        while street.now < from {
            let mut record = deeds.next(&mut street);
            if street.now >= from || matches!(record.entry.act, Act::AdoptRules(_)) {
                continue;
            }
            let verdict = street.submit(record.clone()).map(|_| ());
            twin.now = street.now;
            record.position = twin.next_position();
            assert_eq!(twin.submit(record).map(|_| ()), verdict, "history {number}");
        }
    }
}
