//! A quarter of requests, and who meets them.

use ledger::act::{
    AcceptCare, CancelCare, CancelReason, ConfirmService, Grant, GrantSource, LogService,
    PurchaseCare, RequestCare,
};
use ledger::rules::Issuance;
use ledger::{EntryId, Fen, MemberId, Minutes};

use super::book::{FUND, REGULATOR, STAFF, STATION};
use super::{City, ELDER_YEARS, Person};

/// What the fund grants an elder in need who has nothing, in minutes.
const GRANT_MINUTES: i64 = 480;

impl City<'_> {
    /// A quarter of requests: volunteers take on what they can, the fund buys the
    /// rest.
    pub(super) fn help(&mut self) {
        let now = self.book.now();
        let living: Vec<Person> = self
            .people
            .iter()
            .filter(|it| it.is_alive)
            .copied()
            .collect();
        let age = |it: &Person| it.born.age_years(now);
        let (elders, young): (Vec<_>, Vec<_>) =
            living.into_iter().partition(|it| age(it) >= ELDER_YEARS);
        let rules = &self.plan.rules;
        let oldest = match rules.volunteer_age_years_max {
            0 => u32::MAX,
            years => years,
        };
        let able = rules.volunteer_age_years_min..=oldest;
        let mut helpers = young;
        helpers.retain(|it| able.contains(&age(it)) && self.dice.percent(self.plan.active_percent));
        let mut waiting = Vec::new();
        for elder in elders {
            if !self.dice.percent(self.plan.asking_percent) {
                continue;
            }
            if !self.afford(&elder) {
                self.running.without_hours += 1;
                continue;
            }
            let is_filled = self.dice.percent(self.plan.filled_percent);
            let helper = helpers.pop().filter(|_| is_filled);
            let is_met = helper.is_some_and(|helper| self.visit(elder.id, helper.id));
            if !is_met {
                waiting.extend(self.ask(elder.id));
            }
        }
        self.book.pass_days(self.waiting_days());
        for service in waiting {
            self.buy(service);
        }
    }

    /// Whether an elder has hours for a session; the fund grants some to who is in
    /// need and has none.
    fn afford(&mut self, elder: &Person) -> bool {
        if self.plan.rules.issuance == Issuance::Mint
            || self.book.available(elder.id) >= self.session.amount()
        {
            return true;
        }
        let grant = Grant {
            unit: STATION,
            recipient: elder.id,
            minutes: Minutes::parse(GRANT_MINUTES).expect("an amount"),
            source: GrantSource::Issue,
            reason: None,
        };
        elder.is_in_need && self.book.try_by_two(FUND[0], FUND[1], grant)
    }

    fn request(&self, in_days: u32) -> RequestCare {
        let now = self.book.now();
        RequestCare {
            unit: STATION,
            item: self.item.clone(),
            start: match in_days {
                0 => now.minus_days(1),
                days => now.plus_days(days),
            },
            minutes: self.session,
            note: None,
        }
    }

    /// Whether a helper has visited an elder, and was paid.
    fn visit(&mut self, elder: MemberId, helper: MemberId) -> bool {
        let request = self.request(0);
        let start = request.start;
        let Some(service) = self.book.tried(STAFF[0], Some(elder), request) else {
            return false;
        };
        let minutes = self.session;
        let log = LogService {
            service,
            start,
            minutes,
            evidence: None,
        };
        let accept = AcceptCare { service };
        let confirm = ConfirmService { service, minutes };
        let held = self.book.held(elder);
        let book = &mut self.book;
        let is_done = book.tried(STAFF[0], Some(helper), accept).is_some()
            && book.tried(STAFF[0], Some(helper), log).is_some()
            && book.tried(STAFF[1], Some(elder), confirm).is_some();
        if !is_done {
            let reason = CancelReason::Other;
            let cancel = CancelCare { service, reason };
            if book.tried(STAFF[0], Some(elder), cancel).is_some() {
                book.forget(service);
            }
            return false;
        }
        let paid = match held - book.held(elder) {
            0 => minutes.amount(),
            paid => paid,
        };
        book.forget(service);
        self.running.earned_minutes += paid;
        self.running.redeemed_minutes += paid;
        true
    }

    fn ask(&mut self, elder: MemberId) -> Option<(EntryId, MemberId)> {
        let rules = &self.plan.rules;
        let lead = rules.lead_time_hours / 24 + 1;
        let request = self.request(self.waiting_days().max(lead) + 1);
        let service = self.book.tried(STAFF[0], Some(elder), request)?;
        Some((service, elder))
    }

    /// After how many days the fund may buy what nobody took on.
    pub(super) const fn waiting_days(&self) -> u32 {
        self.plan.rules.unmatched_hours / 24 + 1
    }

    fn buy(&mut self, (service, elder): (EntryId, MemberId)) {
        let fen = self.session.amount() * self.plan.fen_per_hour / 60;
        let buy = Fen::parse(fen).ok().map(|fen| PurchaseCare {
            service,
            fen,
            voucher: None,
        });
        let is_bought = buy.is_some_and(|buy| self.book.try_by_two(FUND[0], REGULATOR, buy));
        if is_bought {
            self.running.bought_minutes += self.session.amount();
            self.running.redeemed_minutes += self.session.amount();
        } else {
            let reason = CancelReason::NotNeeded;
            self.book
                .done(STAFF[0], Some(elder), CancelCare { service, reason });
            self.running.unmet_minutes += self.session.amount();
        }
        self.book.forget(service);
    }
}
