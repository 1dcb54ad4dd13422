//! What can be wrong with a policy file, and what to do about it.

use thiserror::Error;

use super::Octets;
use crate::log::vkey::VerifierKeyError;

/// Why a file is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct PolicyError {
    /// The line, counted from 1; for what is missing altogether, the one after the last.
    pub line: usize,
    /// What is wrong there.
    pub fault: PolicyFault,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyFault {
    /// C2SP allows tab and line end alone.
    #[error(
        "the control character {0:#04x} is not allowed: divide words by spaces or tabs, and end \
         lines with a line feed alone"
    )]
    ControlCharacter(u8),
    /// Each line ends in a line end; a file that was cut off does not.
    #[error("the last line has no line end: end it with one, if the file is complete")]
    NoLineEnd,
    /// The first word is no keyword.
    #[error("{0:?} is unknown: a line begins with log, witness, group, quorum or #")]
    UnknownKeyword(String),
    /// The line has too few or too many words.
    #[error("write it as: {0}")]
    Form(&'static str),
    /// The key is not a verifier key.
    #[error("the key is malformed: {0}")]
    Key(#[from] VerifierKeyError),
    /// The key is not UTF-8, so it cannot be a verifier key.
    #[error("the key is malformed: it is not UTF-8")]
    KeyNotText,
    /// A witness' key on a `log` line.
    #[error("the key is of type {0:#04x}: a log signs with 0x01 (Ed25519) or 0x06 (ML-DSA-44)")]
    NotALogKey(u8),
    /// A log's key on a `witness` line.
    #[error(
        "the key is of type {0:#04x}: a witness cosigns with 0x04 (Ed25519) or 0x06 (ML-DSA-44)"
    )]
    NotAWitnessKey(u8),
    /// The public key stands on an earlier line of the same kind, under whatever name.
    #[error("this public key stands in line {0} already: remove one of the two lines")]
    DuplicateKey(usize),
    /// The name is taken.
    #[error("the name {name} is defined in line {line} already: choose another")]
    DuplicateName {
        /// The name.
        name: Octets,
        /// Where it is defined.
        line: usize,
    },
    /// `none` means that no witness is needed, and nothing else.
    #[error("the name none is reserved for \"quorum none\": choose another")]
    Reserved,
    /// The name is not defined above.
    #[error("no line above defines {0}: define witnesses and groups before they are used")]
    UnknownName(Octets),
    /// A name may be a member only once, so that no witness counts twice.
    #[error(
        "{name} is a member of the group in line {line} already: a name can be in one group only, once"
    )]
    AlreadyMember {
        /// The member.
        name: Octets,
        /// Where it is a member.
        line: usize,
    },
    /// The threshold is not `all`, `any`, or a number from 1 to the number of members.
    #[error("the threshold must be all, any, or a number from 1 to {members}, the members listed")]
    Threshold {
        /// How many members the line lists.
        members: usize,
    },
    /// There is a second quorum line.
    #[error("line {0} has the quorum already: remove one of the two lines")]
    SecondQuorum(usize),
    /// There is none.
    #[error(
        "there is no quorum line: add \"quorum <name>\", or \"quorum none\" to ask for no witness"
    )]
    NoQuorum,
}
