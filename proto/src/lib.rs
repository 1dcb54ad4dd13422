//! The edge of timebank: the `timebank.v1` protocol as generated messages, and
//! the one place where they become types of [`ledger`] and back.
//!
//! [`entry`] reads and writes what members sign, [`leaf`] what the log keeps,
//! [`receipt`] what a receipt carries besides its proof,
//! [`view`] makes the messages of the read services from state rows, and
//! [`name`] is their resource names. [`difference`] says in which field two
//! entries differ.
//!
//! It decides nothing: no rules, no transport, no storage. Every message is
//! taken apart field by field in both directions, so that a new field stops the
//! build until someone has said what it means.

pub mod difference;
pub mod entry;
pub mod leaf;
pub mod name;
pub mod receipt;
pub mod v1;
pub mod view;

#[cfg(test)]
mod testing;

pub use difference::which_field_differs;
pub use entry::{admit, admit_signed, decode, encode, signed_entry_from, signed_entry_to};
pub use leaf::{LeafError, decode_leaf, encode_leaf};
pub use receipt::{ExtraError, ReceiptExtra, decode_extra, encode_extra};

/// The serialised `google.protobuf.FileDescriptorSet` of `timebank.v1` and all
/// that it imports, for server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = tonic::include_file_descriptor_set!("timebank.v1");

/// A count as messages carry it. What is above 2^63 counts nothing that exists,
/// and is said as the largest number there is, so that whoever reads it refuses
/// it.
pub(crate) fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
