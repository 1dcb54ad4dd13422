//! Cases: what someone has to look into, with a clock.

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, UnitId};
use crate::time::Millis;

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Somebody came to harm, or might have.
    Incident,
    /// Somebody complains.
    Complaint,
    /// Somebody contests what is recorded or was refused.
    Appeal,
    /// An auditor has found something.
    Finding,
}

/// The standing of one case, named by the entry that opened it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What it is about.
    pub kind: CaseKind,
    /// The unit that has to look into it.
    pub unit: UnitId,
    /// Who opened it, and for whom: they do not close it.
    pub parties: Vec<MemberId>,
    /// From when it may be taken to the unit above; none once it is closed, or
    /// where there is no unit above.
    pub due: Option<Millis>,
    /// Whether it is closed.
    pub closed: bool,
}
