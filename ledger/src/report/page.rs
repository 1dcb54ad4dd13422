//! One page: indicators with a trend and a light.
//!
//! The thresholds of the lights are proposals: no source states any.

mod indicator;

use serde::Serialize;

pub use self::indicator::{GROUP_MIN, Indicator, Light};
use self::indicator::{light, median, of_group, plain, share_above, share_below};
use super::Counts;
use crate::id::UnitId;
use crate::rules::Rules;
use crate::time::YearMonth;

/// All figures of a unit and a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The unit, with all below it, as 32 hex digits.
    pub unit: String,
    /// The month, as `YYYY-MM`.
    pub month: String,
    /// The figures.
    pub indicators: Vec<Indicator>,
}

/// What there is at the newest record.
#[derive(Debug, Clone, Default)]
pub(super) struct Stock {
    pub(super) members: i64,
    pub(super) minutes: i64,
    pub(super) pool: i64,
    pub(super) holders: i64,
    pub(super) dormant: i64,
    pub(super) old_holders: i64,
    pub(super) old_askers: i64,
    pub(super) open_cases: i64,
    pub(super) overdue_cases: i64,
    pub(super) open_requests: i64,
    pub(super) coverage: Option<i64>,
    /// How long ago it was published.
    pub(super) valuation_months: Option<i64>,
    /// Of those who served in the month: how many, and how many are aged.
    pub(super) volunteers: i64,
    pub(super) aged_volunteers: i64,
}

/// From what age on volunteers will soon need care themselves.
pub(super) const AGED_YEARS: u32 = 75;

pub(super) fn page(
    (unit, month): (UnitId, YearMonth),
    [counts, before]: [&Counts; 2],
    stock: &Stock,
    rules: &Rules,
) -> Page {
    let mut indicators = of_stock(stock);
    indicators.extend(of_promise(stock, rules));
    let monthly = |counts: &Counts| {
        let integrity = of_integrity(counts, rules.sample_percent_min.into());
        [of_flow(counts), of_service(counts), integrity]
    };
    let (now, then) = (monthly(counts), monthly(before));
    for (indicator, earlier) in now.into_iter().flatten().zip(then.into_iter().flatten()) {
        indicators.push(Indicator {
            before: earlier.value,
            ..indicator
        });
    }
    Page {
        unit: unit.to_string(),
        month: month.to_string(),
        indicators,
    }
}

fn of_stock(stock: &Stock) -> Vec<Indicator> {
    let redeemers = (stock.old_askers, stock.old_holders);
    let redeemers = share_above(
        "promise",
        "holders of age who ever asked for care",
        redeemers,
        [40, 20],
    );
    let dormant = share_below(
        "promise",
        "holders without any act for two years",
        (stock.dormant, stock.holders),
        [10, 30],
    );
    let aged = share_below(
        "promise",
        "volunteers of 75 and older",
        (stock.aged_volunteers, stock.volunteers),
        [25, 50],
    );
    vec![
        plain("promise", "members", "people", stock.members),
        of_group(
            stock.members,
            plain("promise", "hours outstanding", "minutes", stock.minutes),
        ),
        plain("promise", "hours in pools", "minutes", stock.pool),
        of_group(stock.old_holders, redeemers),
        of_group(stock.holders, dormant),
        of_group(stock.volunteers, aged),
        plain("service", "open requests", "entries", stock.open_requests),
        plain("integrity", "open cases", "entries", stock.open_cases),
        Indicator {
            light: if stock.overdue_cases == 0 {
                Light::Green
            } else {
                Light::Red
            },
            ..plain(
                "integrity",
                "cases past their time",
                "entries",
                stock.overdue_cases,
            )
        },
    ]
}

/// What the fund has published, beside what the rules ask of it.
fn of_promise(stock: &Stock, rules: &Rules) -> [Indicator; 2] {
    let target = i64::from(rules.reserve_percent_target);
    let coverage = Indicator {
        value: stock.coverage,
        light: light(stock.coverage, |it| [it >= target, it >= target * 80 / 100]),
        ..plain("money", "published coverage of the promise", "percent", 0)
    };
    let fresh = i64::from(rules.valuation_months_max);
    let age = Indicator {
        value: stock.valuation_months,
        light: light(stock.valuation_months, |it| [it <= fresh, it <= fresh * 2]),
        ..plain("money", "age of what was published", "months", 0)
    };
    [coverage, age]
}

fn of_flow(counts: &Counts) -> Vec<Indicator> {
    let flow = |name, value| plain("flow", name, "minutes", value);
    vec![
        flow("granted", counts.granted),
        flow("imported", counts.imported),
        flow("earned", counts.earned),
        flow("redeemed", counts.redeemed),
        flow("given", counts.given),
        flow("donated", counts.donated),
        flow("expired", counts.expired),
    ]
}

fn of_service(counts: &Counts) -> Vec<Indicator> {
    let people = i64::try_from(counts.volunteers.len()).unwrap_or(i64::MAX);
    let met = counts.visits + counts.bought;
    let ended = met + counts.unmet;
    let median = Indicator {
        value: median(&counts.hours_to_match),
        ..plain("service", "median hours to match", "hours", 0)
    };
    let satisfaction = Indicator {
        value: (counts.ratings >= GROUP_MIN).then(|| counts.stars * 10 / counts.ratings),
        ..plain("service", "satisfaction", "tenths of a star", 0)
    };
    vec![
        plain("service", "requests", "entries", counts.asked),
        plain("service", "visits confirmed", "entries", counts.visits),
        share_above("service", "fill rate", (met, ended), [90, 75]),
        median,
        share_below(
            "service",
            "withdrawn",
            (counts.cancelled, counts.asked),
            [10, 25],
        ),
        share_below("service", "missed", (counts.missed, counts.asked), [2, 5]),
        satisfaction,
        of_group(
            people,
            plain("service", "active volunteers", "people", people),
        ),
    ]
}

fn of_integrity(counts: &Counts, sample_percent: i64) -> Vec<Indicator> {
    let most = counts.pairs.values().copied().max().unwrap_or(0);
    let pairs = (most, counts.visits);
    let pairs = share_below("integrity", "visits of the busiest pair", pairs, [20, 40]);
    vec![
        share_below(
            "integrity",
            "late entries",
            (counts.late, counts.stated),
            [10, 20],
        ),
        share_below(
            "integrity",
            "disputed",
            (counts.disputes, counts.visits),
            [2, 5],
        ),
        of_group(counts.visits, pairs),
        share_above(
            "integrity",
            "visits called back",
            (counts.drawn, counts.visits),
            [sample_percent, sample_percent / 2],
        ),
        share_below(
            "integrity",
            "visits denied when called back",
            (counts.drawn_denied, counts.drawn),
            [0, 2],
        ),
        plain("integrity", "reversals", "entries", counts.reversals),
        plain("integrity", "incidents", "entries", counts.incidents),
        share_below(
            "inclusion",
            "signed at the counter",
            (counts.by_staff, counts.entries),
            [100, 100],
        ),
        share_below(
            "inclusion",
            "signed by a proxy",
            (counts.by_proxy, counts.entries),
            [100, 100],
        ),
    ]
}
