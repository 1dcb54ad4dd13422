//! Who lives on a street, and what they are.

use super::{LEDGER, OPENING};
use crate::act::EnrolMember;
use crate::entry::NewKey;
use crate::id::{MemberId, UnitId};
use crate::key::SecretKey;
use crate::member::NeedCategory;
use crate::role::Role;
use crate::time::YearMonth;

/// The scheme's own unit.
pub(crate) const SCHEME: UnitId = UnitId::from_bytes([1; 16]);
/// A district.
pub(crate) const DISTRICT: UnitId = UnitId::from_bytes([2; 16]);
/// A station of the district: everyone belongs to it.
pub(crate) const STATION: UnitId = UnitId::from_bytes([3; 16]);
/// Another district.
pub(crate) const OTHER_DISTRICT: UnitId = UnitId::from_bytes([4; 16]);
/// A station of the other district.
pub(crate) const OTHER_STATION: UnitId = UnitId::from_bytes([5; 16]);

/// Opened the ledger, and is the only operator.
pub(crate) const OPERATOR: MemberId = MemberId::from_bytes([1; 16]);
/// The regulator of the scheme.
pub(crate) const REGULATOR: MemberId = MemberId::from_bytes([2; 16]);
/// The fund administrator of the district.
pub(crate) const FUND_ADMIN: MemberId = MemberId::from_bytes([3; 16]);
/// Staff of the station.
pub(crate) const STAFF: MemberId = MemberId::from_bytes([4; 16]);
/// More staff of the station.
pub(crate) const SECOND_STAFF: MemberId = MemberId::from_bytes([5; 16]);
/// Staff of the other station.
pub(crate) const OTHER_STAFF: MemberId = MemberId::from_bytes([6; 16]);
/// Audits the scheme.
pub(crate) const AUDITOR: MemberId = MemberId::from_bytes([7; 16]);
/// Sixty-two years old.
pub(crate) const VOLUNTEER: MemberId = MemberId::from_bytes([8; 16]);
/// Sixty-four years old.
pub(crate) const SECOND_VOLUNTEER: MemberId = MemberId::from_bytes([9; 16]);
/// Eighty years old.
pub(crate) const RECIPIENT: MemberId = MemberId::from_bytes([10; 16]);
/// Eighty-five years old, without a key: acts at the counter.
pub(crate) const KEYLESS: MemberId = MemberId::from_bytes([11; 16]);
/// Seventeen years old.
pub(crate) const TEENAGER: MemberId = MemberId::from_bytes([12; 16]);
/// Thirty years old, and disabled.
pub(crate) const DISABLED: MemberId = MemberId::from_bytes([13; 16]);
/// Nobody that the ledger knows.
pub(crate) const STRANGER: MemberId = MemberId::from_bytes([99; 16]);

/// All members but the operator.
pub(super) const EVERYONE: [MemberId; 12] = [
    REGULATOR,
    FUND_ADMIN,
    STAFF,
    SECOND_STAFF,
    OTHER_STAFF,
    AUDITOR,
    VOLUNTEER,
    SECOND_VOLUNTEER,
    RECIPIENT,
    KEYLESS,
    TEENAGER,
    DISABLED,
];

/// All roles but the operator's.
pub(super) const APPOINTMENTS: [(MemberId, UnitId, Role); 6] = [
    (REGULATOR, SCHEME, Role::Regulator),
    (FUND_ADMIN, DISTRICT, Role::FundAdmin),
    (STAFF, STATION, Role::Staff),
    (SECOND_STAFF, STATION, Role::Staff),
    (OTHER_STAFF, OTHER_STATION, Role::Staff),
    (AUDITOR, SCHEME, Role::Auditor),
];

/// The first key of a person.
pub(crate) fn key_of(member: MemberId) -> SecretKey {
    SecretKey::from_seed(&[member.as_bytes()[0]; 32])
}

/// A key of nobody yet, with the proof that a member holds it.
pub(crate) fn new_key(seed: u8, member: MemberId) -> NewKey {
    NewKey::prove(&SecretKey::from_seed(&[seed; 32]), LEDGER, &member)
}

/// The enrolment of a person at the station.
pub(crate) fn enrolment(member: MemberId) -> EnrolMember {
    let need = match member {
        DISABLED => NeedCategory::Disabled,
        _ => NeedCategory::None,
    };
    let has_key = member != KEYLESS;
    EnrolMember {
        member,
        unit: STATION,
        birth_month: birth_month(age_of(member)),
        need,
        key: has_key.then(|| NewKey::prove(&key_of(member), LEDGER, &member)),
        identity: None,
    }
}

/// The month of birth of someone who is so old when the street opens.
pub(crate) fn birth_month(age_years: u16) -> YearMonth {
    let today = OPENING.month();
    let (year, month) = (today.year() - age_years, today.month());
    YearMonth::parse(year.into(), month.into()).expect("a month")
}

fn age_of(member: MemberId) -> u16 {
    match member {
        VOLUNTEER => 62,
        SECOND_VOLUNTEER => 64,
        RECIPIENT => 80,
        KEYLESS => 85,
        TEENAGER => 17,
        DISABLED => 30,
        _ => 45,
    }
}
