//! The rules of a scheme. Whether a parameter is within its range is for
//! [`Rules::check`]; here it must only be a number that can be counted.

use ledger::rules::{GiveScope, Issuance, RulesVersion};
use ledger::{Rejection, Rules};

use super::Choice;
use super::field::All;
use crate::v1;

impl TryFrom<v1::Rules> for Rules {
    type Error = Rejection;

    fn try_from(message: v1::Rules) -> Result<Self, Rejection> {
        let v1::Rules {
            version,
            quantum_minutes,
            issuance,
            volunteer_age_years_min,
            recipient_age_years_min,
            session_minutes_min,
            session_minutes_max,
            balance_minutes_max,
            issued_minutes_max,
            give_scope,
            request_open_hours,
            late_entry_days_max,
            proposal_open_days,
            entry_age_days_max,
            clock_ahead_minutes_max,
            recovery_delay_days,
        } = message;
        let counts = counts([
            ("rules.version", version),
            ("rules.quantum_minutes", quantum_minutes),
            ("rules.volunteer_age_years_min", volunteer_age_years_min),
            ("rules.recipient_age_years_min", recipient_age_years_min),
            ("rules.session_minutes_min", session_minutes_min),
            ("rules.session_minutes_max", session_minutes_max),
            ("rules.request_open_hours", request_open_hours),
            ("rules.late_entry_days_max", late_entry_days_max),
            ("rules.proposal_open_days", proposal_open_days),
            ("rules.entry_age_days_max", entry_age_days_max),
            ("rules.clock_ahead_minutes_max", clock_ahead_minutes_max),
            ("rules.recovery_delay_days", recovery_delay_days),
        ]);
        let issuance = Issuance::parse("rules.issuance", issuance);
        let give_scope = GiveScope::parse("rules.give_scope", give_scope);
        let (counts, issuance, give_scope) = (counts, issuance, give_scope).all()?;
        let [
            version,
            quantum_minutes,
            volunteer_age_years_min,
            recipient_age_years_min,
            session_minutes_min,
            session_minutes_max,
            request_open_hours,
            late_entry_days_max,
            proposal_open_days,
            entry_age_days_max,
            clock_ahead_minutes_max,
            recovery_delay_days,
        ] = counts;
        Ok(Self {
            version: RulesVersion(version),
            quantum_minutes,
            issuance,
            volunteer_age_years_min,
            recipient_age_years_min,
            session_minutes_min,
            session_minutes_max,
            balance_minutes_max,
            issued_minutes_max,
            give_scope,
            request_open_hours,
            late_entry_days_max,
            proposal_open_days,
            entry_age_days_max,
            clock_ahead_minutes_max,
            recovery_delay_days,
        })
    }
}

impl From<&Rules> for v1::Rules {
    fn from(rules: &Rules) -> Self {
        let Rules {
            version: RulesVersion(version),
            quantum_minutes,
            issuance,
            volunteer_age_years_min,
            recipient_age_years_min,
            session_minutes_min,
            session_minutes_max,
            balance_minutes_max,
            issued_minutes_max,
            give_scope,
            request_open_hours,
            late_entry_days_max,
            proposal_open_days,
            entry_age_days_max,
            clock_ahead_minutes_max,
            recovery_delay_days,
        } = rules;
        Self {
            version: number(*version),
            quantum_minutes: number(*quantum_minutes),
            issuance: issuance.to_number(),
            volunteer_age_years_min: number(*volunteer_age_years_min),
            recipient_age_years_min: number(*recipient_age_years_min),
            session_minutes_min: number(*session_minutes_min),
            session_minutes_max: number(*session_minutes_max),
            balance_minutes_max: *balance_minutes_max,
            issued_minutes_max: *issued_minutes_max,
            give_scope: give_scope.to_number(),
            request_open_hours: number(*request_open_hours),
            late_entry_days_max: number(*late_entry_days_max),
            proposal_open_days: number(*proposal_open_days),
            entry_age_days_max: number(*entry_age_days_max),
            clock_ahead_minutes_max: number(*clock_ahead_minutes_max),
            recovery_delay_days: number(*recovery_delay_days),
        }
    }
}

fn counts<const N: usize>(fields: [(&'static str, i32); N]) -> Result<[u32; N], Rejection> {
    let mut counts = [0; N];
    for (count, (field, number)) in counts.iter_mut().zip(fields) {
        *count = u32::try_from(number).map_err(|_| Rejection::NumberOutOfRange { field })?;
    }
    Ok(counts)
}

/// A parameter on the wire. One that is too large for it is outside its range,
/// and so is the largest number there is.
fn number(parameter: u32) -> i32 {
    i32::try_from(parameter).unwrap_or(i32::MAX)
}
