//! Resource names (AIP-122): what a read is asked for, and what it answers.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use ledger::code::{CodeError, MemberCode};
use ledger::log::Position;
use ledger::{AccountId, EntryId, MemberId, UnitId};

/// A text is not the name that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It has another form.
    #[error("expected {expected}")]
    Form {
        /// The form that was expected.
        expected: &'static str,
    },
    /// It holds a short code that was read or typed wrongly.
    #[error(transparent)]
    Code(#[from] CodeError),
}

/// A kind of resources, each named by an id of one type.
#[derive(Debug)]
pub struct Collection<Id> {
    prefix: &'static str,
    expected: &'static str,
    id: PhantomData<fn() -> Id>,
}

impl<Id> Collection<Id> {
    const fn new(prefix: &'static str, expected: &'static str) -> Self {
        Self {
            prefix,
            expected,
            id: PhantomData,
        }
    }

    fn id<'n>(&self, name: &'n str) -> Result<&'n str, NameError> {
        name.strip_prefix(self.prefix).ok_or(self.unexpected())
    }

    const fn unexpected(&self) -> NameError {
        NameError::Form {
            expected: self.expected,
        }
    }
}

impl<Id: Display + FromStr> Collection<Id> {
    /// The name of a resource.
    pub fn name(&self, id: &Id) -> String {
        format!("{}{id}", self.prefix)
    }

    /// The id of a resource. Every resource has one name: no capitals in hex,
    /// no leading zeros.
    ///
    /// # Errors
    /// [`NameError::Form`] for any text that [`Collection::name`] does not make.
    pub fn parse(&self, name: &str) -> Result<Id, NameError> {
        let id: Id = self.id(name)?.parse().map_err(|_| self.unexpected())?;
        if self.name(&id) == name {
            Ok(id)
        } else {
            Err(self.unexpected())
        }
    }
}

/// Records, by position.
pub const RECORDS: Collection<Position> = Collection::new(
    "records/",
    "records/{position}, the position in decimal from 0 on",
);
/// What members offer.
pub const OFFERS: Collection<MemberId> =
    Collection::new("offers/", "offers/{member}, the member in 32 hex digits");
/// Entries.
pub const ENTRIES: Collection<EntryId> = Collection::new(
    "entries/",
    "entries/{entry_id}, the id as 32 lowercase hex digits",
);
/// Accounts.
pub const ACCOUNTS: Collection<AccountId> = Collection::new(
    "accounts/",
    "accounts/{account}, the account one of member-ID, pool-UNIT, issued-UNIT, retired, fund-cash \
     and fund-donors, with ID and UNIT as 32 lowercase hex digits",
);
/// Members, by id. Where people name a member, [`parse_member`] takes the short
/// code too.
pub const MEMBERS: Collection<MemberId> = Collection::new(
    "members/",
    "members/{member}, the member as 32 lowercase hex digits or as a short code of 12 digits",
);
/// Units.
pub const UNITS: Collection<UnitId> = Collection::new(
    "units/",
    "units/{unit}, the unit as 32 lowercase hex digits",
);
/// Services, by the entry that asked for them.
pub const SERVICES: Collection<EntryId> = Collection::new(
    "services/",
    "services/{service}, the id as 32 lowercase hex digits",
);
/// Proposals, by the entry that made them.
pub const PROPOSALS: Collection<EntryId> = Collection::new(
    "proposals/",
    "proposals/{proposal}, the id as 32 lowercase hex digits",
);

/// Openings of commitments, by the entry that holds the commitment.
pub const OPENINGS: Collection<EntryId> = Collection::new(
    "openings/",
    "openings/{entry_id}, the id as 32 lowercase hex digits",
);

/// A member as people name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberName {
    /// By the id.
    Id(MemberId),
    /// By the short code.
    Code(MemberCode),
}

/// Reads `members/{member}` where a short code may stand in for the id.
///
/// # Errors
/// [`NameError::Form`]; [`NameError::Code`] if a digit of the code is wrong.
pub fn parse_member(name: &str) -> Result<MemberName, NameError> {
    match MEMBERS.id(name)?.parse() {
        Ok(code) => Ok(MemberName::Code(code)),
        Err(CodeError::Length) => MEMBERS.parse(name).map(MemberName::Id),
        Err(wrong @ CodeError::Check) => Err(wrong.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AUTHOR, UNIT, id};

    #[test]
    fn a_name_is_read_back_as_it_was_written() {
        assert_eq!(RECORDS.name(&Position::new(7)), "records/7");
        assert_eq!(RECORDS.parse("records/7"), Ok(Position::new(7)));
        assert_eq!(UNITS.name(&UNIT), format!("units/{}", "66".repeat(16)));
        assert_eq!(UNITS.parse(&UNITS.name(&UNIT)), Ok(UNIT));
        assert_eq!(MEMBERS.parse(&MEMBERS.name(&AUTHOR)), Ok(AUTHOR));
        for collection in [ENTRIES, SERVICES, PROPOSALS, OPENINGS] {
            assert_eq!(collection.parse(&collection.name(&id())), Ok(id()));
        }
        for account in [
            AccountId::Retired,
            AccountId::Member(AUTHOR),
            AccountId::Issued(UNIT),
        ] {
            assert_eq!(ACCOUNTS.parse(&ACCOUNTS.name(&account)), Ok(account));
        }
    }

    #[test]
    fn a_resource_has_one_name() {
        for name in [
            "",
            "records",
            "records/",
            "record/7",
            "records/07",
            "records/+7",
            "/records/7",
        ] {
            let refused = RECORDS.parse(name).unwrap_err();
            assert_eq!(refused, RECORDS.unexpected(), "{name}");
        }
        let capitals = format!("accounts/member-{}", "AB".repeat(16));
        assert_eq!(ACCOUNTS.parse(&capitals), Err(ACCOUNTS.unexpected()));
        assert_eq!(ACCOUNTS.parse(&capitals.to_lowercase()).map(|_| ()), Ok(()));
        for digits in ["ab", &"AB".repeat(16), &"ab".repeat(17)] {
            let name = format!("units/{digits}");
            assert_eq!(UNITS.parse(&name), Err(UNITS.unexpected()), "{name}");
        }
    }

    #[test]
    fn a_refusal_says_the_form_that_was_expected() {
        let refused = UNITS.parse("units/1").unwrap_err();
        let text = "expected units/{unit}, the unit as 32 lowercase hex digits";
        assert_eq!(refused.to_string(), text);
    }

    #[test]
    fn people_may_name_a_member_by_the_short_code() {
        let code = MemberCode::of(&AUTHOR);
        let spaced = format!("members/{code}");
        assert_eq!(parse_member(&spaced), Ok(MemberName::Code(code)));
        assert_eq!(
            parse_member(&spaced.replace(' ', "")),
            Ok(MemberName::Code(code))
        );
        assert_eq!(
            parse_member(&MEMBERS.name(&AUTHOR)),
            Ok(MemberName::Id(AUTHOR))
        );
        assert_eq!(parse_member("members/123"), Err(MEMBERS.unexpected()));
        assert_eq!(parse_member("units/123"), Err(MEMBERS.unexpected()));
        let wrong = parse_member("members/123456789000");
        assert_eq!(wrong, Err(NameError::Code(CodeError::Check)));
    }
}
