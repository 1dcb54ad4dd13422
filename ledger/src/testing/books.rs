//! The books of a street: balances and chains, kept from postings alone.

use std::collections::BTreeMap;

use crate::account::{Account, AccountId, Bucket, Posting, PostingRef};
use crate::log::Position;
use crate::member::Standing;
use crate::proposal::Movement;
use crate::state::{Key, Row, State};

/// What all postings so far add up to.
#[derive(Clone, Default)]
pub(super) struct Books {
    accounts: BTreeMap<AccountId, Account>,
}

impl Books {
    /// Takes in the postings of a record, each of which must follow on what
    /// was there.
    pub(super) fn enter(&mut self, position: Position, postings: &[Posting]) {
        for (line, posting) in (0..).zip(postings) {
            let account = self.accounts.entry(posting.account).or_default();
            assert_ne!(posting.amount, 0, "a posting moves something");
            assert_eq!(posting.at, PostingRef { position, line });
            assert_eq!(posting.previous, account.last);
            account.last = Some(posting.at);
            let balance = match posting.bucket {
                Bucket::Available => &mut account.available,
                Bucket::Held => &mut account.held,
            };
            *balance += posting.amount;
            assert_eq!(posting.balance, *balance);
        }
    }

    /// Checks that the accounts of a state are those of the books, that none is
    /// below zero that may not be, and that all sum to zero in each measure.
    pub(super) fn check(&self, state: &State) {
        let (mut accounts, mut gone) = (BTreeMap::new(), Vec::new());
        for (key, row) in state.rows() {
            match (key, row) {
                (Key::Account(id), Row::Account(account)) => {
                    accounts.insert(*id, account.clone());
                }
                (_, Row::Movement(movement)) => check_movement(movement),
                (Key::Member(id), Row::Member(member)) if is_gone(member.standing) => {
                    gone.push(AccountId::Member(*id));
                }
                _ => {}
            }
        }
        assert_eq!(accounts, self.accounts);
        let mut sums = BTreeMap::new();
        for (id, account) in &accounts {
            *sums.entry(id.measure()).or_insert(0) += account.total();
            let is_member = matches!(id, AccountId::Member(_));
            assert!(account.held == 0 || is_member, "only members hold: {id}");
            assert!(account.held >= 0, "{id}");
            assert!(account.available >= 0 || id.is_signed(), "{id}");
            assert!(account.available <= 0 || !id.is_source(), "{id}");
        }
        assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
        for id in gone {
            let account = accounts.get(&id);
            assert!(account.is_none_or(|it| it.total() == 0), "{id} is lost");
        }
    }
}

/// Whether nobody can use what is on the account any more.
fn is_gone(standing: Standing) -> bool {
    matches!(standing, Standing::Closed | Standing::Merged(_))
}

fn check_movement(movement: &Movement) {
    assert!(!movement.changes.is_empty());
    let sum: i64 = movement.changes.iter().map(|(_, amount)| amount).sum();
    assert_eq!(sum, 0);
}
