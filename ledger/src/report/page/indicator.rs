//! One figure, with its light.

use std::borrow::Cow;

use serde::Serialize;

/// Fewest people about whom a figure is shown.
pub const GROUP_MIN: i64 = 5;

/// How an indicator looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// As it should be.
    Green,
    /// To be watched.
    Amber,
    /// To be looked into.
    Red,
    /// Only for information.
    None,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// What it belongs to: promise, flow, service, money, integrity, inclusion.
    pub block: Cow<'static, str>,
    /// What it is.
    pub name: Cow<'static, str>,
    /// What it counts: minutes, people, percent, hours, entries, tenths of a star.
    pub unit: Cow<'static, str>,
    /// The figure; none where it would tell of fewer than [`GROUP_MIN`] people, or
    /// where there is nothing to divide by.
    pub value: Option<i64>,
    /// The figure of the month before, for what is counted by month.
    pub before: Option<i64>,
    /// How it looks.
    pub light: Light,
}

pub(super) fn plain(
    block: &'static str,
    name: &'static str,
    unit: &'static str,
    value: i64,
) -> Indicator {
    Indicator {
        block: block.into(),
        name: name.into(),
        unit: unit.into(),
        value: Some(value),
        before: None,
        light: Light::None,
    }
}

/// A share with its light: green up to one bound, amber up to the other.
pub(super) fn share_below(
    block: &'static str,
    name: &'static str,
    parts: (i64, i64),
    [green, amber]: [i64; 2],
) -> Indicator {
    share(block, name, parts, |value| [value <= green, value <= amber])
}

/// A share with its light: green from one bound on, amber from the other.
pub(super) fn share_above(
    block: &'static str,
    name: &'static str,
    parts: (i64, i64),
    [green, amber]: [i64; 2],
) -> Indicator {
    share(block, name, parts, |value| [value >= green, value >= amber])
}

/// A share with its light; `is` tells whether a value is green, and whether it is
/// at least amber.
fn share(
    block: &'static str,
    name: &'static str,
    (part, whole): (i64, i64),
    is: impl Fn(i64) -> [bool; 2],
) -> Indicator {
    let value = percent(part, whole);
    Indicator {
        value,
        light: light(value, is),
        ..plain(block, name, "percent", 0)
    }
}

/// The light of a value, if there is one; `is` as for [`share`].
pub(super) fn light(value: Option<i64>, is: impl Fn(i64) -> [bool; 2]) -> Light {
    match value.map(is) {
        None => Light::None,
        Some([true, _]) => Light::Green,
        Some([false, true]) => Light::Amber,
        Some([false, false]) => Light::Red,
    }
}

fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part.saturating_mul(100) / whole)
}

/// A figure about so many people, if they are enough.
pub(super) fn of_group(people: i64, indicator: Indicator) -> Indicator {
    if people >= GROUP_MIN {
        return indicator;
    }
    let (value, light) = (None, Light::None);
    Indicator {
        value,
        light,
        ..indicator
    }
}

pub(super) fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
