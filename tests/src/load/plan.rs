//! What the load consists of.

use ledger::act::Give;
use ledger::{Minutes, SignedEntry};
use rayon::prelude::*;

use crate::street::Street;

/// A kind of load.
#[derive(Debug, Clone, Copy)]
pub(super) enum Workload {
    /// Whole visits: request, acceptance, statement, confirmation. Each entry
    /// needs the one before.
    Care,
    /// Gifts between members; in any order.
    Gifts,
}

/// So many entries, in batches of a size.
pub(super) fn batches(
    street: &Street,
    work: Workload,
    entries: usize,
    size: usize,
) -> Vec<Vec<SignedEntry>> {
    self::entries(street, work, entries)
        .chunks(size)
        .map(<[_]>::to_vec)
        .collect()
}

/// So many entries, signed on all cores.
pub(super) fn entries(street: &Street, work: Workload, entries: usize) -> Vec<SignedEntry> {
    match work {
        Workload::Gifts => (0..entries)
            .into_par_iter()
            .map(|n| gift(street, n))
            .collect(),
        Workload::Care => (0..entries / 4)
            .into_par_iter()
            .flat_map_iter(|n| street.visit(n))
            .collect(),
    }
}

fn gift(street: &Street, number: usize) -> SignedEntry {
    let (giver, recipient) = street.pair(number);
    let minutes = Minutes::parse(15).expect("positive");
    let recipient = street.members[recipient].id;
    street
        .pen
        .sign(&street.members[giver], Give { recipient, minutes })
        .1
}
