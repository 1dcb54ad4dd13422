//! Lots: where a member's hours came from, under which rules, and until when
//! they last.
//!
//! The lots of a member always sum to what the member has, available and held.
//! Hours are spent in the order of [`Lots`]: what expires first, then what is
//! oldest. Years and months are those of the server's time in UTC.

use serde::{Deserialize, Serialize};

use crate::rules::RulesVersion;
use crate::time::YearMonth;

/// Where hours came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LotSource {
    /// Granted by the fund or from the pool.
    Granted,
    /// Taken over from an older register.
    Imported,
    /// Given, or left, by another member.
    Given,
    /// Earned by a visit.
    Earned,
}

/// Hours of one source, year, version of the rules and expiry. The order of the
/// fields is the spending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lot {
    /// The month with whose beginning they expire.
    pub expires: Expiry,
    /// The year in which they came into being.
    pub year: u16,
    /// Where they came from.
    pub source: LotSource,
    /// The rules under which they came into being.
    pub rules: RulesVersion,
    /// How much is left.
    pub minutes: i64,
}

/// Until when hours last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Expiry {
    /// They expire with the beginning of this month.
    On(YearMonth),
    /// They do not expire.
    Never,
}

impl Expiry {
    /// Whether hours have expired in this month.
    pub fn is_past(self, month: YearMonth) -> bool {
        matches!(self, Self::On(expires) if expires <= month)
    }

    /// The month, if there is one.
    pub const fn month(self) -> Option<YearMonth> {
        match self {
            Self::On(month) => Some(month),
            Self::Never => None,
        }
    }
}

/// The lots of one member, in spending order, none of them empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lots {
    lots: Vec<Lot>,
}

impl Lots {
    /// The lots.
    pub fn iter(&self) -> impl Iterator<Item = &Lot> {
        self.lots.iter()
    }

    /// All of them together.
    pub fn total(&self) -> i64 {
        self.iter().map(|lot| lot.minutes).sum()
    }

    /// How much has expired in this month.
    pub fn expired(&self, month: YearMonth) -> i64 {
        let expired = self.iter().filter(|lot| lot.expires.is_past(month));
        expired.map(|lot| lot.minutes).sum()
    }

    /// Adds hours to the lot of their kind.
    pub(crate) fn add(&mut self, added: Lot) {
        let kind = |lot: &Lot| Lot { minutes: 0, ..*lot };
        match self.lots.iter_mut().find(|lot| kind(lot) == kind(&added)) {
            Some(lot) => lot.minutes += added.minutes,
            None => self.lots.push(added),
        }
        self.lots.sort_unstable();
    }

    /// Takes so many minutes in spending order; less if there are fewer.
    pub(crate) fn take(&mut self, minutes: i64) -> Vec<Lot> {
        let (mut left, mut taken) = (minutes, Vec::new());
        for lot in &mut self.lots {
            let part = left.min(lot.minutes);
            if part > 0 {
                taken.push(Lot {
                    minutes: part,
                    ..*lot
                });
                (lot.minutes, left) = (lot.minutes - part, left - part);
            }
        }
        self.lots.retain(|lot| lot.minutes > 0);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(expires: Option<i32>, year: u16, source: LotSource, minutes: i64) -> Lot {
        let month = |year| YearMonth::parse(year, 1).expect("a month");
        Lot {
            expires: expires.map_or(Expiry::Never, |year| Expiry::On(month(year))),
            year,
            source,
            rules: RulesVersion(1),
            minutes,
        }
    }

    #[test]
    fn what_expires_first_is_spent_first_and_then_what_is_oldest() {
        let mut lots = Lots::default();
        lots.add(lot(None, 2027, LotSource::Earned, 60));
        lots.add(lot(None, 2026, LotSource::Earned, 60));
        lots.add(lot(Some(2030), 2028, LotSource::Earned, 60));
        lots.add(lot(Some(2029), 2028, LotSource::Granted, 60));
        let taken = lots.take(150);
        let years: Vec<_> = taken.iter().map(|lot| (lot.year, lot.minutes)).collect();
        assert_eq!(years, [(2028, 60), (2028, 60), (2026, 30)]);
        assert_eq!(taken[0].source, LotSource::Granted);
        assert_eq!(lots.total(), 90);
    }

    #[test]
    fn hours_of_one_kind_are_one_lot() {
        let mut lots = Lots::default();
        lots.add(lot(None, 2026, LotSource::Earned, 60));
        lots.add(lot(None, 2026, LotSource::Earned, 30));
        lots.add(lot(None, 2026, LotSource::Given, 15));
        assert_eq!(lots.iter().count(), 2);
        assert_eq!(lots.take(1_000).len(), 2);
        assert_eq!(lots.iter().count(), 0);
    }

    #[test]
    fn hours_expire_with_the_beginning_of_their_month() {
        let mut lots = Lots::default();
        lots.add(lot(Some(2030), 2026, LotSource::Granted, 60));
        lots.add(lot(None, 2026, LotSource::Earned, 60));
        let before = YearMonth::parse(2029, 12).expect("a month");
        let after = YearMonth::parse(2030, 1).expect("a month");
        assert_eq!((lots.expired(before), lots.expired(after)), (0, 60));
    }
}
