//! State rows and their bytes.
//!
//! The bytes are the row in postcard, whose format is fixed and has one
//! spelling per value; which kind it is, the key says. They are derived from
//! the log and can be made again from it, so a new field needs no migration.

use std::borrow::Borrow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Key;
use crate::account::{Account, AccountId};
use crate::adoption::Adoptions;
use crate::budget::{Budget, BudgetLine, Valuation};
use crate::calendar::Calendar;
use crate::case::Case;
use crate::certificate::{Certificate, CertificateName};
use crate::code::MemberCode;
use crate::id::{EntryId, MemberId, UnitId};
use crate::key::KeyId;
use crate::lot::Lots;
use crate::member::{KeyRing, Member, MemberKey};
use crate::proposal::{Movement, Proposal};
use crate::role::{Appointment, Role};
use crate::rules::{Rules, RulesVersion};
use crate::scheme::Scheme;
use crate::service::Service;
use crate::tie::{Blocked, Delegation, Kin};
use crate::time::Millis;
use crate::unit::Unit;

/// Stored bytes that are not the row of their key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the state row of its key")]
pub struct RowError;

/// A row type, and how its id makes a key.
pub trait Table: Sized + Clone {
    /// What names a row.
    type Id;

    /// The key of an id.
    fn key(id: &Self::Id) -> Key;

    /// The typed content of a row.
    fn from_row(row: &Row) -> Option<&Self>;

    /// The row of a typed content.
    fn into_row(self) -> Row;
}

/// How a row holds its content.
macro_rules! held {
    ($content:ty) => { $content };
    ($content:ty, $holder:ident) => { $holder<$content> };
}

/// Declares the row types: a new one is one line here and one in [`Key`]. What is
/// large is held in a box, so that the many small rows stay small.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident : $content:ty $(as $holder:ident)?, $id:ty, $id_name:pat => $key:expr;)*) => {
        /// The content of a state row.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Row {
            $($(#[$doc])* $name(held!($content $(, $holder)?)),)*
        }

        $(impl Table for $content {
            type Id = $id;

            fn key($id_name: &$id) -> Key {
                $key
            }

            fn from_row(row: &Row) -> Option<&Self> {
                match row {
                    Row::$name(content) => Some(Borrow::borrow(content)),
                    _ => None,
                }
            }

            fn into_row(self) -> Row {
                Row::$name(self.into())
            }
        })*

        impl Row {
            /// The bytes of the row.
            pub fn encode(&self) -> Vec<u8> {
                match self { $(Self::$name(content) => to_bytes(content),)* }
            }
        }
    };
}

tables! {
    /// The scheme.
    Scheme: Scheme as Box, (), () => Key::Scheme;
    /// A version of the rules.
    Rules: Rules as Box, RulesVersion, version => Key::Rules(*version);
    /// A unit.
    Unit: Unit as Box, UnitId, unit => Key::Unit(*unit);
    /// A member.
    Member: Member as Box, MemberId, member => Key::Member(*member);
    /// Who has a short code.
    MemberCode: CodeOwner, MemberCode, code => Key::MemberCode(*code);
    /// A key of a member.
    MemberKey: MemberKey as Box, KeyId, key => Key::MemberKey(*key);
    /// The keys of a member that have not ended.
    KeyRing: KeyRing, MemberId, member => Key::KeyRing(*member);
    /// A role of a member in a unit.
    Appointment: Appointment, (MemberId, UnitId, Role), id => Key::Appointment(id.0, id.1, id.2);
    /// An account.
    Account: Account, AccountId, account => Key::Account(*account);
    /// A service.
    Service: Service as Box, EntryId, id => Key::Service(*id);
    /// A proposal.
    Proposal: Proposal as Box, EntryId, id => Key::Proposal(*id);
    /// What an entry moved.
    Movement: Movement as Box, EntryId, id => Key::Movement(*id);
    /// A member belongs to a unit.
    UnitMember: UnitMember, (UnitId, MemberId), id => Key::UnitMember(id.0, id.1);
    /// A service of a unit waits for a volunteer.
    OpenRequest: OpenRequest, (UnitId, EntryId), id => Key::OpenRequest(id.0, id.1);
    /// A service of a member is not closed yet.
    OpenService: OpenService, (MemberId, EntryId), id => Key::OpenService(id.0, id.1);
    /// A proposal in a unit is not decided yet.
    OpenProposal: OpenProposal, (UnitId, EntryId), id => Key::OpenProposal(id.0, id.1);
    /// Something may be expired or finished from a time on.
    Due: Due, (Millis, EntryId), id => Key::Due(id.0, id.1);
    /// The trees that were given up.
    Adoptions: Adoptions, (), () => Key::Adoptions;
    /// Where a member's hours came from.
    Lots: Lots, MemberId, member => Key::Lots(*member);
    /// The recent visits of a member.
    Calendar: Calendar, MemberId, member => Key::Calendar(*member);
    /// What another member is to a member.
    Kin: Kin, (MemberId, MemberId), id => Key::Kin(id.0, id.1);
    /// Who represents a member.
    Delegation: Delegation, (MemberId, MemberId), id => Key::Delegation(id.0, id.1);
    /// Whom a member does not want to meet.
    Blocked: Blocked, (MemberId, MemberId), id => Key::Blocked(id.0, id.1);
    /// What a member is certified for.
    Certificate: Certificate, (MemberId, CertificateName), id => Key::Certificate(id.0, id.1);
    /// What a unit may spend.
    Budget: Budget, (UnitId, BudgetLine), id => Key::Budget(id.0, id.1);
    /// The newest valuation.
    Valuation: Valuation, (), () => Key::Valuation;
    /// A case.
    Case: Case, EntryId, id => Key::Case(*id);
    /// A case of a unit is not closed yet.
    OpenCase: OpenCase, (UnitId, EntryId), id => Key::OpenCase(id.0, id.1);
}

/// The member who has a short code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeOwner(pub MemberId);

/// Declares the rows that say all they have to say by being there.
macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident),*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name;)*
    };
}

markers!(
    /// A member belongs to a unit.
    UnitMember,
    /// A service waits for a volunteer.
    OpenRequest,
    /// A service is not closed yet.
    OpenService,
    /// A proposal is not decided yet.
    OpenProposal,
    /// Something may be expired or finished.
    Due,
    /// A case is not closed yet.
    OpenCase
);

impl Row {
    /// Reads the row of a key.
    ///
    /// # Errors
    /// [`RowError`] for any bytes that [`Row::encode`] does not make.
    pub fn decode(key: &Key, bytes: &[u8]) -> Result<Self, RowError> {
        let row = match key {
            Key::Scheme => Self::Scheme(from_bytes(bytes)?),
            Key::Rules(_) => Self::Rules(from_bytes(bytes)?),
            Key::Unit(_) => Self::Unit(from_bytes(bytes)?),
            Key::Member(_) => Self::Member(from_bytes(bytes)?),
            Key::MemberCode(_) => Self::MemberCode(from_bytes(bytes)?),
            Key::MemberKey(_) => Self::MemberKey(from_bytes(bytes)?),
            Key::KeyRing(_) => Self::KeyRing(from_bytes(bytes)?),
            Key::Appointment(..) => Self::Appointment(from_bytes(bytes)?),
            Key::Account(_) => Self::Account(from_bytes(bytes)?),
            Key::Service(_) => Self::Service(from_bytes(bytes)?),
            Key::Proposal(_) => Self::Proposal(from_bytes(bytes)?),
            Key::Movement(_) => Self::Movement(from_bytes(bytes)?),
            Key::UnitMember(..) => Self::UnitMember(from_bytes(bytes)?),
            Key::OpenRequest(..) => Self::OpenRequest(from_bytes(bytes)?),
            Key::OpenService(..) => Self::OpenService(from_bytes(bytes)?),
            Key::OpenProposal(..) => Self::OpenProposal(from_bytes(bytes)?),
            Key::Due(..) => Self::Due(from_bytes(bytes)?),
            Key::Adoptions => Self::Adoptions(from_bytes(bytes)?),
            Key::Lots(_) => Self::Lots(from_bytes(bytes)?),
            Key::Calendar(_) => Self::Calendar(from_bytes(bytes)?),
            Key::Kin(..) => Self::Kin(from_bytes(bytes)?),
            Key::Delegation(..) => Self::Delegation(from_bytes(bytes)?),
            Key::Blocked(..) => Self::Blocked(from_bytes(bytes)?),
            Key::Certificate(..) => Self::Certificate(from_bytes(bytes)?),
            Key::Budget(..) => Self::Budget(from_bytes(bytes)?),
            Key::Valuation => Self::Valuation(from_bytes(bytes)?),
            Key::Case(_) => Self::Case(from_bytes(bytes)?),
            Key::OpenCase(..) => Self::OpenCase(from_bytes(bytes)?),
        };
        if row.encode() == bytes {
            Ok(row)
        } else {
            Err(RowError)
        }
    }
}

fn to_bytes<T: Serialize>(content: &T) -> Vec<u8> {
    postcard::to_allocvec(content).expect("rows have no maps, no floats and bounded lengths")
}

fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RowError> {
    match postcard::take_from_bytes(bytes) {
        Ok((content, [])) => Ok(content),
        _ => Err(RowError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_from_its_bytes_and_from_no_others() {
        let key = Key::Account(AccountId::Retired);
        let row = Row::Account(Account {
            available: 90,
            held: 30,
            last: None,
        });
        let bytes = row.encode();
        assert_eq!(Row::decode(&key, &bytes), Ok(row));
        assert_eq!(Row::decode(&key, &bytes[..bytes.len() - 1]), Err(RowError));
        assert_eq!(
            Row::decode(&key, &[&bytes[..], &[0]].concat()),
            Err(RowError)
        );
        // The same number in a longer spelling.
        assert_eq!(Row::decode(&key, &[0xb4, 0x81, 0x00, 60, 0]), Err(RowError));
    }
}
