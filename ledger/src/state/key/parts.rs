//! Reading a key part by part.

use super::{Key, KeyError, kind};
use crate::account::AccountId;
use crate::budget::BudgetLine;
use crate::certificate::CertificateName;
use crate::code::MemberCode;
use crate::id::{EntryId, MemberId, UnitId};
use crate::key::KeyId;
use crate::role::Role;
use crate::rules::RulesVersion;
use crate::time::Millis;

/// What is left of the bytes of a key.
pub(super) struct Parts<'a>(pub(super) &'a [u8]);

impl Parts<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], KeyError> {
        let (part, rest) = self.0.split_first_chunk().ok_or(KeyError)?;
        self.0 = rest;
        Ok(*part)
    }

    fn member(&mut self) -> Result<MemberId, KeyError> {
        self.take().map(MemberId::from_bytes)
    }

    fn unit(&mut self) -> Result<UnitId, KeyError> {
        self.take().map(UnitId::from_bytes)
    }

    fn entry(&mut self) -> Result<EntryId, KeyError> {
        self.take().map(EntryId::from_bytes)
    }

    fn account(&mut self) -> Result<AccountId, KeyError> {
        match self.take()? {
            [1] => self.member().map(AccountId::Member),
            [2] => self.unit().map(AccountId::Pool),
            [3] => self.unit().map(AccountId::Issued),
            [4] => Ok(AccountId::Retired),
            [5] => Ok(AccountId::FundCash),
            [6] => Ok(AccountId::FundDonors),
            [7] => self.line().map(AccountId::FundRestricted),
            [8] => self.line().map(AccountId::FundSpent),
            [9] => Ok(AccountId::Clearing(self.unit()?, self.unit()?)),
            _ => Err(KeyError),
        }
    }

    fn role(&mut self) -> Result<Role, KeyError> {
        let [number] = self.take()?;
        Role::from_number(number).ok_or(KeyError)
    }

    fn line(&mut self) -> Result<BudgetLine, KeyError> {
        let [number] = self.take()?;
        BudgetLine::from_number(number).ok_or(KeyError)
    }

    fn code(&mut self) -> Result<MemberCode, KeyError> {
        MemberCode::from_number(u64::from_be_bytes(self.take()?)).ok_or(KeyError)
    }

    pub(super) fn key(&mut self, kind: u8) -> Result<Key, KeyError> {
        Ok(match kind {
            kind::SCHEME => Key::Scheme,
            kind::RULES => Key::Rules(RulesVersion(u32::from_be_bytes(self.take()?))),
            kind::UNIT => Key::Unit(self.unit()?),
            kind::MEMBER => Key::Member(self.member()?),
            kind::MEMBER_CODE => Key::MemberCode(self.code()?),
            kind::MEMBER_KEY => Key::MemberKey(KeyId::from_bytes(self.take()?)),
            kind::KEY_RING => Key::KeyRing(self.member()?),
            kind::APPOINTMENT => Key::Appointment(self.member()?, self.unit()?, self.role()?),
            kind::ACCOUNT => Key::Account(self.account()?),
            kind::SERVICE => Key::Service(self.entry()?),
            kind::PROPOSAL => Key::Proposal(self.entry()?),
            kind::MOVEMENT => Key::Movement(self.entry()?),
            kind::UNIT_MEMBER => Key::UnitMember(self.unit()?, self.member()?),
            kind::OPEN_REQUEST => Key::OpenRequest(self.unit()?, self.entry()?),
            kind::OPEN_SERVICE => Key::OpenService(self.member()?, self.entry()?),
            kind::OPEN_PROPOSAL => Key::OpenProposal(self.unit()?, self.entry()?),
            kind::DUE => Key::Due(Millis::new(i64::from_be_bytes(self.take()?)), self.entry()?),
            kind::ADOPTIONS => Key::Adoptions,
            kind::LOTS => Key::Lots(self.member()?),
            kind::CALENDAR => Key::Calendar(self.member()?),
            kind::KIN => Key::Kin(self.member()?, self.member()?),
            kind::DELEGATION => Key::Delegation(self.member()?, self.member()?),
            kind::BLOCKED => Key::Blocked(self.member()?, self.member()?),
            kind::CERTIFICATE => {
                let (member, name) = (self.member()?, self.take()?);
                Key::Certificate(member, CertificateName::from_bytes(name))
            }
            kind::BUDGET => Key::Budget(self.unit()?, self.line()?),
            kind::VALUATION => Key::Valuation,
            kind::CASE => Key::Case(self.entry()?),
            kind::OPEN_CASE => Key::OpenCase(self.unit()?, self.entry()?),
            _ => return Err(KeyError),
        })
    }
}
