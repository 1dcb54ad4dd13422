//! The state as the server states it, and its comparison with the one that the
//! records make.

use std::collections::BTreeMap;

use ledger::account::Measure;
use ledger::log::TreeSize;
use ledger::state::{Key, Row};
use ledger::{Account, AccountId, State};
use proto::v1;
use rayon::prelude::*;
use tokio::sync::mpsc;

use super::source::SourceError;
use super::{AuditError, Fault};
use crate::log::count_of;

/// Fewest rows that are worth another thread.
const ROWS_MIN: usize = 256;

/// Every stated row, in the order of keys.
pub(super) struct StatedState {
    size: TreeSize,
    rows: Vec<StatedRow>,
}

/// Key and value, as stated.
type StatedRow = (Box<[u8]>, Box<[u8]>);

impl StatedState {
    /// Reads all rows. Their order is checked, so that none comes twice.
    pub(super) async fn read(
        mut chunks: mpsc::Receiver<Result<v1::StateChunk, SourceError>>,
    ) -> Result<Self, AuditError> {
        let (mut size, mut rows) = (None, Vec::<StatedRow>::new());
        while let Some(chunk) = chunks.recv().await {
            let v1::StateChunk {
                tree_size,
                rows: more,
            } = chunk?;
            let tree_size = count_of(tree_size).map_err(SourceError::from)?;
            if *size.get_or_insert(tree_size) != tree_size {
                return Err(Fault::StateMalformed("rows of different tree sizes").into());
            }
            for v1::StateRow { key, value } in more {
                if rows.last().is_some_and(|(last, _)| **last >= *key) {
                    return Err(Fault::StateMalformed("rows out of order").into());
                }
                rows.push((key.into(), value.into()));
            }
        }
        Ok(Self {
            size: TreeSize::new(size.unwrap_or(0)),
            rows,
        })
    }

    /// The tree size at which the rows are said to hold.
    pub(super) const fn size(&self) -> TreeSize {
        self.size
    }

    /// Compares every row with the state of that size; the number of rows.
    pub(super) fn compare(&self, state: &State) -> Result<u64, Fault> {
        let rows = self.rows.par_iter().with_min_len(ROWS_MIN);
        if let Some(fault) = rows.find_map_first(|(key, value)| fault_of(state, key, value)) {
            return Err(fault);
        }
        // Each stated row is one of the state's, and none is stated twice.
        if state.rows().count() == self.rows.len() {
            Ok(self.rows.len() as u64)
        } else {
            Err(self.first_missing(state))
        }
    }

    fn first_missing(&self, state: &State) -> Fault {
        let is_stated = |key: &[u8]| {
            self.rows
                .binary_search_by(|(stated, _)| (**stated).cmp(key))
                .is_ok()
        };
        let keys = state.rows().map(|(key, _)| key.encode());
        let missing = keys.filter(|key| !is_stated(key)).min().unwrap_or_default();
        Fault::StateMissing {
            row: name_bytes(&missing),
        }
    }
}

/// What is wrong with one stated row.
fn fault_of(state: &State, key: &[u8], value: &[u8]) -> Option<Fault> {
    let row = Key::decode(key)
        .ok()
        .and_then(|key| state.row(&key).ok().flatten());
    match row {
        Some(row) if row.encode() == value => None,
        Some(_) => Some(Fault::StateDiffers {
            row: name_bytes(key),
        }),
        None => Some(Fault::StateAdded {
            row: name_bytes(key),
        }),
    }
}

/// The accounts of a state, and the proof that nothing was made or lost: in
/// each measure all balances sum to zero.
pub(super) fn conserved_accounts(state: &State) -> Result<Vec<(AccountId, &Account)>, Fault> {
    let accounts: Vec<(AccountId, &Account)> = state
        .rows()
        .filter_map(|(key, row)| match (key, row) {
            (Key::Account(id), Row::Account(account)) => Some((*id, account)),
            _ => None,
        })
        .collect();
    let mut sums = BTreeMap::<Measure, i128>::new();
    for (id, account) in &accounts {
        let total = i128::from(account.available) + i128::from(account.held);
        *sums.entry(id.measure()).or_default() += total;
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        Some((measure, sum)) => Err(Fault::NotConserved { measure, sum }),
        None => Ok(accounts),
    }
}

fn name_bytes(key: &[u8]) -> String {
    match Key::decode(key) {
        Ok(key) => name(&key),
        Err(_) => format!("row {}", hex::encode(key)),
    }
}

/// A row in words.
fn name(key: &Key) -> String {
    match key {
        Key::Scheme => "scheme".to_owned(),
        Key::Rules(version) => format!("version {} of the rules", version.0),
        Key::Unit(unit) => format!("unit {unit}"),
        Key::Member(member) => format!("member {member}"),
        Key::MemberCode(code) => format!("owner of the code {code}"),
        Key::MemberKey(id) => format!("key {id}"),
        Key::KeyRing(member) => format!("keys of member {member}"),
        Key::Appointment(member, unit, role) => {
            format!("appointment of {member} as {role:?} of {unit}")
        }
        Key::Account(account) => format!("account {account}"),
        Key::Service(id) => format!("service {id}"),
        Key::Proposal(id) => format!("proposal {id}"),
        Key::Movement(id) => format!("movement {id}"),
        Key::UnitMember(unit, member) => format!("membership of {member} in {unit}"),
        Key::OpenRequest(unit, id) => format!("open request {id} of {unit}"),
        Key::OpenService(member, id) => format!("open service {id} of {member}"),
        Key::OpenProposal(unit, id) => format!("open proposal {id} of {unit}"),
        Key::Due(due, id) => format!("due time {} of {id}", due.get()),
        Key::Adoptions => "trees that were given up".to_owned(),
        Key::Lots(member) => format!("lots of member {member}"),
        Key::Calendar(member) => format!("recent visits of member {member}"),
        Key::Kin(member, kin) => format!("kinship of {member} and {kin}"),
        Key::Delegation(member, proxy) => format!("delegation of {member} to {proxy}"),
        Key::Blocked(member, other) => format!("wish of {member} not to meet {other}"),
        Key::Certificate(member, name) => format!("certificate {} of {member}", name.code()),
        Key::Budget(unit, line) => format!("budget of {unit} for {}", line.name()),
        Key::Valuation => "newest valuation".to_owned(),
        Key::Case(id) => format!("case {id}"),
        Key::OpenCase(unit, id) => format!("open case {id} of {unit}"),
    }
}
