//! The fund, and proposals.

use ledger::act::TwoPersonAct;
use ledger::log::TreeSize;
use ledger::proposal::{Outcome, Proposal};
use ledger::{Account, EntryId, UnitId};

use crate::name::{MEMBERS, PROPOSALS, UNITS};
use crate::{count, v1};

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
        act: Some(match act {
            TwoPersonAct::Grant(grant) => v1::proposal::Act::Grant(grant.into()),
            TwoPersonAct::Reverse(reverse) => v1::proposal::Act::Reverse(reverse.into()),
            TwoPersonAct::RecoverKey(recover) => v1::proposal::Act::RecoverKey(recover.into()),
        }),
        state: state.into(),
        decider: decider
            .map(|decider| MEMBERS.name(decider))
            .unwrap_or_default(),
        due_ms: due.get(),
    }
}

/// The accounts that show the fund's standing.
#[derive(Debug, Clone, Default)]
pub struct FundAccounts {
    /// The fund's money.
    pub cash: Account,
    /// Where it came from.
    pub donors: Account,
    /// Minutes that have left circulation.
    pub retired: Account,
    /// The accounts of each unit.
    pub units: Vec<UnitAccounts>,
}

/// The accounts that show a unit's hours.
#[derive(Debug, Clone)]
pub struct UnitAccounts {
    /// The unit.
    pub unit: UnitId,
    /// Its pool.
    pub pool: Account,
    /// What it has issued.
    pub issued: Account,
}

/// The fund's standing at a tree size. Accounts that stand for the outside are
/// below zero and shown above.
pub fn fund(accounts: &FundAccounts, size: TreeSize) -> v1::Fund {
    let FundAccounts {
        cash,
        donors,
        retired,
        units,
    } = accounts;
    v1::Fund {
        cash_fen: cash.available,
        received_fen: donors.available.saturating_neg(),
        retired_minutes: retired.available,
        units: units.iter().map(unit_hours).collect(),
        tree_size: count(size.get()),
    }
}

fn unit_hours(accounts: &UnitAccounts) -> v1::UnitHours {
    let UnitAccounts { unit, pool, issued } = accounts;
    v1::UnitHours {
        unit: UNITS.name(unit),
        pool_minutes: pool.available,
        issued_minutes: issued.available.saturating_neg(),
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

    #[test]
    fn the_fund_shows_what_is_below_zero_above_it() {
        let holding = |available| Account {
            available,
            ..Account::default()
        };
        let unit = UnitAccounts {
            unit: UNIT,
            pool: holding(60),
            issued: holding(-600),
        };
        let accounts = FundAccounts {
            cash: holding(900),
            donors: holding(-1_000),
            retired: holding(15),
            units: vec![unit],
        };
        let units = vec![v1::UnitHours {
            unit: format!("units/{UNIT}"),
            pool_minutes: 60,
            issued_minutes: 600,
        }];
        let shown = fund(&accounts, TreeSize::new(3));
        let (cash_fen, received_fen) = (900, 1_000);
        let expected = v1::Fund {
            cash_fen,
            received_fen,
            retired_minutes: 15,
            units,
            tree_size: 3,
        };
        assert_eq!(shown, expected);
    }
}
