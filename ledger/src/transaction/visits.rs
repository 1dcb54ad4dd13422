//! What holds for visits in one place, and when they may be stated.

use super::Transaction;
use crate::id::UnitId;
use crate::options::LocalRules;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::time::Millis;

impl Transaction<'_> {
    /// The rules of a visit in a unit: the scheme's, and those of its district.
    pub(crate) fn local_rules(&self, unit: &UnitId) -> Result<LocalRules, Halt> {
        let district = self.unit(&self.district_of(*unit)?)?;
        Ok(LocalRules::of(
            self.rules(),
            district.options_at(self.now()),
        ))
    }

    /// Refuses a visit that was too long ago.
    pub(crate) fn require_recent(&self, time: Millis, local: &LocalRules) -> Result<(), Rejection> {
        let days_max = local.late_entry_days_max;
        if self.now() > time.plus_days(days_max) {
            return Err(Rejection::TooLate { days_max });
        }
        Ok(())
    }

    /// Refuses a visit that is not over, give or take what clocks may differ.
    pub(crate) fn require_over(&self, over: Millis) -> Result<(), Rejection> {
        if over
            > self
                .now()
                .plus_minutes(self.rules().clock_ahead_minutes_max)
        {
            return Err(Rejection::VisitNotOver);
        }
        Ok(())
    }
}
