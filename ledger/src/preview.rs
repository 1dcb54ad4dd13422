//! What new rules would have done to the records that there are.
//!
//! Each record is judged once more, at its own place, as if the new rules had
//! been in force, and the verdict is set beside the real one. Consequences are
//! not followed: a visit that would have been refused is there for the records
//! after it. So this counts what people would have met, one act at a time; that
//! is also what they meet once the rules are adopted.

use std::collections::BTreeMap;

use crate::account::{AccountId, Posting};
use crate::act::Act;
use crate::effects::Effects;
use crate::entry::Record;
use crate::log::Position;
use crate::rules::Rules;
use crate::state::{Halt, State};

/// How often new rules would have refused something for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusals {
    /// How often.
    pub count: u64,
    /// The first record.
    pub first: Position,
}

/// What was compared.
#[derive(Debug, Clone)]
pub struct Preview {
    rules: Rules,
    verdict: Option<Result<Effects, Halt>>,
    /// How many records.
    pub records: u64,
    /// What would have been refused, by act and reason.
    pub refused: BTreeMap<(&'static str, &'static str), Refusals>,
    /// Minutes that requests hold: as it was, and as it would have been.
    pub held: (i64, i64),
    /// Minutes that volunteers were paid: as it was, and as it would have been.
    pub earned: (i64, i64),
}

impl Preview {
    /// A preview of rules.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            verdict: None,
            records: 0,
            refused: BTreeMap::new(),
            held: (0, 0),
            earned: (0, 0),
        }
    }

    /// Judges a record under the new rules, at the state before it.
    pub fn before(&mut self, record: &Record, state: &State) {
        self.verdict = match record.entry.act {
            Act::OpenLedger(_) => None,
            _ => Some(state.judge_under(record, &self.rules)),
        };
    }

    /// Compares the verdict with what the record did.
    pub fn read(&mut self, record: &Record, effects: &Effects) {
        self.records += 1;
        let Some(verdict) = self.verdict.take() else {
            return;
        };
        let moved = |postings: &[Posting]| -> i64 {
            let members = postings.iter().filter(|it| it.amount > 0);
            let members = members.filter(|it| matches!(it.account, AccountId::Member(_)));
            members.map(|it| it.amount).sum()
        };
        let (was, would) = match &verdict {
            Ok(other) => (moved(&effects.postings), moved(&other.postings)),
            Err(_) => (moved(&effects.postings), 0),
        };
        match record.entry.act {
            Act::RequestCare(_) => self.held = (self.held.0 + was, self.held.1 + would),
            Act::ConfirmService(_) => self.earned = (self.earned.0 + was, self.earned.1 + would),
            _ => {}
        }
        if let Err(Halt::Rejected(rejection)) = verdict {
            let key = (record.entry.act.name(), rejection.reason());
            let first = record.position;
            let refusals = self.refused.entry(key);
            refusals.or_insert(Refusals { count: 0, first }).count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::{AdoptRules, Approve};
    use crate::replay::Replay;
    use crate::rules::{Catalogue, Item, RulesVersion};
    use crate::service::ItemCode;
    use crate::testing::*;

    fn stricter() -> Rules {
        Rules {
            version: RulesVersion(2),
            recipient_age_years_min: 82,
            session_minutes_min: 45,
            catalogue: Catalogue(vec![Item {
                code: ItemCode::parse("company".to_owned()).expect("a code"),
                price: 30,
                certificate: None,
            }]),
            ..Rules::default()
        }
    }

    #[test]
    fn a_preview_counts_what_would_have_been_refused_or_cost_less() {
        let mut street = Street::open();
        street.granted(RECIPIENT, 600);
        street.granted(KEYLESS, 600);
        street.confirmed();
        let start = street.now;
        street.done_for(STAFF, KEYLESS, request(start, 60));
        street.done_for(STAFF, KEYLESS, request(start, 30));
        let (mut preview, mut replay) = (Preview::new(stricter()), Replay::new(LEDGER));
        for record in &street.history {
            preview.before(record, replay.state());
            let effects = replay.push(record).expect("it was recorded");
            preview.read(record, &effects);
        }
        let counts: Vec<_> = preview
            .refused
            .iter()
            .map(|(key, it)| (*key, it.count))
            .collect();
        let expected = [
            (("Grant", "RECIPIENT_AGE"), 1),
            (("RequestCare", "RECIPIENT_AGE"), 1),
            (("RequestCare", "SESSION_LENGTH"), 1),
        ];
        assert_eq!(counts, expected);
        // One request of three passes, at half the price.
        assert_eq!(preview.held, (150, 30));
        assert_eq!(preview.records, street.history.len() as u64);
    }

    /// What a preview says of an entry is what happens once the rules are adopted.
    #[test]
    fn a_preview_equals_what_then_happens() {
        let mut street = Street::open();
        street.granted(RECIPIENT, 600);
        street.granted(KEYLESS, 600);
        let mut twin = street.clone();
        let from = street.now.plus_days(30);
        let rules = Box::new(stricter());
        let adopt = AdoptRules {
            rules,
            from,
            reason: None,
        };
        let proposal = street.done(OPERATOR, adopt);
        street.done(REGULATOR, Approve { proposal });
        (street.now, twin.now) = (from, from);
        for (by, planned) in [(RECIPIENT, 60), (RECIPIENT, 30), (VOLUNTEER, 60)] {
            let act = request(from, planned);
            let mut record = street.record(by, act);
            let happens = street.submit(record.clone());
            record.position = twin.next_position();
            let said = twin.state.judge_under(&record, &stricter());
            let said = said.map_err(|halt| match halt {
                Halt::Rejected(rejection) => rejection,
                other => unreachable!("a complete state: {other:?}"),
            });
            let amounts = |it: Result<Effects, crate::Rejection>| {
                it.map(|it| it.postings.iter().map(|it| it.amount).collect::<Vec<_>>())
            };
            assert_eq!(amounts(said), amounts(happens));
        }
    }
}
