//! Hours, proposals and money, a second time.

use ledger::account::AccountId;
use ledger::act::{Act, Approve, Donate, Give, Grant, GrantSource, ReceiveMoney, Refuse, Reverse};
use ledger::entry::Record;
use ledger::role::Role;
use ledger::rules::GiveScope;
use ledger::{EntryId, MemberId, UnitId};

use super::{DAY, Model, Movement, Proposal, Verdict, require};

impl Model {
    pub(super) fn give(&mut self, record: &Record, act: &Give) -> Verdict {
        let giver = record.entry.author;
        self.person(act.recipient, "MEMBER_UNKNOWN")?;
        require(act.recipient != giver, "SELF_TRANSFER")?;
        let may_give = self.rules().give_scope == GiveScope::Anyone;
        require(may_give, "GIVING_NOT_ALLOWED")?;
        let amount = i64::from(act.minutes.get());
        require(amount <= self.room(act.recipient), "BALANCE_CAP")?;
        let (from, to) = (AccountId::Member(giver), AccountId::Member(act.recipient));
        require(amount <= self.available(from), "INSUFFICIENT_BALANCE")?;
        let unit = self.person(giver, "MEMBER_UNKNOWN")?.unit;
        self.shift(record.entry.id, unit, [from, to], amount, vec![giver]);
        Ok(())
    }

    pub(super) fn donate(&mut self, record: &Record, act: &Donate) -> Verdict {
        let giver = record.entry.author;
        self.require_unit(act.unit)?;
        let amount = i64::from(act.minutes.get());
        let (from, to) = (AccountId::Member(giver), AccountId::Pool(act.unit));
        require(amount <= self.available(from), "INSUFFICIENT_BALANCE")?;
        self.shift(record.entry.id, act.unit, [from, to], amount, vec![giver]);
        Ok(())
    }

    fn shift(
        &mut self,
        id: EntryId,
        unit: UnitId,
        [from, to]: [AccountId; 2],
        amount: i64,
        signers: Vec<MemberId>,
    ) {
        self.add(from, -amount);
        self.add(to, amount);
        let mut changes = vec![(from, -amount), (to, amount)];
        if let (AccountId::Member(giver), AccountId::Member(receiver)) = (from, to) {
            let crossing = self.crossing(giver, receiver, amount);
            for (account, amount) in &crossing {
                self.add(*account, *amount);
            }
            changes.extend(crossing);
        }
        let movement = Movement {
            unit,
            changes,
            signers,
            reversal: "NONE",
        };
        self.movements.insert(id, movement);
    }

    /// What a movement between members of two districts adds to clearing.
    pub(super) fn crossing(
        &self,
        from: MemberId,
        to: MemberId,
        amount: i64,
    ) -> Vec<(AccountId, i64)> {
        let district = |member: MemberId| self.district_of(self.members[&member].unit);
        let (left, reached) = (district(from), district(to));
        if left == reached || amount == 0 {
            return Vec::new();
        }
        vec![
            (AccountId::Clearing(left, reached), amount),
            (AccountId::Clearing(reached, left), -amount),
        ]
    }

    /// The district of a unit; the scheme, above all districts.
    fn district_of(&self, unit: UnitId) -> UnitId {
        match self.units[&unit] {
            (2, Some(parent)) => parent,
            _ => unit,
        }
    }

    pub(super) fn receive_money(&mut self, record: &Record, act: &ReceiveMoney) -> Verdict {
        self.require_unit(act.unit)?;
        self.has_any_role(record.entry.author, &[Role::FundAdmin], act.unit)?;
        let cash = self.available(AccountId::FundCash);
        require(cash <= i64::MAX - act.fen.get(), "BALANCE_OVERFLOW")?;
        self.add(AccountId::FundDonors, -act.fen.get());
        self.add(AccountId::FundCash, act.fen.get());
        Ok(())
    }

    pub(super) fn grant(&mut self, record: &Record, act: &Grant) -> Verdict {
        let author = record.entry.author;
        self.require_unit(act.unit)?;
        let recipient = self.person(act.recipient, "MEMBER_UNKNOWN")?;
        self.has_any_role(author, &[Role::FundAdmin, Role::Operator], act.unit)?;
        require(act.recipient != author, "INVOLVED")?;
        self.require_served(recipient, record.recorded.get())?;
        self.propose(record, act.unit, vec![author, act.recipient]);
        Ok(())
    }

    pub(super) fn reverse(&mut self, record: &Record, act: &Reverse) -> Verdict {
        let movement = self.movements.get_mut(&act.entry);
        let movement = movement.ok_or("MOVEMENT_UNKNOWN")?.clone();
        let roles = [Role::Staff, Role::Operator];
        self.has_any_role(record.entry.author, &roles, movement.unit)?;
        require(movement.reversal != "DONE", "ALREADY_REVERSED")?;
        require(movement.reversal != "PROPOSED", "REVERSAL_PROPOSED")?;
        let mut parties = movement.signers;
        parties.push(record.entry.author);
        for (account, amount) in movement.changes {
            if let AccountId::Member(member) = account
                && amount != 0
            {
                parties.push(member);
            }
        }
        self.mark(act, "PROPOSED");
        self.propose(record, movement.unit, parties);
        Ok(())
    }

    fn mark(&mut self, act: &Reverse, reversal: &'static str) {
        let movement = self.movements.get_mut(&act.entry);
        movement.expect("it was found before").reversal = reversal;
    }

    pub(super) fn propose(&mut self, record: &Record, unit: UnitId, parties: Vec<MemberId>) {
        let open_days = i64::from(self.rules().proposal_open_days);
        let proposal = Proposal {
            outcome: "OPEN",
            act: record.entry.act.clone(),
            proposer: record.entry.author,
            approver: None,
            parties,
            unit,
            due: record.recorded.get() + open_days * DAY,
        };
        self.proposals.insert(record.entry.id, proposal);
    }

    fn require_approver(&self, proposal: &Proposal, author: MemberId) -> Verdict {
        let roles: &[Role] = match proposal.act {
            Act::Grant(_) => &[Role::FundAdmin, Role::Operator, Role::Regulator],
            Act::RecoverKey(_) => &[Role::Staff, Role::Operator, Role::Regulator],
            _ => &[Role::Operator, Role::Regulator],
        };
        self.has_any_role(author, roles, proposal.unit)?;
        require(!proposal.parties.contains(&author), "INVOLVED")
    }

    pub(super) fn approve(&mut self, record: &Record, act: &Approve) -> Verdict {
        let (author, now) = (record.entry.author, record.recorded.get());
        let proposal = self.proposals.get(&act.proposal).cloned();
        let proposal = proposal.ok_or("PROPOSAL_UNKNOWN")?;
        self.require_approver(&proposal, author)?;
        require(proposal.outcome == "OPEN", "PROPOSAL_CLOSED")?;
        require(now < proposal.due, "OVERDUE")?;
        match &proposal.act {
            Act::Grant(grant) => {
                let signers = vec![proposal.proposer, author];
                self.carry_out_grant(act.proposal, grant, signers)?;
            }
            Act::Reverse(reverse) => self.carry_out_reversal(reverse)?,
            Act::RecoverKey(recover) => self.carry_out_recovery(record, recover),
            _ => unreachable!("nothing else is proposed"),
        }
        let proposal = self.proposals.get_mut(&act.proposal);
        let proposal = proposal.expect("it was found before");
        (proposal.outcome, proposal.approver) = ("APPROVED", Some(author));
        Ok(())
    }

    fn carry_out_grant(&mut self, id: EntryId, grant: &Grant, signers: Vec<MemberId>) -> Verdict {
        let amount = i64::from(grant.minutes.get());
        require(amount <= self.room(grant.recipient), "BALANCE_CAP")?;
        let from = match grant.source {
            GrantSource::Issue => AccountId::Issued(grant.unit),
            GrantSource::Pool => AccountId::Pool(grant.unit),
        };
        let left = self.available(from) - amount;
        match grant.source {
            GrantSource::Issue => {
                require(-left <= self.rules().issued_minutes_max, "ISSUE_BUDGET")?;
            }
            GrantSource::Pool => require(left >= 0, "INSUFFICIENT_BALANCE")?,
        }
        let to = AccountId::Member(grant.recipient);
        self.shift(id, grant.unit, [from, to], amount, signers);
        Ok(())
    }

    fn carry_out_reversal(&mut self, reverse: &Reverse) -> Verdict {
        let changes = self.movements[&reverse.entry].changes.clone();
        for (account, amount) in &changes {
            let has = *amount <= 0 || self.available(*account) >= *amount;
            require(has, "INSUFFICIENT_BALANCE")?;
        }
        for (account, amount) in changes {
            self.add(account, -amount);
        }
        self.mark(reverse, "DONE");
        Ok(())
    }

    pub(super) fn refuse(&mut self, record: &Record, act: &Refuse) -> Verdict {
        let proposal = self
            .proposals
            .get(&act.proposal)
            .ok_or("PROPOSAL_UNKNOWN")?;
        if proposal.proposer != record.entry.author {
            self.require_approver(proposal, record.entry.author)?;
        }
        require(proposal.outcome == "OPEN", "PROPOSAL_CLOSED")?;
        self.end(act.proposal, "REFUSED");
        Ok(())
    }

    /// Ends a proposal without effect.
    pub(super) fn end(&mut self, id: EntryId, outcome: &'static str) {
        let proposal = self.proposals.get_mut(&id).expect("it was found before");
        proposal.outcome = outcome;
        match proposal.act.clone() {
            Act::Reverse(reverse) => self.mark(&reverse, "NONE"),
            Act::RecoverKey(recover) => self.give_up_recovery(&recover),
            _ => {}
        }
    }
}
