//! Lists of rows.

use super::{join, kind};
use crate::id::{MemberId, UnitId};

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
