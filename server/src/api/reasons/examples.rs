//! Every reason once, with data as they may be.

use ledger::Rejection;
use ledger::role::Role;

use crate::access::Resource;
use crate::api::error::{EdgeError, ErrorId, ReadError};

/// One of each, with data as they may be.
pub(super) fn rejections() -> Vec<Rejection> {
    [
        of_the_bytes(),
        of_ledger_and_author(),
        of_what_is_named(),
        of_authority(),
        of_state_and_rules(),
    ]
    .concat()
}

fn of_the_bytes() -> Vec<Rejection> {
    let field = "minutes";
    vec![
        Rejection::EntryTooLarge { bytes_max: 16_384 },
        Rejection::EntryMalformed,
        Rejection::ActUnknown,
        Rejection::EntryNotCanonical,
        Rejection::FieldMissing { field },
        Rejection::FieldLength {
            field: "member",
            bytes: 16,
        },
        Rejection::EnumUnknown { field: "role" },
        Rejection::EntryIdNotV7,
        Rejection::AmountNotPositive,
        Rejection::AmountTooLarge { max: 100_000_000 },
        Rejection::NumberOutOfRange { field: "tree_size" },
        Rejection::TimeOutOfRange { field: "start_ms" },
        Rejection::MonthOutOfRange,
        Rejection::NameInvalid {
            field: "display_name",
        },
        Rejection::ItemInvalid,
        Rejection::KeyWeak,
    ]
}

fn of_ledger_and_author() -> Vec<Rejection> {
    let field = "give.minutes";
    vec![
        Rejection::WrongLedger,
        Rejection::SignatureInvalid,
        Rejection::LedgerNotOpen,
        Rejection::LedgerAlreadyOpen,
        Rejection::EntryIdReused { field },
        Rejection::SignedInTheFuture { minutes_max: 10 },
        Rejection::SignedTooLongAgo { days_max: 30 },
        Rejection::SeenAhead,
        Rejection::KeyUnknown,
        Rejection::KeyOfAnother,
        Rejection::KeyNotValid,
        Rejection::AttestationMismatch,
        Rejection::NotOnBehalf,
        Rejection::SubjectUnknown,
        Rejection::NotStaffOfMember,
        Rejection::NotDelegated,
        Rejection::StaffIsKin,
        Rejection::SubjectGone { standing: "CLOSED" },
    ]
}

fn of_what_is_named() -> Vec<Rejection> {
    vec![
        Rejection::UnitUnknown,
        Rejection::UnitNotOpen { standing: "CLOSED" },
        Rejection::MemberUnknown,
        Rejection::MemberGone { standing: "CLOSED" },
        Rejection::ServiceUnknown,
        Rejection::ItemNotOffered,
        Rejection::ProposalUnknown,
        Rejection::RecoveryUnknown,
        Rejection::MovementUnknown,
        Rejection::AppointmentUnknown,
        Rejection::KinUnknown,
        Rejection::DelegationUnknown,
        Rejection::CaseUnknown,
        Rejection::TargetUnknown,
        Rejection::UnitExists,
        Rejection::MemberExists,
        Rejection::MemberCodeTaken,
        Rejection::KeyExists,
        Rejection::AppointmentExists,
        Rejection::KinExists,
        Rejection::PossessionNotProven,
        Rejection::RuleOutOfRange {
            parameter: "quantum_minutes",
            min: 1,
            max: 60,
        },
        Rejection::RulesVersionWrong { expected: 1 },
        Rejection::UnitLevel,
        Rejection::HandOverNeeded,
    ]
}

fn of_authority() -> Vec<Rejection> {
    vec![
        Rejection::RoleMissing {
            role: Role::FundAdmin,
        },
        Rejection::OwnAppointment,
        Rejection::RolesIncompatible,
        Rejection::LastOperator,
        Rejection::NotOwnKey,
        Rejection::NotOwnRecovery,
        Rejection::NotAParty,
        Rejection::OwnService,
        Rejection::PairBlocked,
        Rejection::SamePerson,
        Rejection::Involved,
        Rejection::NotHeir,
        Rejection::SelfTransfer,
    ]
}

fn of_state_and_rules() -> Vec<Rejection> {
    let due_ms = 1_772_438_400_000;
    vec![
        Rejection::NothingLost,
        Rejection::ServiceStage { stage: "BOOKED" },
        Rejection::ProposalClosed { outcome: "REFUSED" },
        Rejection::CaseClosed,
        Rejection::RulesPending {
            from_ms: 1_772_438_400_000,
        },
        Rejection::AlreadyReversed,
        Rejection::ReversalProposed,
        Rejection::RecoveryPending,
        Rejection::ObjectionUsed,
        Rejection::TooManyKeys { keys_max: 8 },
        Rejection::NotDue { due_ms },
        Rejection::Overdue { due_ms },
        Rejection::NoticeTooShort { days_min: 30 },
        Rejection::PeriodOver,
        Rejection::PeriodTooLong { days_max: 30 },
        Rejection::MemberStanding { standing: "CLOSED" },
        Rejection::Suspended {
            until_ms: 1_772_438_400_000,
        },
        Rejection::AccountFrozen {
            until_ms: 1_772_438_400_000,
        },
        Rejection::HasDuties,
        Rejection::BalanceNotEmpty { total: 90 },
        Rejection::VolunteerAge { years_min: 18 },
        Rejection::VolunteerTooOld { years_max: 80 },
        Rejection::AgreementMissing,
        Rejection::CertificateMissing,
        Rejection::KinService,
        Rejection::RecipientAge { years_min: 60 },
        Rejection::SessionLength { min: 30, max: 240 },
        Rejection::NotAMultiple { quantum: 15 },
        Rejection::TooLate { days_max: 7 },
        Rejection::LeadTime { hours_min: 24 },
        Rejection::VisitNotOver,
        Rejection::CheckInMissing,
        Rejection::MoreThanBooked { minutes_max: 120 },
        Rejection::VisitsOverlap,
        Rejection::DailyCap { minutes_max: 240 },
        Rejection::WeeklyCap { minutes_max: 240 },
        Rejection::LateShare { percent_max: 10 },
        Rejection::MinutesDiffer { logged: 90 },
        Rejection::AlreadyRated,
        Rejection::GivingNotAllowed,
        Rejection::ReceiverNotAllowed,
        Rejection::ReceiverAge { years_min: 60 },
        Rejection::GiveLimit { minutes_max: 240 },
        Rejection::BalanceCap {
            minutes_max: 90_000,
        },
        Rejection::ClearingLimit { minutes_max: 240 },
        Rejection::NothingOwed,
        Rejection::GrantsStopped { percent_min: 80 },
        Rejection::IssueBudget {
            minutes_max: 600_000,
        },
        Rejection::BudgetExceeded { left: 500 },
        Rejection::NothingExpired,
        Rejection::InsufficientBalance { available: 90 },
        Rejection::BalanceOverflow,
    ]
}

pub(super) fn read_errors() -> Vec<ReadError> {
    let field = "parent";
    vec![
        ReadError::TokenMissing,
        ReadError::TokenInvalid { why: "SIGNATURE" },
        ReadError::TokenExpired,
        ReadError::NotAllowed {
            what: Resource::MemberAccount,
        },
        ReadError::ResourceNameInvalid {
            field,
            expected: "units/{unit}",
        },
        ReadError::MemberCodeWrong { field: "name" },
        ReadError::PageTokenInvalid {
            field: "page_token",
        },
        ReadError::PageSizeInvalid { field: "page_size" },
        ReadError::NotFound {
            what: Resource::Service,
        },
        ReadError::TreeSizeInvalid { newest: 70_000 },
        ReadError::PositionInvalid { tree_size: 70_000 },
    ]
}

pub(super) fn edge_errors() -> Vec<EdgeError> {
    vec![
        EdgeError::QueueFull,
        EdgeError::read_only_example(),
        EdgeError::NothingToAdopt,
        EdgeError::ShuttingDown,
        EdgeError::BatchTooLarge { entries_max: 1_000 },
        EdgeError::BatchEmpty,
        EdgeError::OpeningWrong { field: "value" },
        EdgeError::OpeningTooLong {
            field: "value",
            bytes_max: 4_096,
        },
        EdgeError::OpeningErased,
        EdgeError::DatabaseUnavailable,
        EdgeError::OutcomeUnknown,
        EdgeError::Internal {
            error_id: ErrorId::example(),
        },
    ]
}
