//! Services, a second time.

use ledger::account::AccountId;
use ledger::act::{AcceptCare, CancelCare, ConfirmService, Expire, LogService, RequestCare};
use ledger::entry::Record;
use ledger::rules::Issuance;
use ledger::{EntryId, MemberId};

use super::{DAY, HOUR, MINUTE, Model, Movement, Service, Verdict, require};

impl Model {
    pub(super) fn request_care(&mut self, record: &Record, act: &RequestCare) -> Verdict {
        let (entry, now) = (&record.entry, record.recorded.get());
        let (recipient, start) = (entry.subject(), act.start.get());
        let planned = i64::from(act.minutes.get());
        let rules = self.rules();
        self.require_unit(act.unit)?;
        self.require_served(self.person(recipient, "MEMBER_UNKNOWN")?, now)?;
        let lengths = rules.session_minutes_min..=rules.session_minutes_max;
        require(lengths.contains(&act.minutes.get()), "SESSION_LENGTH")?;
        let step = i64::from(rules.quantum_minutes);
        require(planned % step == 0, "NOT_A_MULTIPLE")?;
        let late = i64::from(rules.late_entry_days_max) * DAY;
        require(now - start <= late, "TOO_LATE")?;
        let due = start.max(now) + i64::from(rules.request_open_hours) * HOUR;
        let is_transfer = rules.issuance == Issuance::Transfer;
        let held = if is_transfer { planned } else { 0 };
        let account = AccountId::Member(recipient);
        require(held <= self.available(account), "INSUFFICIENT_BALANCE")?;
        self.add(account, -held);
        self.hold(recipient, held);
        let service = Service {
            recipient,
            volunteer: None,
            start,
            planned,
            logged: 0,
            logged_start: 0,
            stage: "OPEN",
            unit: act.unit,
            requested_by: entry.author,
            logged_by: None,
            paid_by: None,
            held,
            due,
        };
        self.services.insert(entry.id, service);
        Ok(())
    }

    fn service(&self, id: EntryId) -> Result<Service, &'static str> {
        self.services.get(&id).cloned().ok_or("SERVICE_UNKNOWN")
    }

    pub(super) fn accept_care(&mut self, record: &Record, act: &AcceptCare) -> Verdict {
        let (volunteer, now) = (record.entry.subject(), record.recorded.get());
        let service = self.service(act.service)?;
        require(service.recipient != volunteer, "OWN_SERVICE")?;
        require(service.stage == "OPEN", "SERVICE_STAGE")?;
        require(now < service.due, "OVERDUE")?;
        let birth = self.person(volunteer, "MEMBER_UNKNOWN")?.birth;
        let old_enough = super::age(birth, now) >= i64::from(self.rules().volunteer_age_years_min);
        require(old_enough, "VOLUNTEER_AGE")?;
        let over = service.start + service.planned * MINUTE;
        let due = over.max(now) + i64::from(self.rules().late_entry_days_max) * DAY;
        let booked = Service {
            volunteer: Some(volunteer),
            stage: "BOOKED",
            due,
            ..service
        };
        self.services.insert(act.service, booked);
        Ok(())
    }

    pub(super) fn cancel_care(&mut self, record: &Record, act: &CancelCare) -> Verdict {
        let (subject, now) = (record.entry.subject(), record.recorded.get());
        let service = self.service(act.service)?;
        if service.recipient == subject {
            let may = ["OPEN", "BOOKED"].contains(&service.stage);
            require(may, "SERVICE_STAGE")?;
            self.close(act.service, "CANCELLED");
            return Ok(());
        }
        require(service.volunteer == Some(subject), "NOT_A_PARTY")?;
        let may = ["BOOKED", "LOGGED"].contains(&service.stage);
        require(may, "SERVICE_STAGE")?;
        let open_hours = i64::from(self.rules().request_open_hours);
        let open = Service {
            volunteer: None,
            logged_by: None,
            paid_by: None,
            stage: "OPEN",
            due: service.start.max(now) + open_hours * HOUR,
            ..service
        };
        self.services.insert(act.service, open);
        Ok(())
    }

    /// Ends a service: the recipient has back what is still held.
    fn close(&mut self, id: EntryId, stage: &'static str) {
        let service = self.services.get_mut(&id).expect("it was found before");
        let (recipient, held) = (service.recipient, service.held);
        service.stage = stage;
        service.held = 0;
        if stage != "SETTLED" {
            service.volunteer = None;
        }
        self.hold(recipient, -held);
        self.add(AccountId::Member(recipient), held);
    }

    pub(super) fn log_service(&mut self, record: &Record, act: &LogService) -> Verdict {
        let (subject, now) = (record.entry.subject(), record.recorded.get());
        let (rules, service) = (self.rules(), self.service(act.service)?);
        let is_other = service.volunteer.is_some_and(|known| known != subject);
        require(!is_other, "NOT_A_PARTY")?;
        require(service.stage == "BOOKED", "SERVICE_STAGE")?;
        let logged = i64::from(act.minutes.get());
        let step = i64::from(rules.quantum_minutes);
        require(logged % step == 0, "NOT_A_MULTIPLE")?;
        let over = act.start.get() + logged * MINUTE;
        let late = i64::from(rules.late_entry_days_max) * DAY;
        require(now <= over + late, "TOO_LATE")?;
        let ahead = i64::from(rules.clock_ahead_minutes_max) * MINUTE;
        require(over <= now + ahead, "VISIT_NOT_OVER")?;
        require(logged <= service.planned, "MORE_THAN_BOOKED")?;
        require(!self.is_busy(act, &service, subject), "VISITS_OVERLAP")?;
        let stated = Service {
            logged,
            logged_start: act.start.get(),
            logged_by: Some(record.entry.author),
            stage: "LOGGED",
            ..service
        };
        self.services.insert(act.service, stated);
        Ok(())
    }

    /// Whether the volunteer or the recipient has another visit at that time.
    fn is_busy(&self, act: &LogService, service: &Service, volunteer: MemberId) -> bool {
        let (begin, minutes) = (act.start.get(), i64::from(act.minutes.get()));
        let end = begin + minutes * MINUTE;
        let people = [Some(volunteer), Some(service.recipient)];
        self.services.values().any(|other| {
            let paid_back = other.paid_by.map(|id| self.movements[&id].reversal);
            let is_stated = match other.stage {
                "LOGGED" => true,
                "SETTLED" => paid_back != Some("DONE"),
                _ => false,
            };
            let is_same =
                people.contains(&other.volunteer) || people.contains(&Some(other.recipient));
            let (other_begin, other_end) = (
                other.logged_start,
                other.logged_start + other.logged * MINUTE,
            );
            is_stated && is_same && begin < other_end && other_begin < end
        })
    }

    pub(super) fn confirm_service(&mut self, record: &Record, act: &ConfirmService) -> Verdict {
        let (author, subject) = (record.entry.author, record.entry.subject());
        let service = self.service(act.service)?;
        require(service.recipient == subject, "NOT_A_PARTY")?;
        let is_stated = service.logged_by.is_some();
        let is_same = [service.volunteer, service.logged_by].contains(&Some(author));
        require(!(is_stated && is_same), "SAME_PERSON")?;
        require(service.stage == "LOGGED", "SERVICE_STAGE")?;
        let confirmed = i64::from(act.minutes.get());
        require(confirmed == service.logged, "MINUTES_DIFFER")?;
        let volunteer = service.volunteer.expect("a stated visit has a volunteer");
        if service.held == 0 {
            let issued = -self.available(AccountId::Issued(service.unit));
            let budget = self.rules().issued_minutes_max;
            require(issued + confirmed <= budget, "ISSUE_BUDGET")?;
        }
        let changes = self.pay(&service, volunteer);
        self.close(act.service, "SETTLED");
        if let Some(service) = self.services.get_mut(&act.service) {
            service.paid_by = Some(record.entry.id);
        }
        let signers = vec![
            service.recipient,
            service.requested_by,
            volunteer,
            service.logged_by.unwrap_or(volunteer),
            author,
        ];
        self.movements.insert(
            record.entry.id,
            Movement {
                unit: service.unit,
                changes,
                signers,
                reversal: "NONE",
            },
        );
        Ok(())
    }

    /// Pays up to the cap, and what is above to the pool.
    fn pay(&mut self, service: &Service, volunteer: MemberId) -> Vec<(AccountId, i64)> {
        let kept = service.logged.min(self.room(volunteer));
        let source = if service.held == 0 {
            AccountId::Issued(service.unit)
        } else {
            AccountId::Member(service.recipient)
        };
        let mut changes = vec![
            (source, -service.logged),
            (AccountId::Member(volunteer), kept),
            (AccountId::Pool(service.unit), service.logged - kept),
        ];
        if service.held > 0 {
            changes.extend(self.crossing(service.recipient, volunteer, kept));
        }
        // What was held becomes available first, so that closing adds up.
        for (account, amount) in &changes {
            self.add(*account, *amount);
        }
        changes
    }

    pub(super) fn expire(&mut self, record: &Record, act: &Expire) -> Verdict {
        let now = record.recorded.get();
        if let Some(service) = self.services.get(&act.target) {
            let may = ["OPEN", "BOOKED"].contains(&service.stage);
            require(may, "SERVICE_STAGE")?;
            require(now >= service.due, "NOT_DUE")?;
            self.close(act.target, "EXPIRED");
            return Ok(());
        }
        if let Some(verdict) = self.finish_recovery(record, act) {
            return verdict;
        }
        let proposal = self.proposals.get(&act.target).ok_or("TARGET_UNKNOWN")?;
        require(proposal.outcome == "OPEN", "PROPOSAL_CLOSED")?;
        require(now >= proposal.due, "NOT_DUE")?;
        self.end(act.target, "EXPIRED");
        Ok(())
    }
}
