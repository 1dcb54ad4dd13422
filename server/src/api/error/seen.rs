//! What a caller is told of a database that is behind.

use std::fmt;

use ledger::log::Hash;
use serde::{Serialize, Serializer};

use super::EdgeError;
use crate::ahead::{Behind, Source};

/// Who has seen more than the database has. The name of a witness stands in the
/// server's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenBy {
    /// The guard of the server.
    Guard,
    /// A checkpoint that was published.
    Published,
    /// A witness.
    Witness,
}

/// The root of the tree that was seen: 64 hex digits, or nothing if it is not
/// known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root(pub Option<Hash>);

impl fmt::Display for Root {
    /// As the command takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(root) => root.fmt(f),
            None => f.write_str("ROOT"),
        }
    }
}

impl Serialize for Root {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(root) => serializer.collect_str(root),
            None => serializer.serialize_str(""),
        }
    }
}

impl From<&Behind> for EdgeError {
    fn from(behind: &Behind) -> Self {
        let seen_by = match behind.claim.source {
            Source::Guard => SeenBy::Guard,
            Source::Published => SeenBy::Published,
            Source::Witness(_) => SeenBy::Witness,
        };
        Self::ReadOnly {
            records: behind.found.get(),
            seen_by,
            seen: behind.claim.size.get(),
            root: Root(behind.claim.root),
        }
    }
}

#[cfg(test)]
impl EdgeError {
    /// As it is shown in the documentation.
    pub(crate) fn read_only_example() -> Self {
        Self::ReadOnly {
            records: 69_990,
            seen_by: SeenBy::Guard,
            seen: 70_000,
            root: Root(Some(Hash::EMPTY_ROOT)),
        }
    }
}
