//! Who might take on a visit: how what a volunteer offers fits what is asked for,
//! with the reasons.
//!
//! Whether somebody may take it on at all, the rules say: `AcceptCare` is judged
//! for each of them, and whoever it would be refused to, such as one of a pair
//! that does not want to meet, is not suggested. What is here only orders the
//! others.

use serde::{Deserialize, Serialize};

use crate::service::ItemCode;
use crate::time::Millis;

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;
const WEEK_MINUTES: i64 = 7 * DAY_MINUTES;
/// 1970-01-01 was a Thursday: so many days after a Monday.
const EPOCH_WEEKDAY: i64 = 3;

/// A time of the week when somebody can come, by the clocks of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// When it begins: minutes since midnight.
    pub from_minute: u16,
    /// When it ends: minutes since midnight, up to 1440.
    pub to_minute: u16,
}

/// What a member offers, or wishes of those who come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What they do; everything, if nothing is named.
    pub items: Vec<ItemCode>,
    /// What they speak, as tags of BCP 47 such as `zh`, `yue`.
    pub languages: Vec<String>,
    /// When they can; always, if nothing is named.
    pub slots: Vec<Slot>,
    /// By how many minutes their clocks are ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// Where a volunteer is at home, seen from the station that serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In another district.
    Elsewhere,
    /// In the same district.
    SameDistrict,
    /// At the same station.
    SameStation,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What.
    pub item: &'a ItemCode,
    /// When.
    pub start: Millis,
    /// How long.
    pub minutes: u32,
    /// What the recipient speaks.
    pub languages: &'a [String],
}

/// How well an offer fits: compared, the better is greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// Where the volunteer is at home.
    pub place: Place,
    /// The languages that both speak.
    pub languages: Vec<String>,
    /// Whether the volunteer has named what is asked for.
    pub names_item: bool,
    /// Whether the volunteer has named a time that it falls into.
    pub names_time: bool,
}

/// How an offer fits a wish; none if the volunteer has said otherwise.
pub fn fit(offer: &Offer, wish: &Wish<'_>, place: Place) -> Option<Fit> {
    let names_item = offer.items.contains(wish.item);
    let names_time = offer.slots.iter().any(|slot| slot.holds(offer, wish));
    let is_open = |list_is_empty: bool, is_named: bool| list_is_empty || is_named;
    let fits =
        is_open(offer.items.is_empty(), names_item) && is_open(offer.slots.is_empty(), names_time);
    let both = wish
        .languages
        .iter()
        .filter(|it| offer.languages.contains(it));
    fits.then(|| Fit {
        place,
        languages: both.cloned().collect(),
        names_item,
        names_time,
    })
}

impl Slot {
    /// Whether it is a time of the week at all.
    pub const fn is_valid(self) -> bool {
        matches!(self.weekday, 1..=7)
            && self.from_minute < self.to_minute
            && self.to_minute <= 1_440
    }

    /// Whether a visit falls into it from beginning to end.
    fn holds(self, offer: &Offer, wish: &Wish<'_>) -> bool {
        let local = wish.start.get().div_euclid(MINUTE_MS) + i64::from(offer.utc_offset_minutes);
        let of_week = (local + EPOCH_WEEKDAY * DAY_MINUTES).rem_euclid(WEEK_MINUTES);
        let day = (i64::from(self.weekday) - 1) * DAY_MINUTES;
        let (from, to) = (
            day + i64::from(self.from_minute),
            day + i64::from(self.to_minute),
        );
        from <= of_week && of_week + i64::from(wish.minutes) <= to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-02, a Monday, 08:00 UTC: 16:00 in Chengdu.
    const MONDAY: Millis = Millis::new(1_772_438_400_000);

    fn item(code: &str) -> ItemCode {
        ItemCode::parse(code.to_owned()).expect("a code")
    }

    fn slot(weekday: u8, from_hour: u16, to_hour: u16) -> Slot {
        Slot {
            weekday,
            from_minute: from_hour * 60,
            to_minute: to_hour * 60,
        }
    }

    fn judged(offer: &Offer) -> Option<Fit> {
        let (item, languages) = (item("walk"), ["zh".to_owned(), "yue".to_owned()]);
        let wish = Wish {
            item: &item,
            start: MONDAY,
            minutes: 60,
            languages: &languages,
        };
        fit(offer, &wish, Place::SameStation)
    }

    #[test]
    fn a_visit_has_to_fall_into_a_time_from_beginning_to_end() {
        let in_chengdu = |slots: Vec<Slot>| Offer {
            slots,
            utc_offset_minutes: 480,
            ..Offer::default()
        };
        for (slots, fits) in [
            (vec![slot(1, 16, 17)], true),
            (vec![slot(1, 9, 12), slot(1, 15, 18)], true),
            (vec![slot(1, 16, 17), slot(2, 16, 17)], true),
            (vec![slot(1, 8, 9)], false),
            (vec![slot(2, 16, 17)], false),
            (vec![slot(1, 17, 24)], false),
        ] {
            let judged = judged(&in_chengdu(slots.clone()));
            assert_eq!(judged.is_some_and(|fit| fit.names_time), fits, "{slots:?}");
        }
        let half = Slot {
            to_minute: 16 * 60 + 59,
            ..slot(1, 16, 17)
        };
        assert_eq!(judged(&in_chengdu(vec![half])), None);
        let always = judged(&in_chengdu(Vec::new())).expect("whoever names no time");
        assert!(!always.names_time);
    }

    #[test]
    fn what_was_named_is_all_that_is_done() {
        let offer = |items: &[&str]| Offer {
            items: items.iter().map(|code| item(code)).collect(),
            ..Offer::default()
        };
        assert!(judged(&offer(&["meal", "walk"])).is_some_and(|fit| fit.names_item));
        assert_eq!(judged(&offer(&["meal"])), None);
        assert!(judged(&offer(&[])).is_some_and(|fit| !fit.names_item));
    }

    #[test]
    fn near_and_with_a_common_language_comes_first() {
        let of = |place, languages: &[&str]| Fit {
            place,
            languages: languages.iter().map(|it| (*it).to_owned()).collect(),
            names_item: false,
            names_time: false,
        };
        let near = of(Place::SameStation, &[]);
        assert!(of(Place::SameStation, &["zh"]) > near);
        assert!(near > of(Place::SameDistrict, &["zh"]));
        assert!(of(Place::SameDistrict, &[]) > of(Place::Elsewhere, &["zh"]));
        let speaks = Offer {
            languages: vec!["yue".to_owned(), "en".to_owned()],
            ..Offer::default()
        };
        let common = judged(&speaks).map(|fit| fit.languages);
        assert_eq!(common, Some(vec!["yue".to_owned()]));
    }

    #[test]
    fn a_time_of_the_week_has_an_end_after_its_beginning() {
        assert!(slot(7, 0, 24).is_valid());
        for wrong in [slot(0, 1, 2), slot(8, 1, 2), slot(1, 2, 2), slot(1, 2, 25)] {
            assert!(!wrong.is_valid(), "{wrong:?}");
        }
    }
}
