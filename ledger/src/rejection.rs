//! Why an entry is refused: one variant per cause, in order of precedence.
//!
//! An entry with several faults is refused for the first of this list. Reasons
//! are stable: a variant is never renamed and never takes another meaning.

use serde::Serialize;

use crate::role::Role;

/// What kind of fault a rejection is; the edge maps it to a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The entry itself is wrong and will never be accepted.
    Invalid,
    /// The signature or the key does not prove the author.
    Unauthenticated,
    /// The author may not do this.
    Denied,
    /// Something that the entry names does not exist.
    NotFound,
    /// Something that the entry makes exists already.
    Exists,
    /// The ledger is not in a state that allows it.
    Precondition,
}

/// Declares the rejections with class and stable reason, in order.
macro_rules! rejections {
    ($($(#[$doc:meta])* $class:ident $reason:literal $name:ident $({ $($field:ident : $type:ty),* })?;)*) => {
        /// The reason why an entry was refused, in order of precedence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
        #[serde(rename_all = "snake_case")]
        pub enum Rejection {
            $($(#[$doc])* #[error($reason)] $name $({
                $(#[doc = concat!("Datum `", stringify!($field), "` of the message.")] $field: $type),*
            })?,)*
        }

        impl Rejection {
            /// Every stable reason, in order of precedence.
            pub const REASONS: &'static [&'static str] = &[$($reason),*];

            /// The stable reason, in upper snake case.
            pub const fn reason(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),* })? => $reason,)* }
            }

            /// The kind of fault.
            pub const fn class(&self) -> Class {
                match self { $(Self::$name $({ $($field: _),* })? => Class::$class,)* }
            }
        }
    };
}

rejections! {
    // The bytes.
    /// The entry is longer than 16 KiB.
    Invalid "ENTRY_TOO_LARGE" EntryTooLarge { bytes_max: usize };
    /// The bytes are no entry: truncated or not protobuf.
    Invalid "ENTRY_MALFORMED" EntryMalformed;
    /// The entry names no act that this version knows.
    Invalid "ACT_UNKNOWN" ActUnknown;
    /// Decoding and encoding again gives other bytes.
    Invalid "ENTRY_NOT_CANONICAL" EntryNotCanonical;
    /// A field that must be there is empty.
    Invalid "FIELD_MISSING" FieldMissing { field: &'static str };
    /// A field of bytes has another length than these `bytes`.
    Invalid "FIELD_LENGTH" FieldLength { field: &'static str, bytes: usize };
    /// A field names no value of its list.
    Invalid "ENUM_UNKNOWN" EnumUnknown { field: &'static str };
    /// The `entry_id` is no UUIDv7.
    Invalid "ENTRY_ID_NOT_V7" EntryIdNotV7;
    /// An amount is zero or below.
    Invalid "AMOUNT_NOT_POSITIVE" AmountNotPositive;
    /// An amount is above what one entry may move.
    Invalid "AMOUNT_TOO_LARGE" AmountTooLarge { max: i64 };
    /// A count is below zero or larger than it can be.
    Invalid "NUMBER_OUT_OF_RANGE" NumberOutOfRange { field: &'static str };
    /// A time is outside 1970 to 2199.
    Invalid "TIME_OUT_OF_RANGE" TimeOutOfRange { field: &'static str };
    /// A month is outside 1880 to 2200.
    Invalid "MONTH_OUT_OF_RANGE" MonthOutOfRange;
    /// A public name is empty, too long or has control characters.
    Invalid "NAME_INVALID" NameInvalid { field: &'static str };
    /// A catalogue code has other characters or another length.
    Invalid "ITEM_INVALID" ItemInvalid;
    /// A public key is not a canonical point of prime order.
    Invalid "KEY_WEAK" KeyWeak;

    // The ledger.
    /// The entry is meant for another ledger.
    Invalid "WRONG_LEDGER" WrongLedger;
    /// The signature does not fit entry and key.
    Unauthenticated "SIGNATURE_INVALID" SignatureInvalid;
    /// The ledger has no genesis yet.
    Precondition "LEDGER_NOT_OPEN" LedgerNotOpen;
    /// The ledger has its genesis.
    Precondition "LEDGER_ALREADY_OPEN" LedgerAlreadyOpen;
    /// The same `entry_id` is recorded with other bytes.
    Exists "ENTRY_ID_REUSED" EntryIdReused { field: &'static str };
    /// The signer's clock is ahead of the server's.
    Precondition "SIGNED_IN_THE_FUTURE" SignedInTheFuture { minutes_max: u32 };
    /// The entry was signed too long ago.
    Precondition "SIGNED_TOO_LONG_AGO" SignedTooLongAgo { days_max: u32 };
    /// The entry has seen a larger tree than there is.
    Precondition "SEEN_AHEAD" SeenAhead;

    // The author.
    /// The key is not registered.
    Unauthenticated "KEY_UNKNOWN" KeyUnknown;
    /// The key belongs to another member than the author.
    Unauthenticated "KEY_OF_ANOTHER" KeyOfAnother;
    /// The key is not valid at this position.
    Unauthenticated "KEY_NOT_VALID" KeyNotValid;

    // Acting for someone else.
    /// An act for oneself names an attestation, or one for another none.
    Invalid "ATTESTATION_MISMATCH" AttestationMismatch;
    /// The act is never done on behalf of another.
    Invalid "NOT_ON_BEHALF" NotOnBehalf;
    /// The member acted for does not exist.
    NotFound "SUBJECT_UNKNOWN" SubjectUnknown;
    /// The author is no staff of the member's unit.
    Denied "NOT_STAFF_OF_MEMBER" NotStaffOfMember;
    /// The member has not named the author as proxy for this, or no longer.
    Denied "NOT_DELEGATED" NotDelegated;
    /// The author is kin of the member acted for, and no proxy.
    Denied "STAFF_IS_KIN" StaffIsKin;
    /// The member acted for has died or left.
    Precondition "SUBJECT_GONE" SubjectGone { standing: &'static str };

    // What the act names.
    /// A unit does not exist.
    NotFound "UNIT_UNKNOWN" UnitUnknown;
    /// The unit is paused or closed.
    Precondition "UNIT_NOT_OPEN" UnitNotOpen { standing: &'static str };
    /// A member does not exist.
    NotFound "MEMBER_UNKNOWN" MemberUnknown;
    /// The member has died, left, or is the same person as another.
    Precondition "MEMBER_GONE" MemberGone { standing: &'static str };
    /// A service does not exist.
    NotFound "SERVICE_UNKNOWN" ServiceUnknown;
    /// The catalogue does not have the item.
    Precondition "ITEM_NOT_OFFERED" ItemNotOffered;
    /// A proposal does not exist.
    NotFound "PROPOSAL_UNKNOWN" ProposalUnknown;
    /// A recovery of keys does not exist under this id.
    NotFound "RECOVERY_UNKNOWN" RecoveryUnknown;
    /// An entry that moved hours does not exist under this id.
    NotFound "MOVEMENT_UNKNOWN" MovementUnknown;
    /// An appointment does not exist.
    NotFound "APPOINTMENT_UNKNOWN" AppointmentUnknown;
    /// The two members are not linked as kin.
    NotFound "KIN_UNKNOWN" KinUnknown;
    /// The member has no such proxy.
    NotFound "DELEGATION_UNKNOWN" DelegationUnknown;
    /// A case does not exist.
    NotFound "CASE_UNKNOWN" CaseUnknown;
    /// Neither a service nor a proposal exists under this id.
    NotFound "TARGET_UNKNOWN" TargetUnknown;
    /// The unit exists already.
    Exists "UNIT_EXISTS" UnitExists;
    /// The member exists already.
    Exists "MEMBER_EXISTS" MemberExists;
    /// Another member has the same short code.
    Exists "MEMBER_CODE_TAKEN" MemberCodeTaken;
    /// The key is registered already.
    Exists "KEY_EXISTS" KeyExists;
    /// The member has this role there already.
    Exists "APPOINTMENT_EXISTS" AppointmentExists;
    /// The two members are linked as kin already.
    Exists "KIN_EXISTS" KinExists;
    /// The proof of possession does not fit the new key.
    Invalid "POSSESSION_NOT_PROVEN" PossessionNotProven;
    /// A rule is outside its range.
    Invalid "RULE_OUT_OF_RANGE" RuleOutOfRange { parameter: &'static str, min: i64, max: i64 };
    /// Rules do not carry the next version.
    Invalid "RULES_VERSION" RulesVersionWrong { expected: u32 };
    /// The unit is of another level than it would have to be.
    Invalid "UNIT_LEVEL" UnitLevel;
    /// A unit that closes hands its members over to an open one of its level.
    Invalid "HAND_OVER_NEEDED" HandOverNeeded;

    // Authority.
    /// The author does not have the role there.
    Denied "ROLE_MISSING" RoleMissing { role: Role };
    /// Nobody appoints themselves.
    Denied "OWN_APPOINTMENT" OwnAppointment;
    /// An auditor has no other role, and no other role audits.
    Precondition "ROLES_INCOMPATIBLE" RolesIncompatible;
    /// The scheme keeps at least one operator, with a key.
    Precondition "LAST_OPERATOR" LastOperator;
    /// The key is not one of the author's, or has ended already.
    Denied "NOT_OWN_KEY" NotOwnKey;
    /// The recovery is that of another member's keys.
    Denied "NOT_OWN_RECOVERY" NotOwnRecovery;
    /// The author is no party to the service.
    Denied "NOT_A_PARTY" NotAParty;
    /// Nobody serves themselves.
    Denied "OWN_SERVICE" OwnService;
    /// One of the two does not want to meet the other.
    Denied "PAIR_BLOCKED" PairBlocked;
    /// One person may not both state and confirm a visit.
    Denied "SAME_PERSON" SamePerson;
    /// The author is involved in what is to be decided.
    Denied "INVOLVED" Involved;
    /// The member is neither beneficiary nor kin.
    Denied "NOT_HEIR" NotHeir;
    /// The pair of giver and receiver is one member.
    Invalid "SELF_TRANSFER" SelfTransfer;

    // State and rules.
    /// The abandoned tree has no record that the log lacks.
    Precondition "NOTHING_LOST" NothingLost;
    /// The service is in a stage that does not allow the act.
    Precondition "SERVICE_STAGE" ServiceStage { stage: &'static str };
    /// The proposal is decided or has expired.
    Precondition "PROPOSAL_CLOSED" ProposalClosed { outcome: &'static str };
    /// The case is closed.
    Precondition "CASE_CLOSED" CaseClosed;
    /// Other rules have been adopted and are not in force yet.
    Precondition "RULES_PENDING" RulesPending { from_ms: i64 };
    /// The movement was reversed before.
    Precondition "ALREADY_REVERSED" AlreadyReversed;
    /// A reversal of it is proposed already.
    Precondition "REVERSAL_PROPOSED" ReversalProposed;
    /// A recovery of the member's keys is proposed or waits already.
    Precondition "RECOVERY_PENDING" RecoveryPending;
    /// An objection was made before: the next is made in person, at the counter.
    Precondition "OBJECTION_USED" ObjectionUsed;
    /// The member has as many valid keys as one may have.
    Precondition "TOO_MANY_KEYS" TooManyKeys { keys_max: u32 };
    /// It is not due yet.
    Precondition "NOT_DUE" NotDue { due_ms: i64 };
    /// Its time has run out.
    Precondition "OVERDUE" Overdue { due_ms: i64 };
    /// New rules take effect too soon after their approval.
    Precondition "NOTICE_TOO_SHORT" NoticeTooShort { days_min: u32 };
    /// The end lies in the past.
    Precondition "PERIOD_OVER" PeriodOver;
    /// The end lies further ahead than the rules allow.
    Precondition "PERIOD_TOO_LONG" PeriodTooLong { days_max: u32 };
    /// The member is in another standing than the act needs.
    Precondition "MEMBER_STANDING" MemberStanding { standing: &'static str };
    /// The volunteer is suspended.
    Precondition "SUSPENDED" Suspended { until_ms: i64 };
    /// No hours leave the account for now.
    Precondition "ACCOUNT_FROZEN" AccountFrozen { until_ms: i64 };
    /// The member has roles still.
    Precondition "HAS_DUTIES" HasDuties;
    /// The account is not empty.
    Precondition "BALANCE_NOT_EMPTY" BalanceNotEmpty { total: i64 };
    /// The volunteer is too young.
    Precondition "VOLUNTEER_AGE" VolunteerAge { years_min: u32 };
    /// The volunteer is too old.
    Precondition "VOLUNTEER_TOO_OLD" VolunteerTooOld { years_max: u32 };
    /// The volunteer has not signed the agreement.
    Precondition "AGREEMENT_MISSING" AgreementMissing;
    /// The volunteer lacks a certificate.
    Precondition "CERTIFICATE_MISSING" CertificateMissing;
    /// Kin do not serve each other.
    Precondition "KIN_SERVICE" KinService;
    /// The recipient is too young and has no assessed need.
    Precondition "RECIPIENT_AGE" RecipientAge { years_min: u32 };
    /// The length of a visit is outside its limits.
    Precondition "SESSION_LENGTH" SessionLength { min: u32, max: u32 };
    /// The minutes are no multiple of the scheme's step.
    Precondition "NOT_A_MULTIPLE" NotAMultiple { quantum: u32 };
    /// The visit started longer ago than late entries may.
    Precondition "TOO_LATE" TooLate { days_max: u32 };
    /// The visit starts too soon after it is asked for.
    Precondition "LEAD_TIME" LeadTime { hours_min: u32 };
    /// The visit is not over yet.
    Precondition "VISIT_NOT_OVER" VisitNotOver;
    /// The visit was not begun with the ledger.
    Precondition "CHECK_IN_MISSING" CheckInMissing;
    /// More minutes are stated than were booked.
    Precondition "MORE_THAN_BOOKED" MoreThanBooked { minutes_max: u32 };
    /// The volunteer or the recipient has another visit at that time.
    Precondition "VISITS_OVERLAP" VisitsOverlap;
    /// The volunteer would serve more in a day than the rules allow.
    Precondition "DAILY_CAP" DailyCap { minutes_max: u32 };
    /// The volunteer would serve more in a week than the rules allow.
    Precondition "WEEKLY_CAP" WeeklyCap { minutes_max: u32 };
    /// The volunteer has stated too many visits late.
    Precondition "LATE_SHARE" LateShare { percent_max: u32 };
    /// Other minutes are confirmed than were logged.
    Precondition "MINUTES_DIFFER" MinutesDiffer { logged: u32 };
    /// The author has rated the service.
    Precondition "ALREADY_RATED" AlreadyRated;
    /// The rules do not allow giving hours.
    Precondition "GIVING_NOT_ALLOWED" GivingNotAllowed;
    /// The receiver is not among those whom the rules allow.
    Precondition "RECEIVER_NOT_ALLOWED" ReceiverNotAllowed;
    /// The receiver is too young.
    Precondition "RECEIVER_AGE" ReceiverAge { years_min: u32 };
    /// The giver would give more in a year than the rules allow.
    Precondition "GIVE_LIMIT" GiveLimit { minutes_max: i64 };
    /// The receiver would hold more than the rules allow.
    Precondition "BALANCE_CAP" BalanceCap { minutes_max: i64 };
    /// Two districts would owe each other more than the rules allow.
    Precondition "CLEARING_LIMIT" ClearingLimit { minutes_max: i64 };
    /// Nothing is owed between the districts.
    Precondition "NOTHING_OWED" NothingOwed;
    /// Hours are not newly issued while the published coverage is so low.
    Precondition "GRANTS_STOPPED" GrantsStopped { percent_min: u32 };
    /// The unit would issue more than its budget.
    Precondition "ISSUE_BUDGET" IssueBudget { minutes_max: i64 };
    /// The unit would spend more than its budget has left.
    Precondition "BUDGET_EXCEEDED" BudgetExceeded { left: i64 };
    /// No hours of the member have expired.
    Precondition "NOTHING_EXPIRED" NothingExpired;
    /// There is less available than the entry moves.
    Precondition "INSUFFICIENT_BALANCE" InsufficientBalance { available: i64 };
    /// An account would hold more than can be counted.
    Precondition "BALANCE_OVERFLOW" BalanceOverflow;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_unique_and_in_upper_snake_case() {
        let mut sorted = Rejection::REASONS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), Rejection::REASONS.len());
        for reason in Rejection::REASONS {
            assert!(
                reason
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            );
        }
    }
}
