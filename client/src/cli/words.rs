//! The ledger in plain words, as commands print it: English. The words in both
//! languages are in [`client::words`].

use client::words::{Zone, phrase};
use ledger::Act;

pub(crate) use client::words::{hours, member};

/// `1200.50 yuan`.
pub(crate) fn money(fen: i64) -> String {
    client::words::money(fen).english
}

/// What an act does, as a sentence without its subject.
pub(crate) fn act(act: &Act) -> String {
    phrase(act, &Zone::utc()).english
}
