//! Enumerations: each value by its number.

use ledger::Rejection;
use ledger::act::{CancelReason, CaseOutcome, GrantSource, Opinion, UnitChange};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::entry::Attestation;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::rules::{DeathRule, GiveScope, Guarantee, Issuance, Rounding};
use ledger::tie::{Relation, Scope};
use ledger::unit::UnitKind;

use crate::v1;

/// A value of an enumeration of the protocol.
pub(crate) trait Choice: Sized {
    /// The value of a number.
    ///
    /// # Errors
    /// [`Rejection::FieldMissing`] for the number that stands for no value,
    /// [`Rejection::EnumUnknown`] for one that is not in the list.
    fn parse(field: &'static str, number: i32) -> Result<Self, Rejection>;

    /// The number of the value.
    fn to_number(&self) -> i32;
}

/// Pairs the values of the core with those of the protocol, name by name. One
/// that either side does not know stops the build.
macro_rules! choices {
    ($($name:ident { $($value:ident),* })*) => {
        $(impl Choice for $name {
            fn parse(field: &'static str, number: i32) -> Result<Self, Rejection> {
                match v1::$name::try_from(number) {
                    $(Ok(v1::$name::$value) => Ok(Self::$value),)*
                    Ok(v1::$name::Unspecified) => Err(Rejection::FieldMissing { field }),
                    Err(_) => Err(Rejection::EnumUnknown { field }),
                }
            }

            fn to_number(&self) -> i32 {
                match self {
                    $(Self::$value => v1::$name::$value.into(),)*
                }
            }
        })*
    };
}

choices! {
    Attestation { Kiosk, Attested, Delegated }
    UnitKind { Scheme, District, Station }
    Role { Operator, Regulator, Staff, FundAdmin, Auditor }
    CancelReason { NotNeeded, Illness, Time, Other }
    GrantSource { Issue, Pool }
    Issuance { Transfer, Mint }
    GiveScope { Nobody, Anyone, Spouse, Lineal, Kin }
    Rounding { Down, Nearest, Up }
    DeathRule { Heir, Pool }
    Guarantee { None, BestEffort, Fund, Municipal }
    UnitChange { Pause, Reopen, Close }
    Scope { Care, Confirm, Hours }
    Relation { Spouse, Parent, Child, Sibling, Other }
    BudgetLine { Redemption, Insurance, Training, Platform, Administration, Hours }
    CaseKind { Incident, Complaint, Appeal, Finding }
    CaseOutcome { Remedied, Noted, Unfounded }
    Opinion { Unqualified, Qualified, Adverse }
}

impl Choice for NeedCategory {
    /// No need is a need category too, so no number is missing here.
    fn parse(field: &'static str, number: i32) -> Result<Self, Rejection> {
        match v1::NeedCategory::try_from(number) {
            Ok(v1::NeedCategory::Unspecified) => Ok(Self::None),
            Ok(v1::NeedCategory::LivingAlone) => Ok(Self::LivingAlone),
            Ok(v1::NeedCategory::PartlyDisabled) => Ok(Self::PartlyDisabled),
            Ok(v1::NeedCategory::Disabled) => Ok(Self::Disabled),
            Ok(v1::NeedCategory::Hardship) => Ok(Self::Hardship),
            Err(_) => Err(Rejection::EnumUnknown { field }),
        }
    }

    fn to_number(&self) -> i32 {
        let need = match self {
            Self::None => v1::NeedCategory::Unspecified,
            Self::LivingAlone => v1::NeedCategory::LivingAlone,
            Self::PartlyDisabled => v1::NeedCategory::PartlyDisabled,
            Self::Disabled => v1::NeedCategory::Disabled,
            Self::Hardship => v1::NeedCategory::Hardship,
        };
        need.into()
    }
}
