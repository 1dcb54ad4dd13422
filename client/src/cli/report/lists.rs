//! Lists of a report: each as JSON, and as lines to read.

use ledger::MemberId;
use ledger::code::MemberCode;
use ledger::report::{Disclosure, Event, Honour, Light, OpenCase, Page, Review, Saver};
use serde_json::{Value, json};

use super::figure;
use crate::cli::{output, times, words};

/// A list as JSON, and the same in columns.
pub(super) type List = (Value, Vec<Vec<String>>);

pub(super) fn events(events: &[Event]) -> List {
    let rows = events.iter().map(|event| {
        json!({
            "position": event.position.get(),
            "recorded_ms": event.recorded.get(),
            "what": event.what,
            "author": event.author.to_string(),
            "unit": event.unit.to_string(),
        })
    });
    let line = |event: &Event| {
        vec![
            event.position.to_string(),
            times::show(event.recorded),
            event.what.clone().into_owned(),
            format!("by {}", words::member(event.author)),
        ]
    };
    (rows.collect(), events.iter().map(line).collect())
}

fn code(member: MemberId) -> String {
    MemberCode::of(&member).to_string()
}

pub(super) fn savers(savers: &[Saver]) -> List {
    let rows = savers.iter().map(|saver| {
        json!({
            "member": saver.member.to_string(),
            "code": code(saver.member),
            "unit": saver.unit.to_string(),
            "minutes": saver.minutes,
            "active_ms": saver.active.get(),
        })
    });
    let line = |saver: &Saver| {
        let hours = words::hours(saver.minutes);
        let active = format!("last act {}", times::show(saver.active));
        vec![code(saver.member), hours, saver.unit.to_string(), active]
    };
    (rows.collect(), savers.iter().map(line).collect())
}

pub(super) fn cases(cases: &[OpenCase]) -> List {
    let rows = cases.iter().map(|case| {
        json!({
            "case": case.case.to_string(),
            "kind": case.kind,
            "unit": case.unit.to_string(),
            "due_ms": case.due.map(ledger::Millis::get),
        })
    });
    let line = |case: &OpenCase| {
        let due = case.due.map_or("-".to_owned(), times::show);
        let kind = format!("{:?}", case.kind).to_lowercase();
        vec![case.case.to_string(), kind, format!("due {due}")]
    };
    (rows.collect(), cases.iter().map(line).collect())
}

pub(super) fn reviews(reviews: &[Review]) -> List {
    let rows = reviews.iter().map(|review| {
        json!({
            "service": review.service.to_string(),
            "unit": review.unit.to_string(),
            "score": review.score,
            "signs": review.signs,
        })
    });
    let line = |review: &Review| {
        let (service, score) = (review.service.to_string(), review.score.to_string());
        vec![service, score, review.signs.join(", ")]
    };
    (rows.collect(), reviews.iter().map(line).collect())
}

pub(super) fn honours(honours: &[Honour]) -> List {
    let rows = honours.iter().map(|honour| {
        json!({
            "member": honour.member.to_string(),
            "code": code(honour.member),
            "unit": honour.unit.to_string(),
            "minutes": honour.minutes,
            "stars": honour.stars,
        })
    });
    let line = |honour: &Honour| {
        let stars = "*".repeat(honour.stars.into());
        vec![code(honour.member), words::hours(honour.minutes), stars]
    };
    (rows.collect(), honours.iter().map(line).collect())
}

/// What a station is assessed by.
const ASSESSED: [&str; 7] = [
    "visits confirmed",
    "fill rate",
    "median hours to match",
    "satisfaction",
    "missed",
    "incidents",
    "visits denied when called back",
];

/// Stations side by side.
pub(super) fn stations(stations: &[(String, Page)]) -> List {
    let heads = std::iter::once("station")
        .chain(ASSESSED)
        .chain(["to look into"]);
    let mut lines: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
    let mut rows = Vec::new();
    for (name, page) in stations {
        let find = |wanted: &&str| page.indicators.iter().find(|it| it.name == *wanted);
        let assessed: Vec<_> = ASSESSED.iter().filter_map(find).collect();
        let red = page.indicators.iter().filter(|it| it.light == Light::Red);
        let red: Vec<&str> = red.map(|it| &*it.name).collect();
        let cells = assessed.iter().map(|it| figure(it.value, &it.unit));
        let cells = std::iter::once(name.clone()).chain(cells);
        lines.push(cells.chain([red.join(", ")]).collect());
        rows.push(json!({
            "unit": page.unit,
            "name": name,
            "month": page.month,
            "indicators": assessed,
            "red": red,
        }));
    }
    (rows.into(), lines)
}

pub(super) fn disclosed(told: &Disclosure) -> String {
    let cell = |it: &str| it.to_owned();
    let mut rows = vec![vec![cell("before"), words::money(told.before_fen)]];
    let received = told.received.iter();
    rows.extend(received.map(|it| vec![format!("received for {}", it.line), words::money(it.fen)]));
    let spent = told.spent.iter();
    rows.extend(spent.map(|it| vec![format!("spent on {}", it.line), words::money(it.fen)]));
    rows.push(vec![cell("after"), words::money(told.after_fen)]);
    let figures = told.figures.iter();
    rows.extend(figures.map(|it| vec![cell(&it.name), figure(Some(it.value), &it.unit)]));
    format!(
        "{} to {}, unit {}\n\n{}",
        told.from,
        told.to,
        told.unit,
        output::table(&rows)
    )
}

pub(super) fn text(lines: &[Vec<String>]) -> String {
    if lines.is_empty() {
        "None.".to_owned()
    } else {
        output::table(lines)
    }
}
