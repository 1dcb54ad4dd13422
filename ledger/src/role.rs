//! Roles: what a member may do for others, in a unit and all units below it.

use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Runs the scheme: opens units, appoints people.
    Operator,
    /// The authority that adopts rules and oversees the operator.
    Regulator,
    /// Serves people at a station.
    Staff,
    /// Administers the fund.
    FundAdmin,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// All roles, in the order of their numbers.
    pub const ALL: [Self; 5] = [
        Self::Operator,
        Self::Regulator,
        Self::Staff,
        Self::FundAdmin,
        Self::Auditor,
    ];

    /// The number by which state keys name the role.
    pub const fn number(self) -> u8 {
        match self {
            Self::Operator => 1,
            Self::Regulator => 2,
            Self::Staff => 3,
            Self::FundAdmin => 4,
            Self::Auditor => 5,
        }
    }

    /// The role of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number)
    }
}

/// The standing of one appointment; its key names member, unit and role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The record that appointed.
    pub since: crate::log::Position,
}
