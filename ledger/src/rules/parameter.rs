//! The parameters that are numbers: one line each.

use serde::{Deserialize, Serialize};

use super::{Catalogue, DeathRule, GiveScope, Guarantee, Issuance, Rounding, RulesVersion};

/// A parameter that is a number: what a table of the rules shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as in JSON, TOML and the protocol.
    pub name: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// The least that it may be.
    pub min: i64,
    /// The most that it may be.
    pub max: i64,
    /// What it is where a scheme says nothing.
    pub default: i64,
    /// What it decides.
    pub governs: &'static str,
}

/// Largest sum that rules may name, in minutes: a thousand million hours.
const TOTAL: i64 = 60_000_000_000;

/// Declares the rules.
macro_rules! rules {
    (
        numbers { $($name:ident : $type:ty = $default:literal, $min:literal to $max:expr, $unit:literal, $governs:literal;)* }
        choices { $($choice:ident : $choice_type:ty = $choice_default:expr, $choice_governs:literal;)* }
    ) => {
        /// The parameters of a scheme: one value with a version. Every record is
        /// judged by the version in force at its time.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Rules {
            /// Which rules these are, counted from 1.
            pub version: RulesVersion,
            $(#[doc = concat!($governs, " Unit: ", $unit, ".")] pub $name: $type,)*
            $(#[doc = $choice_governs] pub $choice: $choice_type,)*
            /// What can be asked for, and at which price.
            pub catalogue: Catalogue,
        }

        /// Every parameter that is a number, in the order of [`Rules`].
        pub const PARAMETERS: &[Parameter] = &[$(Parameter {
            name: stringify!($name),
            unit: $unit,
            min: $min,
            max: $max,
            default: $default,
            governs: $governs,
        }),*];

        /// Every other parameter but the catalogue: its name and what it decides.
        pub const CHOICES: &[(&str, &str)] = &[$((stringify!($choice), $choice_governs)),*];

        impl Rules {
            /// The values of [`PARAMETERS`].
            pub(super) fn numbers(&self) -> impl Iterator<Item = i64> {
                [$(i64::from(self.$name)),*].into_iter()
            }
        }

        impl Default for Rules {
            /// Defaults for a scheme of younger and older seniors. They are
            /// proposals, no city's rules.
            fn default() -> Self {
                Self {
                    version: RulesVersion(1),
                    $($name: $default,)*
                    $($choice: $choice_default,)*
                    catalogue: Catalogue::default(),
                }
            }
        }
    };
}

rules! {
    numbers {
        quantum_minutes: u32 = 15, 1 to 60, "minutes", "Minutes of a visit are multiples of this, planned and stated.";
        volunteer_age_years_min: u32 = 18, 0 to 120, "years", "Who may take a visit on.";
        volunteer_age_years_max: u32 = 0, 0 to 120, "years", "Who may still take a visit on; 0: no limit.";
        recipient_age_years_min: u32 = 60, 0 to 120, "years", "Who may ask for a visit or be granted hours; a member with an assessed need may be younger.";
        session_minutes_min: u32 = 30, 1 to 1440, "minutes", "The shortest visit that can be asked for; a stated one may be shorter.";
        session_minutes_max: u32 = 240, 1 to 1440, "minutes", "The longest visit; not below the shortest.";
        daily_minutes_max: u32 = 0, 0 to 1440, "minutes", "Most that one volunteer may serve in 24 hours; 0: no limit.";
        weekly_minutes_max: u32 = 0, 0 to 10_080, "minutes", "Most that one volunteer may serve in 7 days; 0: no limit.";
        balance_minutes_max: i64 = 90_000, 0 to TOTAL, "minutes", "Most that a member may hold, available and held together; what a visit earns above it goes to the pool; 0: no limit.";
        issued_minutes_max: i64 = 600_000, 0 to TOTAL, "minutes", "Most that one unit may have issued; a budget of hours may be lower.";
        grants_stop_percent: u32 = 0, 0 to 1000, "percent", "No hours are newly granted or imported while the published coverage is below; 0: they always are.";
        hours_expire_months: u32 = 0, 0 to 1200, "months", "How long earned and imported hours last; 0: for ever.";
        grant_expire_months: u32 = 0, 0 to 120, "months", "How long granted hours last; 0: for ever.";
        give_age_years_min: u32 = 0, 0 to 120, "years", "How old who is given hours must be.";
        give_year_minutes_max: i64 = 0, 0 to TOTAL, "minutes", "Most that a member may give to others in a calendar year; 0: no limit.";
        take_back_hours: u32 = 72, 0 to 720, "hours", "How long who gave or donated may take it back.";
        lead_time_hours: u32 = 0, 0 to 720, "hours", "How long before its start a visit must be asked for; late entries are exempt.";
        free_cancel_hours: u32 = 0, 0 to 720, "hours", "How long before its start a booked visit may be cancelled or handed back freely; later it counts as missed, except for illness.";
        request_open_hours: u32 = 24, 1 to 720, "hours", "How long an open request waits after its start, or after it was opened if that is later.";
        unmatched_hours: u32 = 72, 0 to 8760, "hours", "How long after it was asked for a visit that nobody takes on may be bought by the fund.";
        late_entry_days_max: u32 = 7, 1 to 365, "days", "How long after a visit it may be stated, and how long before today a request may start.";
        late_share_percent_max: u32 = 100, 0 to 100, "percent", "Most of a volunteer's visits that they may state more than a day late themselves; one always; 100: no limit.";
        tolerance_minutes: u32 = 0, 0 to 60, "minutes", "By how much what is confirmed may differ from what was stated; the lower counts.";
        dispute_days: u32 = 30, 0 to 365, "days", "How long after its settlement a visit may be disputed.";
        decide_days: u32 = 15, 1 to 365, "days", "How long a dispute waits for a ruling.";
        case_days: u32 = 7, 1 to 365, "days", "How long a case waits before it may be taken to the unit above.";
        sample_percent_min: u32 = 5, 0 to 100, "percent", "How many of the visits of a month should be called back; the report shows it.";
        dormant_months: u32 = 24, 1 to 240, "months", "After how long without any act a holder of hours is dormant; shown in the report, takes nothing.";
        reserve_percent_target: u32 = 100, 1 to 1000, "percent", "How much of the promise the fund means to cover; the report shows it.";
        valuation_months_max: u32 = 12, 1 to 120, "months", "How long a published valuation is fresh; the report shows it.";
        freeze_days_max: u32 = 30, 1 to 365, "days", "How long an account may be frozen, or a member suspended, by one decision.";
        delegation_days_max: u32 = 730, 1 to 3660, "days", "How long a member may be represented by one delegation.";
        estate_days: u32 = 180, 1 to 3660, "days", "How long the hours of a member who has died wait for an heir.";
        inter_district_minutes_max: i64 = 300_000, 0 to TOTAL, "minutes", "Most that two districts may owe each other; 0: nothing crosses.";
        rule_change_notice_days: u32 = 30, 1 to 365, "days", "How long after their approval new rules take effect at the earliest.";
        proposal_open_days: u32 = 30, 1 to 365, "days", "How long a proposal waits for the second person.";
        entry_age_days_max: u32 = 30, 1 to 365, "days", "How long after it was signed an entry may be recorded.";
        clock_ahead_minutes_max: u32 = 10, 1 to 60, "minutes", "How far a signer's clock may be ahead of the server's.";
        recovery_delay_days: u32 = 7, 1 to 90, "days", "How long an approved recovery of a member's keys waits before it can be finished.";
    }
    choices {
        issuance: Issuance = Issuance::Transfer, "Who pays the volunteer: the recipient from hours held at booking, or the unit, which issues them.";
        give_scope: GiveScope = GiveScope::Anyone, "To whom members may give hours.";
        rounding: Rounding = Rounding::Down, "What becomes of the part of a credit-minute that a price leaves.";
        death_rule: DeathRule = DeathRule::Heir, "What becomes of the hours of a member who has died.";
        guarantee: Guarantee = Guarantee::BestEffort, "Who stands behind the promise; people are shown it before they bank their first hour.";
        one_visit_at_a_time: bool = true, "Whether visits of one volunteer, or to one recipient, that overlap are refused.";
        check_in_required: bool = false, "Whether a volunteer who states a visit must have begun it with the ledger.";
        kin_service_counts: bool = false, "Whether kin may serve each other.";
        training_required: bool = false, "Whether volunteers need a valid certificate `training`.";
        insurance_required: bool = false, "Whether volunteers need a valid certificate `insurance`.";
        agreement_required: bool = false, "Whether volunteers must have signed the agreement.";
    }
}
