//! The city itself: who lives in it, and what they do in a quarter.

mod book;
mod help;

use ledger::act::{
    Agree, Certify, EnrolMember, ExpireHours, NameBeneficiary, ReceiveMoney, RecordDeath,
    SettleEstate,
};
use ledger::certificate::{INSURANCE, TRAINING};
use ledger::member::NeedCategory;
use ledger::service::ItemCode;
use ledger::valuation::{Holding, death, value};
use ledger::{AccountId, Commitment, Fen, MemberId, Minutes, Rules, YearMonth};

use self::book::{Book, STAFF, STATION};
use super::dice::Dice;
use super::{Plan, Year};

/// The age from which people are served.
const ELDER_YEARS: u32 = 75;
/// A visit takes no longer, in minutes.
const HALF_DAY_MINUTES: u32 = 240;
/// Days of a quarter.
const QUARTER_DAYS: u32 = 91;

/// Somebody.
#[derive(Debug, Clone, Copy)]
struct Person {
    id: MemberId,
    born: YearMonth,
    heir: Option<MemberId>,
    /// When the hours of a dead member without an heir may go to the pool.
    estate_in_quarters: Option<u32>,
    is_alive: bool,
    /// Whether the fund grants hours to this member when there are none left.
    is_in_need: bool,
}

/// A city under way.
pub(super) struct City<'p> {
    plan: &'p Plan,
    book: Book,
    dice: Dice,
    people: Vec<Person>,
    session: Minutes,
    item: ItemCode,
    running: Year,
}

impl<'p> City<'p> {
    pub(super) fn open(plan: &'p Plan) -> Self {
        let items = plan.rules.catalogue.0.iter();
        let mut items = items.filter(|item| item.certificate.is_none());
        let item = items.next().map(|item| item.code.clone());
        let any = || ItemCode::parse("company".to_owned()).expect("a code");
        let issued_minutes_max = i64::from(plan.members) * i64::from(plan.issued_hours) * 60;
        let rules = Rules {
            issued_minutes_max,
            ..plan.rules.clone()
        };
        let mut city = Self {
            plan,
            book: Book::open(&rules),
            dice: Dice::new(plan.seed),
            people: Vec::new(),
            session: session(&plan.rules),
            item: item.unwrap_or_else(any),
            running: Year::default(),
        };
        for _ in 0..plan.members {
            let age = 60 + city.dice.below(26);
            city.join(age);
        }
        city
    }

    /// Lives through a year.
    pub(super) fn year(&mut self, number: u32) -> Year {
        self.running = Year {
            year: number,
            ..Year::default()
        };
        if let Ok(fen) = Fen::parse(self.plan.yearly_fen) {
            self.book.receive(ReceiveMoney {
                unit: book::SCHEME,
                fen,
                line: None,
                voucher: None,
            });
        }
        let joining = u64::from(self.plan.members) * u64::from(self.plan.joining_permille) / 4_000;
        for _ in 0..4 {
            for _ in 0..joining {
                let age = 60 + self.dice.below(6);
                self.join(age);
            }
            self.die();
            self.help();
            self.book
                .pass_days(QUARTER_DAYS.saturating_sub(self.waiting_days()));
        }
        self.expire();
        self.close()
    }

    /// How many records the rules have judged.
    pub(super) const fn records(&self) -> u64 {
        self.book.records()
    }

    fn join(&mut self, age: u64) {
        let number = self.people.len() as u64;
        let id = book::member(number);
        let born = self.book.born(age, self.dice.below(12));
        let enrol = EnrolMember {
            member: id,
            unit: STATION,
            birth_month: born,
            need: NeedCategory::None,
            key: None,
            identity: None,
        };
        self.book.done(STAFF[0], None, enrol);
        self.qualify(id);
        let heir = (number > 0 && self.dice.percent(50))
            .then(|| self.dice.below(number))
            .and_then(|it| self.people.get(usize::try_from(it).ok()?))
            .filter(|it| it.is_alive)
            .map(|it| it.id);
        if heir.is_some() {
            let beneficiary = heir;
            self.book
                .done(STAFF[0], Some(id), NameBeneficiary { beneficiary });
        }
        self.people.push(Person {
            id,
            born,
            heir,
            estate_in_quarters: None,
            is_alive: true,
            is_in_need: self.dice.percent(self.plan.in_need_percent),
        });
    }

    /// Agreement, training and insurance, where the rules ask for them.
    fn qualify(&mut self, member: MemberId) {
        let rules = &self.plan.rules;
        if rules.agreement_required {
            let agreement = Commitment::from_bytes([1; 32]);
            self.book.done(STAFF[0], Some(member), Agree { agreement });
        }
        let asked = [
            (rules.training_required, TRAINING),
            (rules.insurance_required, INSURANCE),
        ];
        for (_, code) in asked.into_iter().filter(|(is_asked, _)| *is_asked) {
            let code = ItemCode::parse(code.to_owned()).expect("a code");
            let certify = Certify {
                member,
                certificate: code,
                until: self.book.now().plus_days(100 * 365),
                papers: None,
            };
            self.book.done(STAFF[0], None, certify);
        }
    }

    /// Some die; what they leave goes to the heir, or in time to the pool.
    fn die(&mut self) {
        let quarters = self.plan.rules.estate_days / QUARTER_DAYS + 1;
        for index in 0..self.people.len() {
            let mut person = self.people[index];
            if person.is_alive {
                let chance = death(person.born.age_years(self.book.now())) / 4;
                if !self.dice.in_a_million(u64::try_from(chance).unwrap_or(0)) {
                    continue;
                }
                let (member, papers) = (person.id, None);
                self.book
                    .by_two(STAFF[0], STAFF[1], RecordDeath { member, papers });
                person.is_alive = false;
                person.estate_in_quarters = Some(quarters);
                if person.heir.is_some() && self.settle(&person, person.heir) {
                    person.estate_in_quarters = None;
                }
            } else if let Some(left) = person.estate_in_quarters {
                person.estate_in_quarters = match left {
                    0 if self.settle(&person, None) => None,
                    0 => Some(0),
                    left => Some(left - 1),
                };
            } else {
                continue;
            }
            self.people[index] = person;
        }
    }

    fn settle(&mut self, person: &Person, heir: Option<MemberId>) -> bool {
        let settle = SettleEstate {
            member: person.id,
            heir,
            papers: None,
        };
        self.book.try_by_two(STAFF[0], STAFF[1], settle)
    }

    fn expire(&mut self) {
        if self.plan.rules.hours_expire_months + self.plan.rules.grant_expire_months == 0 {
            return;
        }
        for person in &self.people {
            let member = person.id;
            self.book.tried(STAFF[0], None, ExpireHours { member });
        }
    }

    fn holdings(&self) -> Vec<Holding> {
        let living = self.people.iter().filter(|person| person.is_alive);
        let holding = |person: &Person| Holding {
            age_years: person.born.age_years(self.book.now()),
            minutes: self.book.total(person.id),
        };
        living.map(holding).collect()
    }

    /// The figures of the year.
    fn close(&mut self) -> Year {
        let holdings = self.holdings();
        let old = holdings.iter().filter(|it| it.age_years >= ELDER_YEARS);
        let elders = i64::try_from(old.count()).unwrap_or(i64::MAX);
        let liability_fen = value(&holdings, &self.plan.assumptions()).expected_fen;
        let fund_fen = self.book.balance(AccountId::FundCash);
        Year {
            members: i64::try_from(holdings.len()).unwrap_or(i64::MAX),
            elders,
            outstanding_minutes: holdings.iter().map(|it| it.minutes).sum(),
            fund_fen,
            liability_fen,
            coverage_percent: (liability_fen > 0)
                .then(|| fund_fen.saturating_mul(100) / liability_fen),
            ..self.running
        }
    }
}

/// The longest session that the rules allow within half a day.
fn session(rules: &Rules) -> Minutes {
    let limits = [
        HALF_DAY_MINUTES,
        rules.session_minutes_max,
        rules.daily_minutes_max,
        rules.weekly_minutes_max,
    ];
    let limits = limits.into_iter().filter(|limit| *limit > 0);
    let longest = limits.min().unwrap_or(HALF_DAY_MINUTES);
    let whole = longest - longest % rules.quantum_minutes;
    Minutes::parse(whole.max(rules.quantum_minutes).into()).expect("a quantum is a minute at least")
}
