//! The messages of the read services, made from state rows.
//!
//! Rows do not know what they are called, so that every function takes the id
//! with the row. Numbers without a value are zero, names without one are empty,
//! as the protocol says of each.

mod account;
mod care;
mod fund;
mod ledger;
mod member;
mod offer;
mod opening;
mod proposal;
mod report;

pub use self::account::{
    Cause, PostingError, account, lot, posting, posting_from, posting_with_cause,
};
pub use self::care::{due_target, service};
pub use self::fund::{FundAccounts, LineAccounts, UnitAccounts, fund};
pub use self::ledger::{OpenScheme, ledger, stored_record};
pub use self::member::{member, unit};
pub use self::offer::{offer, offer_from};
pub use self::opening::{commitment_kind, commitment_kind_from, opening};
pub use self::proposal::proposal;
pub use self::report::{
    case_kind_from, disclosed_figure, disclosed_line, honour, indicator, light_from, open_case,
    report_event, review, saver,
};
