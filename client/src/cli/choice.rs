//! Choices on the command line and what they mean in the ledger.

use clap::ValueEnum;
use ledger::act::{CaseOutcome, Opinion};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::tie::Relation;

use super::parse::choice;

choice! {
    /// What someone is to a member.
    RelationChoice => Relation {
        /// Husband or wife.
        Spouse,
        /// Father, mother, or their parents.
        Parent,
        /// Son, daughter, or their children.
        Child,
        /// Brother or sister.
        Sibling,
        /// Other kin.
        Other
    }
}

choice! {
    /// What money, or hours, are for.
    LineChoice => BudgetLine {
        /// Care that is bought because no volunteer was found.
        Redemption,
        /// Insurance.
        Insurance,
        /// Training.
        Training,
        /// The platform.
        Platform,
        /// Administration.
        Administration,
        /// Hours that a unit may have issued.
        Hours
    }
}

choice! {
    /// What a case is about.
    CaseChoice => CaseKind {
        /// Somebody came to harm, or might have.
        Incident,
        /// Somebody complains.
        Complaint,
        /// Somebody contests what is recorded or was refused.
        Appeal,
        /// An auditor has found something.
        Finding
    }
}

choice! {
    /// What came of a case.
    OutcomeChoice => CaseOutcome {
        /// It was so, and something was done about it.
        Remedied,
        /// It was so, and nothing could be done.
        Noted,
        /// It was not so.
        Unfounded
    }
}

choice! {
    /// What an auditor thinks.
    OpinionChoice => Opinion {
        /// Everything is in order.
        Unqualified,
        /// Everything but what the report names.
        Qualified,
        /// It is not in order.
        Adverse
    }
}

/// What an arbiter finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulingChoice {
    /// The visit was as stated.
    Stands,
    /// There was no such visit.
    Void,
    /// It took another time.
    Corrected,
}
