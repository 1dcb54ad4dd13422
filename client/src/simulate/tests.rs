//! Small cities.

use super::*;

fn plan() -> Plan {
    Plan {
        rules: Rules {
            training_required: true,
            agreement_required: true,
            check_in_required: true,
            ..Rules::default()
        },
        members: 120,
        years: 4,
        seed: 1,
        joining_permille: 40,
        active_percent: 60,
        asking_percent: 50,
        filled_percent: 80,
        in_need_percent: 40,
        issued_hours: 100,
        yearly_fen: 50_000_000,
        fen_per_hour: 4_000,
    }
}

#[test]
fn the_same_seed_makes_the_same_city_and_another_another() {
    let (first, again) = (simulate(&plan(), |_| {}), simulate(&plan(), |_| {}));
    assert_eq!(first, again);
    let other = Plan { seed: 2, ..plan() };
    assert_ne!(simulate(&other, |_| {}), first);
}

#[test]
fn a_fund_with_money_keeps_the_promise_and_one_without_does_not() {
    let rich = simulate(&plan(), |_| {});
    assert!(rich.kept, "{rich:?}");
    assert!(rich.years.iter().all(|year| year.bought_minutes > 0));
    assert!(
        rich.years
            .iter()
            .all(|year| year.redeemed_minutes > year.bought_minutes)
    );
    let poor = Plan {
        yearly_fen: 1,
        ..plan()
    };
    let poor = simulate(&poor, |_| {});
    assert!(!poor.kept);
    assert!(poor.years.iter().all(|year| year.bought_minutes == 0));
}

#[test]
fn every_year_is_counted_and_told() {
    let mut told = Vec::new();
    let simulated = simulate(&plan(), |percent| told.push(percent));
    assert!(told.is_sorted() && told.last() == Some(&100), "{told:?}");
    assert!(simulated.records > 1_000);
    let last = simulated.years[3];
    assert!(last.members > last.elders && last.elders > 0, "{last:?}");
    assert!(last.liability_fen > 0 && last.coverage_percent.is_some());
}

#[test]
fn the_curves_are_drawn_as_svg() {
    let simulated = simulate(&plan(), |_| {});
    let svg = chart("A city", &simulated.years);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert_eq!(svg.matches("<polyline").count(), 4);
    assert_eq!(svg, chart("A city", &simulate(&plan(), |_| {}).years));
}

#[test]
fn fewer_volunteers_cost_more_and_what_changes_most_comes_first() {
    let simulated = simulate(&plan(), |_| {});
    let by_name = |name: &str| {
        let found = simulated.variations.iter().find(|it| it.name == name);
        found.expect("a variation").more_percent
    };
    assert!(by_name("a quarter fewer requests are taken on") > 10);
    assert!(by_name("an hour costs a quarter more") == 25);
    let sizes = simulated.variations.iter().map(|it| it.more_percent.abs());
    assert!(sizes.rev().is_sorted());
}

#[test]
fn a_small_city_of_every_volunteer_buys_nothing() {
    let plan = Plan {
        filled_percent: 100,
        active_percent: 100,
        asking_percent: 10,
        ..plan()
    };
    let simulated = simulate(&plan, |_| {});
    assert!(simulated.kept);
    for year in simulated.years {
        assert_eq!(year.bought_minutes, 0, "{year:?}");
        assert_eq!(year.earned_minutes, year.redeemed_minutes, "{year:?}");
    }
}

/// A volunteer of these rules serves for a whole day at most, and the fund buys
/// only what has waited for long.
#[test]
fn rules_of_other_sessions_and_times_fit_the_model() {
    let rules = Rules {
        session_minutes_max: 480,
        weekly_minutes_max: 100,
        quantum_minutes: 15,
        lead_time_hours: 200,
        unmatched_hours: 400,
        ..Rules::default()
    };
    let simulated = simulate(&Plan { rules, ..plan() }, |_| {});
    assert!(simulated.kept);
    let first = simulated.years[0];
    assert!(first.bought_minutes > 0 && first.earned_minutes > 0);
    assert_eq!(first.earned_minutes % 90, 0, "an hour and a half a visit");
}
