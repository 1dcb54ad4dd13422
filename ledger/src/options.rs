//! What a district decides for itself: it may be stricter than the scheme, and
//! never laxer.

use serde::{Deserialize, Serialize};

use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::time::Millis;

/// What a district asks beyond the rules of the scheme. Zero and `false` ask for
/// nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub struct UnitOptions {
    /// The longest visit, in minutes.
    pub session_minutes_max: u32,
    /// Most that one volunteer may serve in 24 hours, in minutes.
    pub daily_minutes_max: u32,
    /// Most that one volunteer may serve in 7 days, in minutes.
    pub weekly_minutes_max: u32,
    /// How long before its start a visit must be asked for, in hours.
    pub lead_time_hours: u32,
    /// How long after a visit it may be stated, in days.
    pub late_entry_days_max: u32,
    /// Whether a volunteer who states a visit must have begun it with the ledger.
    pub check_in_required: bool,
    /// Whether volunteers need a valid certificate `training`.
    pub training_required: bool,
    /// Whether volunteers need a valid certificate `insurance`.
    pub insurance_required: bool,
    /// Whether volunteers must have signed the agreement.
    pub agreement_required: bool,
}

/// Options that wait until they are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpcomingOptions {
    /// The options.
    pub options: UnitOptions,
    /// The first moment at which they are in force.
    pub from: Millis,
}

/// The rules of a visit in one district: those of the scheme, and where the
/// district is stricter, its own.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub(crate) struct LocalRules {
    pub(crate) session_minutes_max: u32,
    pub(crate) daily_minutes_max: u32,
    pub(crate) weekly_minutes_max: u32,
    pub(crate) lead_time_hours: u32,
    pub(crate) late_entry_days_max: u32,
    pub(crate) check_in_required: bool,
    pub(crate) training_required: bool,
    pub(crate) insurance_required: bool,
    pub(crate) agreement_required: bool,
}

impl UnitOptions {
    /// Nothing.
    pub const NONE: Self = Self {
        session_minutes_max: 0,
        daily_minutes_max: 0,
        weekly_minutes_max: 0,
        lead_time_hours: 0,
        late_entry_days_max: 0,
        check_in_required: false,
        training_required: false,
        insurance_required: false,
        agreement_required: false,
    };

    /// Checks that nothing is laxer than in the scheme.
    ///
    /// # Errors
    /// [`Rejection::RuleOutOfRange`] with the first parameter that is, and the
    /// range inside the scheme's rules.
    pub fn check(&self, rules: &Rules) -> Result<(), Rejection> {
        let up_to = |limit: u32, most: u32| if limit == 0 { most } else { limit };
        let longest = (rules.session_minutes_min, rules.session_minutes_max);
        let daily = (1, up_to(rules.daily_minutes_max, 1440));
        let weekly = (1, up_to(rules.weekly_minutes_max, 10_080));
        let late = (1, rules.late_entry_days_max);
        for (parameter, value, (min, max)) in [
            ("session_minutes_max", self.session_minutes_max, longest),
            ("daily_minutes_max", self.daily_minutes_max, daily),
            ("weekly_minutes_max", self.weekly_minutes_max, weekly),
            (
                "lead_time_hours",
                self.lead_time_hours,
                (rules.lead_time_hours, 720),
            ),
            ("late_entry_days_max", self.late_entry_days_max, late),
        ] {
            if value != 0 && !(min..=max).contains(&value) {
                let (min, max) = (min.into(), max.into());
                return Err(Rejection::RuleOutOfRange {
                    parameter,
                    min,
                    max,
                });
            }
        }
        Ok(())
    }
}

impl LocalRules {
    /// Whatever the scheme has changed since the options were set, the stricter
    /// of the two holds; and the shortest visit can always be asked for.
    pub(crate) fn of(rules: &Rules, options: &UnitOptions) -> Self {
        let longest = stricter(rules.session_minutes_max, options.session_minutes_max);
        Self {
            session_minutes_max: longest.max(rules.session_minutes_min),
            daily_minutes_max: stricter(rules.daily_minutes_max, options.daily_minutes_max),
            weekly_minutes_max: stricter(rules.weekly_minutes_max, options.weekly_minutes_max),
            lead_time_hours: rules.lead_time_hours.max(options.lead_time_hours),
            late_entry_days_max: stricter(rules.late_entry_days_max, options.late_entry_days_max),
            check_in_required: rules.check_in_required || options.check_in_required,
            training_required: rules.training_required || options.training_required,
            insurance_required: rules.insurance_required || options.insurance_required,
            agreement_required: rules.agreement_required || options.agreement_required,
        }
    }
}

/// The lower of two limits, of which zero is none.
fn stricter(one: u32, other: u32) -> u32 {
    match (one, other) {
        (0, limit) | (limit, 0) => limit,
        (one, other) => one.min(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            daily_minutes_max: 240,
            lead_time_hours: 24,
            ..Rules::default()
        }
    }

    #[test]
    fn options_may_be_stricter_than_the_scheme_and_never_laxer() {
        let of = |set: fn(&mut UnitOptions)| {
            let mut options = UnitOptions::default();
            set(&mut options);
            options.check(&rules())
        };
        let laxer = |parameter, min, max| {
            Err(Rejection::RuleOutOfRange {
                parameter,
                min,
                max,
            })
        };
        assert_eq!(of(|_| ()), Ok(()));
        assert_eq!(of(|it| it.daily_minutes_max = 240), Ok(()));
        let too_long = laxer("daily_minutes_max", 1, 240);
        assert_eq!(of(|it| it.daily_minutes_max = 241), too_long);
        assert_eq!(of(|it| it.weekly_minutes_max = 10_080), Ok(()));
        let weekly = laxer("weekly_minutes_max", 1, 10_080);
        assert_eq!(of(|it| it.weekly_minutes_max = 10_081), weekly);
        let lead = laxer("lead_time_hours", 24, 720);
        assert_eq!(of(|it| it.lead_time_hours = 23), lead);
        assert_eq!(of(|it| it.lead_time_hours = 48), Ok(()));
        let longest = laxer("session_minutes_max", 30, 240);
        assert_eq!(of(|it| it.session_minutes_max = 15), longest);
        let late = laxer("late_entry_days_max", 1, 7);
        assert_eq!(of(|it| it.late_entry_days_max = 8), late);
    }

    #[test]
    fn the_stricter_of_scheme_and_district_holds() {
        let options = UnitOptions {
            session_minutes_max: 60,
            daily_minutes_max: 300,
            weekly_minutes_max: 600,
            lead_time_hours: 2,
            training_required: true,
            ..UnitOptions::default()
        };
        let rules = Rules {
            agreement_required: true,
            ..rules()
        };
        let local = LocalRules::of(&rules, &options);
        assert_eq!(local.session_minutes_max, 60);
        assert_eq!(local.daily_minutes_max, 240, "the scheme became stricter");
        assert_eq!(local.weekly_minutes_max, 600);
        assert_eq!(local.lead_time_hours, 24);
        assert_eq!(local.late_entry_days_max, 7);
        assert!(local.training_required && local.agreement_required);
        assert!(!local.insurance_required && !local.check_in_required);
        let longer = Rules {
            session_minutes_min: 90,
            ..rules
        };
        assert_eq!(LocalRules::of(&longer, &options).session_minutes_max, 90);
    }
}
