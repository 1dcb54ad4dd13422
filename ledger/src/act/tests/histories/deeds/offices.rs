//! What offices do: rules, units, the fund, oversight.

use super::Deeds;
use crate::act::*;
use crate::amount::Fen;
use crate::budget::BudgetLine;
use crate::event::{Attendance, Roster};
use crate::id::MemberId;
use crate::log::{Hash, TreeSize};
use crate::options::UnitOptions;
use crate::rules::Rules;
use crate::service::Stage;
use crate::state::{Key, Row};
use crate::testing::*;

impl Deeds {
    pub(super) fn of_offices(&mut self, street: &Street) -> (MemberId, Act) {
        match self.random.below(11) {
            0..=2 => self.of_rules_and_units(street),
            3..=8 => self.of_the_fund(street),
            _ => self.of_oversight(),
        }
    }

    fn of_rules_and_units(&mut self, street: &Street) -> (MemberId, Act) {
        let reason = None;
        match self.random.below(5) {
            3 => self.of_options(street),
            4 => self.of_events(street),
            0 => {
                let mut rules = Rules {
                    rule_change_notice_days: 1,
                    unmatched_hours: 24,
                    estate_days: 10,
                    ..Rules::default()
                };
                let known = street.state.rows().filter_map(|(key, _)| match key {
                    Key::Rules(version) => Some(version.0),
                    _ => None,
                });
                rules.version.0 = known.max().unwrap_or(1) + 1;
                let adopt = AdoptRules {
                    rules: Box::new(rules),
                    from: street.now.plus_days(3),
                    reason,
                };
                (OPERATOR, adopt.into())
            }
            1 => {
                let change = self.random.one(&[UnitChange::Pause, UnitChange::Reopen]);
                let unit = self.random.one(&[STATION, OTHER_STATION]);
                let change = ChangeUnit {
                    unit,
                    change,
                    successor: None,
                    reason,
                };
                (OPERATOR, change.into())
            }
            _ => {
                let owed = street
                    .state
                    .rows()
                    .filter_map(|(key, row)| match (key, row) {
                        (
                            Key::Account(crate::AccountId::Clearing(unit, other)),
                            Row::Account(it),
                        ) => Some((*unit, *other, it.available)),
                        _ => None,
                    });
                let (unit, other, minutes) = owed.min().unwrap_or((DISTRICT, OTHER_DISTRICT, 1));
                let settle = SettleClearing {
                    unit,
                    other,
                    minutes,
                    statement: None,
                };
                (OPERATOR, settle.into())
            }
        }
    }

    fn of_options(&mut self, street: &Street) -> (MemberId, Act) {
        let set = SetOptions {
            unit: self.random.one(&[DISTRICT, OTHER_DISTRICT]),
            options: UnitOptions {
                session_minutes_max: self.random.one(&[0, 90]),
                late_entry_days_max: self.random.one(&[0, 5]),
                ..UnitOptions::default()
            },
            from: street.now.plus_days(self.random.one(&[2, 31])),
            reason: None,
        };
        (OPERATOR, set.into())
    }

    fn of_events(&mut self, street: &Street) -> (MemberId, Act) {
        let ago = self.random.one(&[90, 240]) * 60_000;
        let start = crate::Millis::new(street.now.get() - ago);
        let attended = [VOLUNTEER, SECOND_VOLUNTEER].map(|volunteer| Attendance {
            volunteer,
            minutes: minutes(self.random.one(&[30, 60])),
        });
        let event = RecordEvent {
            unit: STATION,
            item: request(start, 60).item,
            start,
            roster: Roster::new(attended.to_vec()).expect("in order"),
            source: self.random.one(&[GrantSource::Issue, GrantSource::Pool]),
            evidence: None,
        };
        (self.random.one(&[STAFF, SECOND_STAFF]), event.into())
    }

    fn of_the_fund(&mut self, street: &Street) -> (MemberId, Act) {
        let (unit, reason) = (DISTRICT, None);
        let line = self.random.one(&[
            BudgetLine::Training,
            BudgetLine::Redemption,
            BudgetLine::Hours,
        ]);
        let fen = Fen::parse(500).expect("an amount");
        match self.random.below(4) {
            0 => {
                let receive = ReceiveMoney {
                    unit,
                    fen,
                    line: (line != BudgetLine::Hours).then_some(line),
                    voucher: None,
                };
                (FUND_ADMIN, receive.into())
            }
            1 => {
                let unit = self.random.one(&[DISTRICT, STATION]);
                let set = SetBudget {
                    unit,
                    line,
                    limit: 5_000,
                    reason,
                };
                (FUND_ADMIN, set.into())
            }
            2 => {
                let pay = PayMoney {
                    unit,
                    line,
                    fen,
                    voucher: None,
                };
                (FUND_ADMIN, pay.into())
            }
            _ => {
                let open = street
                    .state
                    .rows()
                    .filter_map(|(key, row)| match (key, row) {
                        (Key::Service(id), Row::Service(it)) => {
                            matches!(it.stage, Stage::Open { .. }).then_some(*id)
                        }
                        _ => None,
                    });
                let buy = PurchaseCare {
                    service: open.min().unwrap_or_else(nothing),
                    fen,
                    voucher: None,
                };
                (FUND_ADMIN, buy.into())
            }
        }
    }

    fn of_oversight(&mut self) -> (MemberId, Act) {
        let (size, root) = (TreeSize::new(1), Hash::EMPTY_ROOT);
        if self.random.percent(50) {
            let opinion = GiveOpinion {
                unit: SCHEME,
                size,
                root,
                opinion: Opinion::Unqualified,
                report: None,
            };
            (AUDITOR, opinion.into())
        } else {
            let sample = RecordSample {
                unit: SCHEME,
                size,
                root,
                drawn: 2,
                confirmed: 1,
                denied: 1,
                protocol: None,
            };
            (self.random.one(&[AUDITOR, REGULATOR]), sample.into())
        }
    }
}
