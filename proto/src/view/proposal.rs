//! Proposals.

use ledger::act::{Act, TwoPersonAct};
use ledger::proposal::{Outcome, Proposal};
use ledger::{EntryId, Rejection};

use crate::name::{MEMBERS, PROPOSALS, UNITS};
use crate::v1;

/// Pairs the acts of two persons with those of the protocol, name by name. One
/// that either side does not know stops the build.
macro_rules! acts {
    ($($act:ident),* $(,)?) => {
        impl From<&TwoPersonAct> for v1::proposal::Act {
            fn from(act: &TwoPersonAct) -> Self {
                match act {
                    $(TwoPersonAct::$act(act) => Self::$act(act.into()),)*
                }
            }
        }

        impl TryFrom<v1::proposal::Act> for Act {
            type Error = Rejection;

            fn try_from(act: v1::proposal::Act) -> Result<Self, Rejection> {
                match act {
                    $(v1::proposal::Act::$act(act) => act.try_into().map(Self::$act),)*
                }
            }
        }
    };
}

acts! {
    Grant,
    Reverse,
    RecoverKey,
    AdoptRules,
    MergeMembers,
    UnlinkKin,
    RecordDeath,
    SettleEstate,
    ImportHours,
    PayMoney,
    PurchaseCare,
    SetBudget,
    SettleClearing,
    RecordEvent,
    SetOptions,
}

/// A proposal.
pub fn proposal(id: &EntryId, proposal: &Proposal) -> v1::Proposal {
    let Proposal {
        act,
        proposer,
        parties,
        unit,
        due,
        outcome,
    } = proposal;
    let (state, decider) = match outcome {
        Outcome::Open => (v1::ProposalState::Open, None),
        Outcome::Approved(decider) => (v1::ProposalState::Approved, Some(decider)),
        Outcome::Refused(decider) => (v1::ProposalState::Refused, Some(decider)),
        Outcome::Expired => (v1::ProposalState::Expired, None),
        Outcome::Objected(decider) => (v1::ProposalState::Objected, Some(decider)),
    };
    v1::Proposal {
        name: PROPOSALS.name(id),
        unit: UNITS.name(unit),
        proposer: MEMBERS.name(proposer),
        parties: parties.iter().map(|party| MEMBERS.name(party)).collect(),
        act: Some(act.into()),
        state: state.into(),
        decider: decider
            .map(|decider| MEMBERS.name(decider))
            .unwrap_or_default(),
        due_ms: due.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AUTHOR, ELDER, NOW, RECIPIENT, UNIT, grant, id, recover_key, reverse};

    fn row(act: TwoPersonAct, outcome: Outcome) -> Proposal {
        let parties = vec![AUTHOR, RECIPIENT];
        Proposal {
            act,
            proposer: AUTHOR,
            parties,
            unit: UNIT,
            due: NOW,
            outcome,
        }
    }

    #[test]
    fn a_proposal_shows_the_act_that_waits() {
        let shown = proposal(&id(), &row(TwoPersonAct::Grant(grant()), Outcome::Open));
        assert_eq!(
            shown,
            v1::Proposal {
                name: format!("proposals/{}", id()),
                unit: format!("units/{UNIT}"),
                proposer: format!("members/{AUTHOR}"),
                parties: vec![format!("members/{AUTHOR}"), format!("members/{RECIPIENT}")],
                act: Some(v1::proposal::Act::Grant((&grant()).into())),
                state: v1::ProposalState::Open.into(),
                decider: String::new(),
                due_ms: NOW.get(),
            }
        );
        let shown = proposal(&id(), &row(TwoPersonAct::Reverse(reverse()), Outcome::Open));
        assert_eq!(
            shown.act,
            Some(v1::proposal::Act::Reverse((&reverse()).into()))
        );
        let recover = TwoPersonAct::RecoverKey(recover_key());
        let shown = proposal(&id(), &row(recover, Outcome::Open));
        assert_eq!(
            shown.act,
            Some(v1::proposal::Act::RecoverKey((&recover_key()).into()))
        );
    }

    #[test]
    fn a_proposal_shows_how_it_ended_and_who_decided() {
        let decider = format!("members/{ELDER}");
        let cases = [
            (Outcome::Open, v1::ProposalState::Open, ""),
            (
                Outcome::Approved(ELDER),
                v1::ProposalState::Approved,
                &decider,
            ),
            (
                Outcome::Refused(ELDER),
                v1::ProposalState::Refused,
                &decider,
            ),
            (Outcome::Expired, v1::ProposalState::Expired, ""),
            (
                Outcome::Objected(ELDER),
                v1::ProposalState::Objected,
                &decider,
            ),
        ];
        for (outcome, state, decider) in cases {
            let shown = proposal(&id(), &row(TwoPersonAct::Grant(grant()), outcome));
            assert_eq!((shown.state(), shown.decider.as_str()), (state, decider));
        }
    }
}
