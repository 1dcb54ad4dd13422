//! What the load consists of.

use ledger::act::{AcceptCare, ConfirmService, Give, LogService, RequestCare};
use ledger::service::ItemCode;
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
            .flat_map_iter(|n| visit(street, n))
            .collect(),
    }
}

fn gift(street: &Street, number: usize) -> SignedEntry {
    let (giver, recipient) = pair(street, number);
    let minutes = Minutes::parse(15).expect("positive");
    let recipient = street.members[recipient].id;
    street
        .pen
        .sign(&street.members[giver], Give { recipient, minutes })
        .1
}

fn visit(street: &Street, number: usize) -> [SignedEntry; 4] {
    let (recipient, volunteer) = pair(street, number);
    let unit = street.station_of(recipient);
    let (recipient, volunteer) = (&street.members[recipient], &street.members[volunteer]);
    let minutes = Minutes::parse(60).expect("positive");
    let start = ledger::Millis::new(street.pen.now().get() - 2 * 3_600_000);
    let item = ItemCode::parse("companionship".to_owned()).expect("a code");
    let request = RequestCare {
        unit,
        item,
        start,
        minutes,
        note: None,
    };
    let (service, requested) = street.pen.sign(recipient, request);
    let log = LogService {
        service,
        start,
        minutes,
        evidence: None,
    };
    [
        requested,
        street.pen.sign(volunteer, AcceptCare { service }).1,
        street.pen.sign(volunteer, log).1,
        street
            .pen
            .sign(recipient, ConfirmService { service, minutes })
            .1,
    ]
}

/// Two different members.
fn pair(street: &Street, number: usize) -> (usize, usize) {
    let members = street.members.len();
    let one = number % members;
    (one, (one + 1 + number / members % (members - 1)) % members)
}
