//! What a supervisor looks at.

use ledger::case::CaseKind;
use ledger::{Millis, report};

use crate::entry::Choice;
use crate::name::{ENTRIES, MEMBERS, RECORDS, SERVICES, UNITS};
use crate::v1;

/// How an indicator looks.
const fn light(light: report::Light) -> v1::Light {
    match light {
        report::Light::None => v1::Light::Unspecified,
        report::Light::Green => v1::Light::Green,
        report::Light::Amber => v1::Light::Amber,
        report::Light::Red => v1::Light::Red,
    }
}

/// How an indicator looks; none for a light that is not known here.
pub fn light_from(light: i32) -> Option<report::Light> {
    Some(match v1::Light::try_from(light).ok()? {
        v1::Light::Unspecified => report::Light::None,
        v1::Light::Green => report::Light::Green,
        v1::Light::Amber => report::Light::Amber,
        v1::Light::Red => report::Light::Red,
    })
}

/// One figure.
pub fn indicator(indicator: report::Indicator) -> v1::Indicator {
    v1::Indicator {
        block: indicator.block.into_owned(),
        name: indicator.name.into_owned(),
        unit: indicator.unit.into_owned(),
        value: indicator.value,
        before: indicator.before,
        light: light(indicator.light).into(),
    }
}

/// Money of one line.
pub fn disclosed_line(line: report::Line) -> v1::DisclosedLine {
    v1::DisclosedLine {
        line: line.line.into_owned(),
        fen: line.fen,
    }
}

/// Something counted.
pub fn disclosed_figure(figure: report::Figure) -> v1::DisclosedFigure {
    v1::DisclosedFigure {
        name: figure.name.into_owned(),
        unit: figure.unit.into_owned(),
        value: figure.value,
    }
}

/// Something that somebody should look at.
pub fn report_event(event: &report::Event) -> v1::ReportEvent {
    v1::ReportEvent {
        record: RECORDS.name(&event.position),
        recorded_ms: event.recorded.get(),
        what: event.what.clone().into_owned(),
        author: MEMBERS.name(&event.author),
        unit: UNITS.name(&event.unit),
    }
}

/// A member who could redeem hours and never has.
pub fn saver(saver: &report::Saver) -> v1::Saver {
    v1::Saver {
        member: MEMBERS.name(&saver.member),
        unit: UNITS.name(&saver.unit),
        minutes: saver.minutes,
        active_ms: saver.active.get(),
    }
}

/// What a case is about; none for what is not known here.
pub fn case_kind_from(kind: i32) -> Option<CaseKind> {
    CaseKind::parse("kind", kind).ok()
}

/// Something that somebody has to look into.
pub fn open_case(case: &report::OpenCase) -> v1::OpenCaseItem {
    v1::OpenCaseItem {
        case: ENTRIES.name(&case.case),
        kind: case.kind.to_number(),
        unit: UNITS.name(&case.unit),
        due_ms: case.due.map_or(0, Millis::get),
    }
}

/// A settled visit to look into.
pub fn review(review: &report::Review) -> v1::Review {
    v1::Review {
        service: SERVICES.name(&review.service),
        unit: UNITS.name(&review.unit),
        score: i32::try_from(review.score).unwrap_or(i32::MAX),
        signs: review.signs.iter().map(ToString::to_string).collect(),
    }
}

/// A member who has served for a star at least.
pub fn honour(honour: &report::Honour) -> v1::Honour {
    v1::Honour {
        member: MEMBERS.name(&honour.member),
        unit: UNITS.name(&honour.unit),
        minutes: honour.minutes,
        stars: honour.stars.into(),
    }
}
