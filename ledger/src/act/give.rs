//! Giving own hours to another member.

use super::Deed;
use crate::amount::Minutes;
use crate::id::MemberId;
use crate::member::{Given, Member};
use crate::rejection::Rejection;
use crate::rules::GiveScope;
use crate::state::Halt;
use crate::tie::{Relation, Scope};
use crate::transaction::{Origin, Purse, Transaction};

/// Gives own hours to another member, as the rules allow. By the giver, or by a
/// proxy, who gives nothing to themselves or their kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Give {
    /// Who receives.
    pub recipient: MemberId,
    /// How much.
    pub minutes: Minutes,
}

impl Deed for Give {
    const SCOPE: Option<Scope> = Some(Scope::Hours);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let giver = tx.subject();
        let recipient = tx.present_member(&self.recipient)?;
        if giver != tx.author() {
            tx.require_uninvolved(&[self.recipient])?;
        }
        if self.recipient == giver {
            return Err(Rejection::SelfTransfer.into());
        }
        tx.require_unfrozen(giver)?;
        self.check_receiver(tx, giver, &recipient)?;
        self.count(tx, giver)?;
        tx.require_room(self.recipient, self.minutes)?;
        tx.set_origin(Origin::Passed);
        let purse = (giver, Purse::of(giver));
        tx.transfer_between(purse, self.recipient, self.minutes.amount())?;
        let unit = tx.member(&giver)?.unit;
        let mut signers = vec![giver, tx.author()];
        signers.dedup();
        tx.remember_gift(unit, signers, giver)
    }
}

impl Give {
    fn check_receiver(
        &self,
        tx: &Transaction<'_>,
        giver: MemberId,
        recipient: &Member,
    ) -> Result<(), Halt> {
        let relation = tx.kin(giver, self.recipient)?.map(|kin| kin.relation);
        let is_allowed = match tx.rules().give_scope {
            GiveScope::Nobody => return Err(Rejection::GivingNotAllowed.into()),
            GiveScope::Anyone => true,
            GiveScope::Spouse => relation == Some(Relation::Spouse),
            GiveScope::Lineal => matches!(
                relation,
                Some(Relation::Spouse | Relation::Parent | Relation::Child)
            ),
            GiveScope::Kin => relation.is_some(),
        };
        if !is_allowed {
            return Err(Rejection::ReceiverNotAllowed.into());
        }
        let years_min = tx.rules().give_age_years_min;
        if recipient.birth_month.age_years(tx.now()) < years_min {
            return Err(Rejection::ReceiverAge { years_min }.into());
        }
        Ok(())
    }

    /// Counts the gift of this calendar year.
    fn count(&self, tx: &mut Transaction<'_>, id: MemberId) -> Result<(), Halt> {
        let (member, year) = (tx.member(&id)?, tx.now().month().year());
        let minutes_max = tx.rules().give_year_minutes_max;
        if minutes_max == 0 {
            return Ok(());
        }
        let before = match member.given {
            Given {
                year: then,
                minutes,
            } if then == year => minutes,
            _ => 0,
        };
        let minutes = before.saturating_add(self.minutes.amount());
        if minutes > minutes_max {
            return Err(Rejection::GiveLimit { minutes_max }.into());
        }
        let given = Given { year, minutes };
        tx.put(&id, Member { given, ..member });
        Ok(())
    }
}
