//! Which visits to look into first: what speaks for it, and how much.
//!
//! A sample tells how often visits are not as stated; it finds few of them. The
//! signs here find more, and tell nothing about how many there are. The weights
//! are proposals: no source states any.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::visits::{Served, Visits};
use super::{Statistics, is_below};
use crate::id::{EntryId, MemberId, UnitId};
use crate::state::State;

/// From this score on, a visit is listed.
pub const REVIEW_SCORE_MIN: u32 = 3;
/// A pair that has met so often, and whose visits are at least half of all that
/// the volunteer has made, is listed more.
const BUSY_PAIR: u32 = 10;

/// A settled visit that somebody should look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The visit: the entry that asked for it.
    pub service: EntryId,
    /// The unit that served.
    pub unit: UnitId,
    /// The weights of its signs together.
    pub score: u32,
    /// What speaks for looking into it, the weightiest first.
    pub signs: Vec<Cow<'static, str>>,
}

/// What was done, or not, around a visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
pub(super) struct Trail {
    /// Stated more than a day late.
    pub(super) is_late: bool,
    /// Stated by somebody other than the volunteer.
    pub(super) is_stated_for: bool,
    /// Confirmed by somebody other than the recipient, or settled by a ruling.
    pub(super) is_confirmed_for: bool,
    /// Begun with the ledger.
    pub(super) has_check_in: bool,
    /// Stated or begun with evidence.
    pub(super) has_evidence: bool,
}

impl Statistics {
    /// Settled visits of a unit and all below it that have a score of
    /// [`REVIEW_SCORE_MIN`] at least: the highest stand first, and of the same
    /// score the newest.
    pub fn reviews(&self, state: &State, unit: UnitId) -> Vec<Review> {
        let meetings = Meetings::of(&self.visits);
        let here = self.visits.iter();
        let here = here.filter(|(_, visit)| is_below(state, visit.unit, unit));
        let reviews = here.map(|(service, visit)| review(service, &visit, &meetings));
        let mut reviews: Vec<Review> = reviews
            .filter(|review| review.score >= REVIEW_SCORE_MIN)
            .collect();
        reviews.sort_by_key(|it| std::cmp::Reverse((it.score, it.service)));
        reviews
    }
}

/// How often volunteers have made visits, and to whom.
struct Meetings {
    all: BTreeMap<MemberId, u32>,
    pairs: BTreeMap<(MemberId, MemberId), u32>,
}

impl Meetings {
    fn of(visits: &Visits) -> Self {
        let (mut all, mut pairs) = (BTreeMap::new(), BTreeMap::new());
        for (_, visit) in visits.iter() {
            *all.entry(visit.volunteer).or_default() += 1;
            let pair = (visit.volunteer, visit.recipient);
            *pairs.entry(pair).or_default() += 1;
        }
        Self { all, pairs }
    }

    fn is_busy(&self, visit: &Served) -> bool {
        let pair = (visit.volunteer, visit.recipient);
        let met = self.pairs.get(&pair).copied().unwrap_or(0);
        let all = self.all.get(&visit.volunteer).copied().unwrap_or(0);
        met >= BUSY_PAIR && met * 2 >= all
    }
}

fn review(service: EntryId, visit: &Served, meetings: &Meetings) -> Review {
    let trail = visit.trail;
    let by_neither = trail.is_stated_for && trail.is_confirmed_for;
    let signs = [
        (by_neither, 3, "neither side signed for themselves"),
        (trail.is_late, 2, "stated late"),
        (meetings.is_busy(visit), 2, "the two meet often"),
        (!trail.has_check_in, 1, "no check-in"),
        (!trail.has_evidence, 1, "no evidence"),
    ];
    let signs = signs.into_iter().filter(|(is_there, ..)| *is_there);
    let (weights, signs): (Vec<u32>, Vec<Cow<'static, str>>) =
        signs.map(|(_, weight, sign)| (weight, sign.into())).unzip();
    Review {
        service,
        unit: visit.unit,
        score: weights.iter().sum(),
        signs,
    }
}
