//! What a fund tells the public about a span of months: money in and out by
//! line, hours, and how its books were watched. Every figure is a sum over
//! records.

use std::borrow::Cow;

use serde::Serialize;

use super::Counts;
use crate::budget::BudgetLine;
use crate::id::UnitId;
use crate::time::YearMonth;

/// A unit's disclosure, with all units below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// The unit, as 32 hex digits.
    pub unit: String,
    /// The first month, as `YYYY-MM`.
    pub from: String,
    /// The last month.
    pub to: String,
    /// What was there before the first month, in fen.
    pub before_fen: i64,
    /// What came in: by the line that donors named, `any` for the rest.
    pub received: Vec<Line>,
    /// What was spent, by line.
    pub spent: Vec<Line>,
    /// What is there after the last month, in fen.
    pub after_fen: i64,
    /// What was counted.
    pub figures: Vec<Figure>,
}

/// Money of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The line.
    pub line: Cow<'static, str>,
    /// How much, in fen.
    pub fen: i64,
}

/// Something counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What.
    pub name: Cow<'static, str>,
    /// What it counts: minutes or entries.
    pub unit: Cow<'static, str>,
    /// How many.
    pub value: i64,
}

/// Draws it up from the counts before and within the span.
pub(super) fn disclosure(
    unit: UnitId,
    [from, to]: [YearMonth; 2],
    before: &Counts,
    counts: &Counts,
) -> Disclosure {
    let balance = |counts: &Counts| -> i64 {
        counts.received.values().sum::<i64>() - counts.spent.values().sum::<i64>()
    };
    let received = counts.received.iter().map(|(line, fen)| Line {
        line: line.map_or("any", BudgetLine::name).into(),
        fen: *fen,
    });
    let spent = counts.spent.iter().map(|(line, fen)| Line {
        line: line.name().into(),
        fen: *fen,
    });
    let before_fen = balance(before);
    Disclosure {
        unit: unit.to_string(),
        from: from.to_string(),
        to: to.to_string(),
        before_fen,
        received: received.collect(),
        spent: spent.collect(),
        after_fen: before_fen + balance(counts),
        figures: figures(counts),
    }
}

fn figures(counts: &Counts) -> Vec<Figure> {
    let minutes = [
        ("hours granted to people in need", counts.granted),
        ("hours taken over from older registers", counts.imported),
        ("hours earned by visits", counts.earned),
        ("hours redeemed", counts.redeemed),
        ("hours donated", counts.donated),
        ("hours expired", counts.expired),
    ];
    let entries = [
        ("visits", counts.visits),
        ("visits bought by the fund", counts.bought),
        ("requests that nobody met", counts.unmet),
        ("disputes", counts.disputes),
        ("reversals", counts.reversals),
        ("changes of the rules", counts.rule_changes),
        ("safety incidents", counts.incidents),
        ("visits drawn for a call back", counts.drawn),
        ("of them confirmed", counts.drawn_confirmed),
        ("of them denied", counts.drawn_denied),
        ("opinions without reservation", counts.opinions_clean),
        ("opinions with reservations", counts.opinions_reserved),
    ];
    let figure = |unit: &'static str| {
        move |(name, value): (&'static str, i64)| Figure {
            name: name.into(),
            unit: unit.into(),
            value,
        }
    };
    let minutes = minutes.into_iter().map(figure("minutes"));
    minutes
        .chain(entries.into_iter().map(figure("entries")))
        .collect()
}
