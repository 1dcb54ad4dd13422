//! Who may do what: roles, proxies, kin, and the standing of members and units.

use super::Transaction;
use crate::account::AccountId;
use crate::certificate::{Certificate, CertificateName};
use crate::entry::{Attestation, OnBehalf};
use crate::id::{MemberId, UnitId};
use crate::member::{Member, NeedCategory, Standing};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::scheme::Scheme;
use crate::state::Halt;
use crate::tie::{Blocked, Delegation, Kin};
use crate::time::Millis;
use crate::unit::{Unit, UnitStanding};

impl Transaction<'_> {
    /// Whether a member has a role in a unit or in one above it; for a closed
    /// unit, also in the one that it was handed over to.
    pub(crate) fn has_role(
        &self,
        member: MemberId,
        role: Role,
        unit: UnitId,
    ) -> Result<bool, Halt> {
        let mut next = Some(unit);
        while let Some(unit) = next {
            if self.look::<Appointment>(&(member, unit, role))?.is_some() {
                return Ok(true);
            }
            let Unit {
                parent, standing, ..
            } = self.unit(&unit)?;
            if let UnitStanding::Closed { successor } = *standing
                && self.has_role(member, role, successor)?
            {
                return Ok(true);
            }
            next = *parent;
        }
        Ok(false)
    }

    /// Refuses an author who has none of these roles in a unit; the first is
    /// named.
    pub(crate) fn require_role(&self, roles: &[Role], unit: UnitId) -> Result<(), Halt> {
        for role in roles {
            if self.has_role(self.author(), *role, unit)? {
                return Ok(());
            }
        }
        Err(Rejection::RoleMissing { role: roles[0] }.into())
    }

    /// Refuses a member who may not be served: too young, without a need.
    pub(crate) fn require_eligible(&self, recipient: &Member) -> Result<(), Rejection> {
        let years_min = self.rules.recipient_age_years_min;
        let old_enough = recipient.birth_month.age_years(self.now()) >= years_min;
        if old_enough || recipient.need != NeedCategory::None {
            Ok(())
        } else {
            Err(Rejection::RecipientAge { years_min })
        }
    }

    /// The scheme, which is open.
    pub(crate) fn scheme(&self) -> Result<Scheme, Halt> {
        Ok(self.find(&())?.expect("the ledger is open"))
    }

    /// A unit that takes on something new.
    pub(crate) fn open_unit(&self, id: &UnitId) -> Result<&Unit, Halt> {
        let unit = self.unit(id)?;
        match unit.standing {
            UnitStanding::Open => Ok(unit),
            standing => Err(Rejection::UnitNotOpen {
                standing: standing.name(),
            }
            .into()),
        }
    }

    /// A member whom an act names and who is one still.
    pub(crate) fn present_member(&self, id: &MemberId) -> Result<Member, Halt> {
        let member = self.member(id)?;
        let standing = member.standing;
        if standing.is_member() {
            return Ok(member);
        }
        let standing = standing.name();
        Err(Rejection::MemberGone { standing }.into())
    }

    /// Where hours go that are meant for a member: to the account; after a merger
    /// to the account that goes on; from members who have left to the pool of
    /// their unit.
    pub(super) fn receiver(&self, member: MemberId) -> Result<AccountId, Halt> {
        let mut id = member;
        loop {
            let member = self.member(&id)?;
            match member.standing {
                Standing::Merged(into) => id = into,
                Standing::Closed => return Ok(AccountId::Pool(member.unit)),
                _ => return Ok(AccountId::Member(id)),
            }
        }
    }

    /// Refuses hours that leave a frozen account.
    pub(crate) fn require_unfrozen(&self, member: MemberId) -> Result<(), Halt> {
        match self.member(&member)?.frozen_until {
            Some(until) if self.now() < until => Err(Rejection::AccountFrozen {
                until_ms: until.get(),
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// Refuses an end that is past, or further ahead than so many days.
    pub(crate) fn require_period(&self, until: Millis, days_max: u32) -> Result<(), Rejection> {
        if until <= self.now() {
            return Err(Rejection::PeriodOver);
        }
        if until > self.now().plus_days(days_max) {
            return Err(Rejection::PeriodTooLong { days_max });
        }
        Ok(())
    }

    /// What a member is to another, if they are kin.
    pub(crate) fn kin(&self, member: MemberId, kin: MemberId) -> Result<Option<Kin>, Halt> {
        match self.look::<Member>(&member)? {
            Some(Member { kin: 1.., .. }) => self.find(&(member, kin)),
            _ => Ok(None),
        }
    }

    /// Counts one kin more of a member, or one less.
    pub(crate) fn count_kin(&mut self, member: MemberId, is_more: bool) -> Result<(), Halt> {
        let mut row = self.member(&member)?;
        if is_more {
            row.kin += 1;
        } else {
            row.kin -= 1;
        }
        self.put(&member, row);
        Ok(())
    }

    /// Refuses an author who is one of these, or kin of one.
    pub(crate) fn require_uninvolved(&self, parties: &[MemberId]) -> Result<(), Halt> {
        let author = self.author();
        for party in parties {
            if *party == author || self.kin(*party, author)?.is_some() {
                return Err(Rejection::Involved.into());
            }
        }
        Ok(())
    }

    /// Whether one of two members does not want to meet the other.
    pub(crate) fn is_blocked(&self, one: MemberId, other: MemberId) -> Result<bool, Halt> {
        Ok(self.has_blocked(one, other)? || self.has_blocked(other, one)?)
    }

    /// Whether a member does not want to meet another.
    pub(crate) fn has_blocked(&self, member: MemberId, other: MemberId) -> Result<bool, Halt> {
        match self.look::<Member>(&member)? {
            Some(Member { blocked: 1.., .. }) => {
                Ok(self.look::<Blocked>(&(member, other))?.is_some())
            }
            _ => Ok(false),
        }
    }

    /// Refuses a volunteer without a certificate that holds.
    pub(crate) fn require_certificate(
        &self,
        member: MemberId,
        name: CertificateName,
    ) -> Result<(), Halt> {
        let certificate: Option<Certificate> = self.find(&(member, name))?;
        if certificate.is_some_and(|it| self.now() < it.until) {
            return Ok(());
        }
        Err(Rejection::CertificateMissing.into())
    }

    /// Refuses an author who may not act for the member named in the entry.
    pub(super) fn check_behalf(&self, behalf: &OnBehalf) -> Result<(), Halt> {
        if behalf.member == self.author() {
            return Err(Rejection::AttestationMismatch.into());
        }
        let act = &self.entry().act;
        let may_be = match behalf.attestation {
            Attestation::Delegated => act.scope().is_some(),
            Attestation::Kiosk | Attestation::Attested => !act.done_on_behalf_by().is_empty(),
        };
        if !may_be {
            return Err(Rejection::NotOnBehalf.into());
        }
        let member = self.find::<Member>(&behalf.member)?;
        let member = member.ok_or(Rejection::SubjectUnknown)?;
        match behalf.attestation {
            Attestation::Delegated => self.check_proxy(behalf.member)?,
            Attestation::Kiosk | Attestation::Attested => {
                self.check_staff(behalf.member, &member)?;
            }
        }
        let is_by_staff = behalf.attestation != Attestation::Delegated;
        let may_be_gone = is_by_staff && act.is_for_the_gone();
        if member.standing.is_member() || may_be_gone {
            return Ok(());
        }
        let standing = member.standing.name();
        Err(Rejection::SubjectGone { standing }.into())
    }

    fn check_proxy(&self, member: MemberId) -> Result<(), Halt> {
        let delegation: Option<Delegation> = self.find(&(member, self.author()))?;
        let scope = self.entry().act.scope();
        let holds = |it: &Delegation| {
            self.now() < it.until && scope.is_some_and(|scope| it.scopes.contains(&scope))
        };
        if delegation.as_ref().is_some_and(holds) {
            return Ok(());
        }
        Err(Rejection::NotDelegated.into())
    }

    fn check_staff(&self, id: MemberId, member: &Member) -> Result<(), Halt> {
        let mut roles = self.entry().act.done_on_behalf_by().iter();
        let is_staff = roles.try_fold(false, |found, role| {
            Ok::<_, Halt>(found || self.has_role(self.author(), *role, member.unit)?)
        })?;
        if !is_staff {
            return Err(Rejection::NotStaffOfMember.into());
        }
        if self.kin(id, self.author())?.is_some() {
            return Err(Rejection::StaffIsKin.into());
        }
        Ok(())
    }

    /// Whether a member has nothing, available or held.
    pub(crate) fn require_empty(&self, member: MemberId) -> Result<(), Halt> {
        let account: Option<crate::account::Account> = self.find(&AccountId::Member(member))?;
        match account.map_or(0, |account| account.total()) {
            0 => Ok(()),
            total => Err(Rejection::BalanceNotEmpty { total }.into()),
        }
    }
}
