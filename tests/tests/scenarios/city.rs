//! A month of a city: two districts, ten stations, 2,000 members and every role,
//! ended by an audit, by the journal that hledger and Beancount check, and by the
//! fund to the fen.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Result, ensure};
use client::audit::{Reading, ServerSource, Signatures};
use client::audit_reading;
use ledger::account::{Bucket, Measure};
use ledger::act::{
    AcceptCare, Appoint, Approve, ConfirmService, DisputeService, EnrolMember, Expire, Give, Grant,
    GrantSource, LogService, OpenUnit, PayMoney, PurchaseCare, ReceiveMoney, RequestCare,
    RuleOnDispute, Ruling, SetBudget,
};
use ledger::budget::BudgetLine;
use ledger::journal::{Dialect, Journal, account_name, amount};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::service::ItemCode;
use ledger::unit::UnitKind;
use ledger::{
    AccountId, Act, Effects, EntryId, Fen, MemberId, Record, Rules, SignedEntry, State, UnitId,
    YearMonth,
};
use timebank_tests::foreign::check_journals;
use timebank_tests::pen::Person;

use crate::world::{Setting, World, minutes};

on_both!(in city; a_city_keeps_its_books_for_a_month);

const MEMBERS: u64 = 2_000;
const STATIONS: u64 = 10;
const DAYS: u64 = 30;
const VISITS_A_DAY: u64 = 12;
/// Every so many visits one is disputed, and every so many requests one is met by
/// nobody.
const RARELY: u64 = 9;

fn city() -> Setting {
    Setting {
        members: 1,
        granted_minutes: 0,
        has_clock: true,
        rules: |rules| Rules {
            one_visit_at_a_time: true,
            ..rules
        },
    }
}

/// Who lives where.
struct City<'w> {
    world: &'w World,
    districts: [UnitId; 2],
    stations: Vec<UnitId>,
    staff: Vec<Person>,
    members: Vec<Person>,
}

impl<'w> City<'w> {
    fn new(world: &'w World) -> Self {
        let unit = |number: u64| UnitId::from_bytes([u8::try_from(number).unwrap_or(0); 16]);
        Self {
            world,
            districts: [unit(100), unit(101)],
            stations: (0..STATIONS).map(|it| unit(110 + it)).collect(),
            staff: (0..STATIONS).map(|it| Person::numbered(500 + it)).collect(),
            members: (0..MEMBERS)
                .map(|it| Person::numbered(10_000 + it))
                .collect(),
        }
    }

    fn station_of(&self, member: u64) -> (UnitId, &Person) {
        let station = usize::try_from(member % STATIONS).unwrap_or(0);
        (self.stations[station], &self.staff[station])
    }

    fn member(&self, number: u64) -> &Person {
        &self.members[usize::try_from(number % MEMBERS).unwrap_or(0)]
    }

    fn sign(&self, who: &Person, act: impl Into<Act>) -> (EntryId, SignedEntry) {
        self.world.street.pen.sign(who, act)
    }

    /// Records a batch of entries, all of which are allowed.
    async fn record(&self, entries: &[SignedEntry]) -> Result<()> {
        for batch in entries.chunks(500) {
            let answer = self.world.client().submit_batch(batch).await?;
            for outcome in answer.outcomes {
                ensure!(outcome.position().is_some(), "{outcome:?}");
            }
        }
        Ok(())
    }

    /// Opens districts and stations, and enrols everyone.
    async fn open(&self) -> Result<()> {
        let (root, scheme) = (&self.world.street.root, self.world.street.scheme);
        let mut entries = Vec::new();
        let mut open = |unit, parent, kind| {
            let display_name = "A unit".to_owned();
            let open = OpenUnit {
                unit,
                parent,
                display_name,
                kind,
            };
            entries.push(self.sign(root, open).1);
        };
        for district in self.districts {
            open(district, scheme, UnitKind::District);
        }
        for (number, station) in self.stations.iter().enumerate() {
            open(*station, self.districts[number % 2], UnitKind::Station);
        }
        for (clerk, unit) in self.staff.iter().zip(&self.stations) {
            entries.push(self.enrolment(root, clerk, *unit, 1985)?);
            let (member, unit, role) = (clerk.id, *unit, Role::Staff);
            entries.push(self.sign(root, Appoint { member, unit, role }).1);
        }
        for (number, member) in (0..).zip(&self.members) {
            let (station, clerk) = self.station_of(number);
            let born = if number % 4 == 0 { 1942 } else { 1962 };
            entries.push(self.enrolment(clerk, member, station, born)?);
        }
        self.record(&entries).await
    }

    fn enrolment(&self, by: &Person, who: &Person, unit: UnitId, born: i32) -> Result<SignedEntry> {
        let enrol = EnrolMember {
            member: who.id,
            unit,
            birth_month: YearMonth::parse(born, 5)?,
            need: NeedCategory::None,
            key: Some(self.world.street.pen.new_key(who)),
            identity: None,
        };
        Ok(self.sign(by, enrol).1)
    }

    /// Money comes in, budgets are set, and every fourth member is granted hours.
    async fn endow(&self) -> Result<()> {
        let [first, second] = &self.world.street.fund;
        let regulator = &self.world.street.regulator;
        let scheme = self.world.street.scheme;
        let receive = ReceiveMoney {
            unit: scheme,
            fen: Fen::parse(10_000_000)?,
            line: None,
            voucher: None,
        };
        let restricted = ReceiveMoney {
            fen: Fen::parse(123_456)?,
            line: Some(BudgetLine::Training),
            ..receive.clone()
        };
        let mut entries = vec![self.sign(first, receive).1, self.sign(first, restricted).1];
        let mut budgets: Vec<_> = self
            .stations
            .iter()
            .map(|it| (*it, BudgetLine::Redemption))
            .collect();
        budgets.push((scheme, BudgetLine::Training));
        for (unit, line) in budgets {
            let set = SetBudget {
                unit,
                line,
                limit: 500_000,
                reason: None,
            };
            let (proposal, set) = self.sign(first, set);
            entries.extend([set, self.sign(regulator, Approve { proposal }).1]);
        }
        for number in (0..MEMBERS).step_by(4) {
            let grant = Grant {
                unit: self.station_of(number).0,
                recipient: self.member(number).id,
                minutes: minutes(600)?,
                source: GrantSource::Issue,
                reason: None,
            };
            let (proposal, grant) = self.sign(first, grant);
            entries.extend([grant, self.sign(second, Approve { proposal }).1]);
        }
        self.record(&entries).await
    }

    /// One day: visits from request to settlement, some in dispute, some that
    /// nobody takes on, some gifts across districts.
    async fn live(&self, day: u64) -> Result<Vec<EntryId>> {
        let (mut entries, mut unmet) = (Vec::new(), Vec::new());
        for visit in 0..VISITS_A_DAY {
            let number = day * VISITS_A_DAY + visit;
            let recipient = self.member(number * 4);
            let volunteer = self.member(number * 8 + 1);
            let start = self.world.two_hours_ago();
            let (length, station) = (minutes(60)?, self.station_of(number * 4).0);
            let is_unmet = number.is_multiple_of(RARELY);
            let request = RequestCare {
                unit: station,
                item: ItemCode::parse("company".to_owned())?,
                start: if is_unmet { start.plus_days(14) } else { start },
                minutes: length,
                note: None,
            };
            let (service, request) = self.sign(recipient, request);
            entries.push(request);
            if is_unmet {
                unmet.push(service);
                continue;
            }
            let log = LogService {
                service,
                start,
                minutes: length,
                evidence: None,
            };
            entries.push(self.sign(volunteer, AcceptCare { service }).1);
            entries.push(self.sign(volunteer, log).1);
            if number % RARELY == 1 {
                let reason = None;
                entries.push(self.sign(recipient, DisputeService { service, reason }).1);
                let ruling = Ruling::Corrected(minutes(45)?);
                let rule = RuleOnDispute {
                    service,
                    ruling,
                    reason,
                };
                entries.push(self.sign(&self.world.street.regulator, rule).1);
            } else {
                let confirm = ConfirmService {
                    service,
                    minutes: length,
                };
                entries.push(self.sign(recipient, confirm).1);
            }
            let gift = Give {
                recipient: self.member(number * 8 + 2).id,
                minutes: minutes(15)?,
            };
            entries.push(self.sign(volunteer, gift).1);
        }
        self.record(&entries).await?;
        Ok(unmet)
    }

    /// The fund buys what nobody has taken on, and pays for training.
    async fn close_the_month(&self, unmet: &[EntryId]) -> Result<i64> {
        let [first, second] = &self.world.street.fund;
        let (mut entries, mut spent) = (Vec::new(), 0);
        let mut paid = |act: Act, fen: i64| {
            let (proposal, act) = self.sign(first, act);
            entries.extend([act, self.sign(second, Approve { proposal }).1]);
            spent += fen;
        };
        for (number, service) in (0..).zip(unmet) {
            let fen = 4_000 + number;
            let buy = PurchaseCare {
                service: *service,
                fen: Fen::parse(fen)?,
                voucher: None,
            };
            paid(buy.into(), fen);
        }
        let training = PayMoney {
            unit: self.world.street.scheme,
            line: BudgetLine::Training,
            fen: Fen::parse(200_001)?,
            voucher: None,
        };
        paid(training.into(), 200_001);
        self.record(&entries).await?;
        Ok(spent)
    }
}

/// Reads what an auditor has proven: both journals, and what every half of every
/// account holds.
struct Books {
    hledger: Journal,
    beancount: Journal,
    balances: BTreeMap<(AccountId, bool), i64>,
}

impl Reading for Books {
    fn read(&mut self, record: &Record, effects: &Effects, _: &State) {
        self.hledger.add(record, &effects.postings);
        self.beancount.add(record, &effects.postings);
        for posting in &effects.postings {
            let half = (posting.account, posting.bucket == Bucket::Held);
            self.balances.insert(half, posting.balance);
        }
    }
}

async fn a_city_keeps_its_books_for_a_month(world: &mut World) -> Result<()> {
    let city = City::new(world);
    city.open().await?;
    city.endow().await?;
    let mut unmet = Vec::new();
    for day in 0..DAYS {
        // What is bought must still be open at the end of the month.
        let new = city.live(day).await?;
        if day + 10 >= DAYS && day + 4 < DAYS {
            unmet.extend(new);
        }
        world.pass_hours(24);
    }
    let spent = city.close_the_month(&unmet).await?;
    ensure!(unmet.len() > 5, "some care was bought");
    let due = world.client_of(world.member(0)).due().await?;
    for target in due {
        let target = target.target;
        world.does(world.member(0), Expire { target }).await?;
    }

    let books = Books {
        hledger: Journal::new(Dialect::Hledger),
        beancount: Journal::new(Dialect::Beancount),
        balances: BTreeMap::new(),
    };
    let source = ServerSource::new(world.client_of(&world.street.auditor));
    let log_key = world.verifier_key().parse()?;
    let (report, books) =
        audit_reading(source, &log_key, Signatures::Together, books, |_| {}).await?;
    check_conservation(&books);
    reconcile(&books, spent);
    check_programs(world, books, &report.origin)
}

/// Everything sums to zero, and no member is below it.
fn check_conservation(books: &Books) {
    let mut sums = BTreeMap::<Measure, i64>::new();
    for ((account, _), balance) in &books.balances {
        *sums.entry(account.measure()).or_default() += balance;
        let is_member = matches!(account, AccountId::Member(MemberId { .. }));
        assert!(!is_member || *balance >= 0, "{account}");
    }
    assert_eq!(
        sums,
        BTreeMap::from([(Measure::Minutes, 0), (Measure::Fen, 0)])
    );
}

/// What the fund has received it has spent, or has still, to the fen.
fn reconcile(books: &Books, spent: i64) {
    let money = books.balances.iter();
    let money = money.filter(|((account, _), _)| account.measure() == Measure::Fen);
    let (mut received, mut paid, mut left) = (0, 0, 0);
    for ((account, _), balance) in money {
        match account {
            AccountId::FundDonors => received -= balance,
            AccountId::FundSpent(_) => paid += balance,
            _ => left += balance,
        }
    }
    assert_eq!(received, 10_123_456);
    assert_eq!((paid, left), (spent, received - spent));
    let restricted = (AccountId::FundRestricted(BudgetLine::Training), false);
    assert_eq!(books.balances[&restricted], 0);
}

fn check_programs(world: &World, books: Books, origin: &str) -> Result<()> {
    let (hledger, beancount) = (
        world.plan.data.join("city.journal"),
        world.plan.data.join("city.beancount"),
    );
    let text = books.hledger.finish(origin);
    fs::write(&hledger, &text)?;
    fs::write(&beancount, books.beancount.finish(origin))?;
    let told = check_journals(&hledger, &beancount)?;
    let held = books.balances.iter().filter(|(_, balance)| **balance != 0);
    let expected =
        held.map(|(half, balance)| (account_name(*half), amount(half.0.measure(), *balance)));
    let expected: BTreeMap<String, String> = expected.collect();
    ensure!(told == expected, "hledger counts otherwise");
    // Both find an hour that was made up.
    let made_up = text.replacen("  600 MIN", "  660 MIN", 1);
    fs::write(&hledger, made_up)?;
    ensure!(
        check_journals(&hledger, &beancount).is_err(),
        "an hour was made up"
    );
    Ok(())
}
