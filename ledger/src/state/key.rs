//! Keys of state rows and their bytes.
//!
//! The bytes are a number for the kind, then the parts in fixed width, big
//! endian. Their order is the order in which lists are read: open requests of
//! a unit, for example, stand together, oldest first.

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

/// A list of rows: all keys that begin with the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The units.
    Units,
    /// The keys of the scheme's members.
    MemberKeys,
    /// The roles of a member.
    Appointments(MemberId),
    /// The accounts.
    Accounts,
    /// The clearing accounts of districts.
    Clearing,
    /// The members of a unit.
    UnitMembers(UnitId),
    /// The services of a unit that wait for a volunteer.
    OpenRequests(UnitId),
    /// The services of a member that are not closed.
    OpenServices(MemberId),
    /// The undecided proposals of a unit.
    OpenProposals(UnitId),
    /// What may be expired or finished, earliest first.
    Due,
    /// The kin of a member.
    Kin(MemberId),
    /// Who represents a member.
    Delegations(MemberId),
    /// What a member is certified for.
    Certificates(MemberId),
    /// The budgets.
    Budgets,
    /// The cases of a unit that are not closed.
    OpenCases(UnitId),
    /// Everything.
    All,
}

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

impl Scope {
    /// The bytes with which every key of the list begins.
    pub fn prefix(&self) -> Vec<u8> {
        match self {
            Self::All => Vec::new(),
            Self::Units => vec![kind::UNIT],
            Self::MemberKeys => vec![kind::MEMBER_KEY],
            Self::Accounts => vec![kind::ACCOUNT],
            Self::Clearing => vec![kind::ACCOUNT, 9],
            Self::Due => vec![kind::DUE],
            Self::Appointments(member) => join(kind::APPOINTMENT, &[member.as_bytes()]),
            Self::UnitMembers(unit) => join(kind::UNIT_MEMBER, &[unit.as_bytes()]),
            Self::OpenRequests(unit) => join(kind::OPEN_REQUEST, &[unit.as_bytes()]),
            Self::OpenServices(member) => join(kind::OPEN_SERVICE, &[member.as_bytes()]),
            Self::OpenProposals(unit) => join(kind::OPEN_PROPOSAL, &[unit.as_bytes()]),
            Self::Kin(member) => join(kind::KIN, &[member.as_bytes()]),
            Self::Delegations(member) => join(kind::DELEGATION, &[member.as_bytes()]),
            Self::Certificates(member) => join(kind::CERTIFICATE, &[member.as_bytes()]),
            Self::Budgets => vec![kind::BUDGET],
            Self::OpenCases(unit) => join(kind::OPEN_CASE, &[unit.as_bytes()]),
        }
    }
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

/// What is left of the bytes of a key.
struct Parts<'a>(&'a [u8]);

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

    fn key(&mut self, kind: u8) -> Result<Key, KeyError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<Key> {
        let (member, unit) = (MemberId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
        let id = EntryId::from_bytes([3; 16]);
        vec![
            Key::Scheme,
            Key::Rules(RulesVersion(7)),
            Key::Unit(unit),
            Key::Member(member),
            Key::MemberCode(MemberCode::of(&member)),
            Key::MemberKey(KeyId::from_bytes([4; 16])),
            Key::KeyRing(member),
            Key::Appointment(member, unit, Role::Staff),
            Key::Account(AccountId::Member(member)),
            Key::Account(AccountId::Pool(unit)),
            Key::Account(AccountId::Issued(unit)),
            Key::Account(AccountId::Retired),
            Key::Account(AccountId::FundCash),
            Key::Account(AccountId::FundDonors),
            Key::Service(id),
            Key::Proposal(id),
            Key::Movement(id),
            Key::UnitMember(unit, member),
            Key::OpenRequest(unit, id),
            Key::OpenService(member, id),
            Key::OpenProposal(unit, id),
            Key::Due(Millis::new(5), id),
            Key::Adoptions,
            Key::Account(AccountId::FundRestricted(BudgetLine::Training)),
            Key::Account(AccountId::FundSpent(BudgetLine::Redemption)),
            Key::Account(AccountId::Clearing(unit, UnitId::from_bytes([5; 16]))),
            Key::Lots(member),
            Key::Calendar(member),
            Key::Kin(member, MemberId::from_bytes([6; 16])),
            Key::Delegation(member, MemberId::from_bytes([6; 16])),
            Key::Blocked(member, MemberId::from_bytes([6; 16])),
            Key::Certificate(member, CertificateName::training()),
            Key::Budget(unit, BudgetLine::Hours),
            Key::Valuation,
            Key::Case(id),
            Key::OpenCase(unit, id),
        ]
    }

    #[test]
    fn keys_are_read_back_from_their_bytes_and_from_no_others() {
        for key in keys() {
            let bytes = key.encode();
            assert_eq!(Key::decode(&bytes), Ok(key));
            assert_eq!(Key::decode(&[&bytes[..], &[0]].concat()), Err(KeyError));
            assert_eq!(Key::decode(&bytes[..bytes.len() - 1]), Err(KeyError));
        }
    }

    #[test]
    fn a_list_holds_the_keys_that_begin_with_its_prefix() {
        let (member, unit) = (MemberId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
        let in_scope = |scope: Scope| {
            keys()
                .into_iter()
                .filter(|k| k.encode().starts_with(&scope.prefix()))
                .count()
        };
        assert_eq!(in_scope(Scope::All), keys().len());
        assert_eq!(in_scope(Scope::Accounts), 9);
        for scope in [
            Scope::Units,
            Scope::MemberKeys,
            Scope::Appointments(member),
            Scope::UnitMembers(unit),
            Scope::OpenRequests(unit),
            Scope::OpenServices(member),
            Scope::OpenProposals(unit),
            Scope::Due,
            Scope::Kin(member),
            Scope::Delegations(member),
            Scope::Certificates(member),
            Scope::Budgets,
            Scope::Clearing,
            Scope::OpenCases(unit),
        ] {
            assert_eq!(in_scope(scope), 1, "{scope:?}");
        }
        assert_eq!(in_scope(Scope::UnitMembers(UnitId::from_bytes([9; 16]))), 0);
    }
}
