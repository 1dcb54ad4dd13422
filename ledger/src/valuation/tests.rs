//! The worked example, and what changes it.

use super::*;

/// The worked example of docs/solvency.md: 10,000 volunteers of 62 with 120
/// hours each, 40 yuan an hour, nobody served by volunteers.
fn example(redemption_percent: u32) -> (Vec<Holding>, Assumptions) {
    let holdings = vec![Holding {
        age_years: 62,
        minutes: 10_000 * 120 * 60,
    }];
    let assumptions = Assumptions {
        redemption_percent,
        unfilled_percent: 100,
        inherited: false,
        ..Assumptions::default()
    };
    (holdings, assumptions)
}

fn close(found: i64, expected: i64) {
    let difference = (found - expected).abs();
    assert!(
        difference * 100 <= expected * 2,
        "{found} is not {expected}"
    );
}

#[test]
fn the_worked_example_comes_out() {
    let rows = [
        (10, 81_000, 330_000_000, 460_000_000),
        (35, 285_000, 1_140_000_000, 1_610_000_000),
        (70, 570_000, 2_280_000_000, 3_220_000_000),
    ];
    for (redemption, hours, today, expected) in rows {
        let (holdings, assumptions) = example(redemption);
        let found = value(&holdings, &assumptions);
        close(found.bought_minutes / 60, hours);
        close(found.today_fen, today);
        close(found.expected_fen, expected);
    }
}

#[test]
fn what_heirs_inherit_and_what_volunteers_serve_comes_out() {
    let (holdings, mut assumptions) = example(35);
    assumptions.inherited = true;
    close(value(&holdings, &assumptions).expected_fen, 2_390_000_000);
    assumptions.inherited = false;
    assumptions.unfilled_percent = 20;
    close(value(&holdings, &assumptions).expected_fen, 320_000_000);
}

#[test]
fn people_die_as_the_example_says() {
    close(i64::try_from(survival(62, 75)).expect("a share"), 820_000);
    close(i64::try_from(survival(62, 85)).expect("a share"), 520_000);
    assert_eq!(survival(70, 70), 1_000_000);
    assert_eq!(survival(60, 111), 0);
}

#[test]
fn stress_tests_are_listed_with_the_gravest_first() {
    let (holdings, assumptions) = example(35);
    let tests = stress(&holdings, &assumptions);
    let base = value(&holdings, &assumptions).expected_fen;
    assert_eq!((tests[0].name, tests[0].expected_fen), ("as assumed", base));
    assert_eq!(tests[1].name, "redemption doubles");
    close(tests[1].expected_fen, base * 2);
    assert!(tests[1..].is_sorted_by_key(|test| -test.expected_fen));
}

#[test]
fn nothing_held_costs_nothing_and_the_oldest_redeem_within_the_year() {
    let assumptions = Assumptions::default();
    assert_eq!(value(&[], &assumptions), Liability::default());
    let old = [Holding {
        age_years: 90,
        minutes: 600,
    }];
    let found = value(&old, &assumptions);
    assert_eq!(found.bought_minutes, 42);
    assert_eq!((found.today_fen, found.expected_fen), (2_800, 2_827));
}
