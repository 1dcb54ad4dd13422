//! docs/reasons.md: every reason with an example of its data and its texts, made
//! from the enums and compared with the page.

use std::fmt::Write;

use ledger::Rejection;
use ledger::role::Role;

use super::error::{EdgeError, ErrorId, ReadError, Refusal, data};
use crate::access::Resource;

const INTRODUCTION: &str = include_str!("reasons.md");

/// One of each, with data as they may be.
fn rejections() -> Vec<Rejection> {
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

fn read_errors() -> Vec<ReadError> {
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

fn edge_errors() -> Vec<EdgeError> {
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

fn reasons<R: Refusal>(refusals: &[R]) -> Vec<&'static str> {
    refusals.iter().map(Refusal::reason).collect()
}

#[test]
fn every_reason_has_its_example_in_order() {
    assert_eq!(reasons(&rejections()), Rejection::REASONS);
    assert_eq!(reasons(&read_errors()), ReadError::REASONS);
    assert_eq!(reasons(&edge_errors()), EdgeError::REASONS);
}

#[test]
fn a_reason_has_one_meaning_whoever_says_it() {
    let mut all = [Rejection::REASONS, ReadError::REASONS, EdgeError::REASONS].concat();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn every_text_is_two_sentences_in_its_language() {
    fn check(refusals: &[impl Refusal]) {
        for refusal in refusals {
            let (text, reason) = (refusal.text(), refusal.reason());
            assert!(text.english.ends_with(['.', ':']), "{reason}");
            assert!(text.chinese.ends_with('。'), "{reason}");
            assert!(
                text.english.is_ascii() || text.english.contains('“'),
                "{reason}"
            );
            let sentences = text.english.matches(['.', ';']).count();
            assert!(sentences >= 2, "{reason} says what is wrong and what to do");
            let sentences = text.chinese.matches(['。', '；']).count();
            assert!(sentences >= 2, "{reason} says what is wrong and what to do");
        }
    }
    check(&rejections());
    check(&read_errors());
    check(&edge_errors());
}

#[test]
fn the_documentation_lists_these_reasons() {
    let mut page = INTRODUCTION.to_owned();
    section(
        &mut page,
        "The rules, in order of precedence",
        &rejections(),
    );
    section(&mut page, "Reading", &read_errors());
    section(&mut page, "The server", &edge_errors());
    crate::docs::check("reasons.md", &page);
}

fn section(page: &mut String, title: &str, refusals: &[impl Refusal]) {
    writeln!(
        page,
        "\n## {title}\n\n| reason | code | data | English | 中文 |"
    )
    .expect("a string");
    writeln!(page, "|---|---|---|---|---|").expect("a string");
    for refusal in refusals {
        let data = data(refusal)
            .into_iter()
            .map(|(name, value)| format!("`{name}={value}`"));
        let data = data.collect::<Vec<_>>().join(" ");
        let (reason, code, text) = (refusal.reason(), code_name(refusal.code()), refusal.text());
        let (english, chinese) = (text.english, text.chinese);
        writeln!(
            page,
            "| `{reason}` | `{code}` | {data} | {english} | {chinese} |"
        )
        .expect("a string");
    }
}

/// `InvalidArgument` as `INVALID_ARGUMENT`.
fn code_name(code: tonic::Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
