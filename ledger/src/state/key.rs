//! Keys of state rows and their bytes.
//!
//! The bytes are a number for the kind, then the parts in fixed width, big
//! endian. Their order is the order in which lists are read: open requests of
//! a unit, for example, stand together, oldest first.

mod parts;
mod scope;

use parts::Parts;
pub use scope::Scope;

use crate::account::AccountId;
use crate::budget::BudgetLine;
use crate::certificate::CertificateName;
use crate::code::MemberCode;
use crate::id::{EntryId, MemberId, UnitId};
use crate::key::KeyId;
use crate::role::Role;
use crate::rules::RulesVersion;
use crate::time::Millis;

/// What a state row stands for. From [`Key::OpenRequest`] to [`Key::Due`] they
/// have no content of their own: they are lists of what is open, so their
/// number does not grow with the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The scheme.
    Scheme,
    /// A version of the rules.
    Rules(RulesVersion),
    /// A unit.
    Unit(UnitId),
    /// A member.
    Member(MemberId),
    /// Who has a short code.
    MemberCode(MemberCode),
    /// A key of a member.
    MemberKey(KeyId),
    /// The keys of a member that have not ended.
    KeyRing(MemberId),
    /// A role of a member in a unit.
    Appointment(MemberId, UnitId, Role),
    /// An account.
    Account(AccountId),
    /// A service.
    Service(EntryId),
    /// A proposal.
    Proposal(EntryId),
    /// What an entry moved.
    Movement(EntryId),
    /// A member belongs to a unit.
    UnitMember(UnitId, MemberId),
    /// A service of a unit waits for a volunteer.
    OpenRequest(UnitId, EntryId),
    /// A service of a member is not closed yet.
    OpenService(MemberId, EntryId),
    /// A proposal in a unit is not decided yet.
    OpenProposal(UnitId, EntryId),
    /// Something may be expired or finished from a time on.
    Due(Millis, EntryId),
    /// The trees that were given up.
    Adoptions,
    /// Where a member's hours came from.
    Lots(MemberId),
    /// The recent visits of a member.
    Calendar(MemberId),
    /// What another member is to a member.
    Kin(MemberId, MemberId),
    /// Who represents a member.
    Delegation(MemberId, MemberId),
    /// Whom a member does not want to meet.
    Blocked(MemberId, MemberId),
    /// What a member is certified for.
    Certificate(MemberId, CertificateName),
    /// What a unit may spend.
    Budget(UnitId, BudgetLine),
    /// The newest valuation.
    Valuation,
    /// A case.
    Case(EntryId),
    /// A case of a unit is not closed yet.
    OpenCase(UnitId, EntryId),
}

/// Bytes that are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a state row")]
pub struct KeyError;

mod kind {
    pub(super) const SCHEME: u8 = 1;
    pub(super) const RULES: u8 = 2;
    pub(super) const UNIT: u8 = 3;
    pub(super) const MEMBER: u8 = 4;
    pub(super) const MEMBER_CODE: u8 = 5;
    pub(super) const MEMBER_KEY: u8 = 6;
    pub(super) const APPOINTMENT: u8 = 7;
    pub(super) const ACCOUNT: u8 = 8;
    pub(super) const SERVICE: u8 = 9;
    pub(super) const PROPOSAL: u8 = 10;
    pub(super) const MOVEMENT: u8 = 11;
    pub(super) const UNIT_MEMBER: u8 = 12;
    pub(super) const OPEN_REQUEST: u8 = 13;
    pub(super) const OPEN_SERVICE: u8 = 14;
    pub(super) const OPEN_PROPOSAL: u8 = 15;
    pub(super) const DUE: u8 = 16;
    pub(super) const KEY_RING: u8 = 17;
    pub(super) const LOTS: u8 = 18;
    pub(super) const CALENDAR: u8 = 19;
    pub(super) const KIN: u8 = 20;
    pub(super) const DELEGATION: u8 = 21;
    pub(super) const BLOCKED: u8 = 22;
    pub(super) const CERTIFICATE: u8 = 23;
    pub(super) const BUDGET: u8 = 24;
    pub(super) const VALUATION: u8 = 25;
    pub(super) const CASE: u8 = 26;
    pub(super) const OPEN_CASE: u8 = 27;
    pub(super) const ADOPTIONS: u8 = 32;
}

impl Key {
    /// The bytes of the key.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Scheme => vec![kind::SCHEME],
            Self::Rules(version) => join(kind::RULES, &[&version.0.to_be_bytes()]),
            Self::Unit(unit) => join(kind::UNIT, &[unit.as_bytes()]),
            Self::Member(member) => join(kind::MEMBER, &[member.as_bytes()]),
            Self::MemberCode(code) => join(kind::MEMBER_CODE, &[&code.get().to_be_bytes()]),
            Self::MemberKey(key) => join(kind::MEMBER_KEY, &[key.as_bytes()]),
            Self::KeyRing(member) => join(kind::KEY_RING, &[member.as_bytes()]),
            Self::Appointment(member, unit, role) => {
                let parts: [&[u8]; 3] = [member.as_bytes(), unit.as_bytes(), &[role.number()]];
                join(kind::APPOINTMENT, &parts)
            }
            Self::Account(account) => encode_account(account),
            Self::Service(id) => join(kind::SERVICE, &[id.as_bytes()]),
            Self::Proposal(id) => join(kind::PROPOSAL, &[id.as_bytes()]),
            Self::Movement(id) => join(kind::MOVEMENT, &[id.as_bytes()]),
            Self::UnitMember(unit, member) => {
                join(kind::UNIT_MEMBER, &[unit.as_bytes(), member.as_bytes()])
            }
            Self::OpenRequest(unit, id) => {
                join(kind::OPEN_REQUEST, &[unit.as_bytes(), id.as_bytes()])
            }
            Self::OpenService(member, id) => {
                join(kind::OPEN_SERVICE, &[member.as_bytes(), id.as_bytes()])
            }
            Self::OpenProposal(unit, id) => {
                join(kind::OPEN_PROPOSAL, &[unit.as_bytes(), id.as_bytes()])
            }
            Self::Due(due, id) => join(kind::DUE, &[&due.get().to_be_bytes(), id.as_bytes()]),
            Self::Adoptions => vec![kind::ADOPTIONS],
            Self::Lots(member) => join(kind::LOTS, &[member.as_bytes()]),
            Self::Calendar(member) => join(kind::CALENDAR, &[member.as_bytes()]),
            Self::Kin(member, kin) => join(kind::KIN, &[member.as_bytes(), kin.as_bytes()]),
            Self::Delegation(member, proxy) => {
                join(kind::DELEGATION, &[member.as_bytes(), proxy.as_bytes()])
            }
            Self::Blocked(member, other) => {
                join(kind::BLOCKED, &[member.as_bytes(), other.as_bytes()])
            }
            Self::Certificate(member, name) => {
                join(kind::CERTIFICATE, &[member.as_bytes(), name.as_bytes()])
            }
            Self::Budget(unit, line) => join(kind::BUDGET, &[unit.as_bytes(), &[line.number()]]),
            Self::Valuation => vec![kind::VALUATION],
            Self::Case(id) => join(kind::CASE, &[id.as_bytes()]),
            Self::OpenCase(unit, id) => join(kind::OPEN_CASE, &[unit.as_bytes(), id.as_bytes()]),
        }
    }

    /// Reads a key back.
    ///
    /// # Errors
    /// [`KeyError`] for any bytes that [`Key::encode`] does not make.
    pub fn decode(bytes: &[u8]) -> Result<Self, KeyError> {
        let (&kind, rest) = bytes.split_first().ok_or(KeyError)?;
        let mut parts = Parts(rest);
        let key = parts.key(kind)?;
        if parts.0.is_empty() {
            Ok(key)
        } else {
            Err(KeyError)
        }
    }
}

fn join(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    bytes.push(kind);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

fn encode_account(account: &AccountId) -> Vec<u8> {
    match account {
        AccountId::Member(member) => join(kind::ACCOUNT, &[&[1], member.as_bytes()]),
        AccountId::Pool(unit) => join(kind::ACCOUNT, &[&[2], unit.as_bytes()]),
        AccountId::Issued(unit) => join(kind::ACCOUNT, &[&[3], unit.as_bytes()]),
        AccountId::Retired => vec![kind::ACCOUNT, 4],
        AccountId::FundCash => vec![kind::ACCOUNT, 5],
        AccountId::FundDonors => vec![kind::ACCOUNT, 6],
        AccountId::FundRestricted(line) => vec![kind::ACCOUNT, 7, line.number()],
        AccountId::FundSpent(line) => vec![kind::ACCOUNT, 8, line.number()],
        AccountId::Clearing(unit, other) => {
            join(kind::ACCOUNT, &[&[9], unit.as_bytes(), other.as_bytes()])
        }
    }
}

#[cfg(test)]
mod tests;
