//! The reasons of this server, besides those of the rules. They are stable: a
//! variant is never renamed and never takes another meaning.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};
use tonic::Code;

use super::Refusal;
use super::seen::{Root, SeenBy};
use crate::access::Resource;
use crate::api::text::{self, Text};

/// Declares refusals with code and stable reason.
macro_rules! refusals {
    (
        $(#[$enum_doc:meta])* $enum:ident, $text:path;
        $($(#[$doc:meta])* $code:ident $reason:literal $name:ident
            $({ $($field:ident : $type:ty),* })? $(after $seconds:literal)?;)*
    ) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
        pub enum $enum {
            $($(#[$doc])* #[error($reason)] $name $({
                $(#[doc = concat!("Datum `", stringify!($field), "` of the message.")] $field: $type),*
            })?,)*
        }

        impl $enum {
            /// Every stable reason.
            pub const REASONS: &'static [&'static str] = &[$($reason),*];
        }

        impl Refusal for $enum {
            fn reason(&self) -> &'static str {
                match self { $(Self::$name { .. } => $reason,)* }
            }

            fn code(&self) -> Code {
                match self { $(Self::$name { .. } => Code::$code,)* }
            }

            fn text(&self) -> Text {
                $text(self)
            }

            fn retry_after(&self) -> Option<Duration> {
                match self { $(Self::$name { .. } => after!($($seconds)?),)* }
            }
        }
    };
}

macro_rules! after {
    () => {
        None
    };
    ($seconds:literal) => {
        Some(Duration::from_secs($seconds))
    };
}

refusals! {
    /// Why something is not read.
    ReadError, text::of_read_error;
    /// The call needs a token and carries none.
    Unauthenticated "TOKEN_MISSING" TokenMissing;
    /// The token proves nothing.
    Unauthenticated "TOKEN_INVALID" TokenInvalid { why: &'static str };
    /// The token's time has run out.
    Unauthenticated "TOKEN_EXPIRED" TokenExpired;
    /// The reader may not read this.
    PermissionDenied "NOT_ALLOWED" NotAllowed { what: Resource };
    /// A resource name has another form.
    InvalidArgument "RESOURCE_NAME_INVALID" ResourceNameInvalid {
        field: &'static str, expected: &'static str
    };
    /// A digit of a member's short code is wrong.
    InvalidArgument "MEMBER_CODE_WRONG" MemberCodeWrong { field: &'static str };
    /// A page token is not of this query.
    InvalidArgument "PAGE_TOKEN_INVALID" PageTokenInvalid { field: &'static str };
    /// A page size is below zero.
    InvalidArgument "PAGE_SIZE_INVALID" PageSizeInvalid { field: &'static str };
    /// What is asked for does not exist.
    NotFound "NOT_FOUND" NotFound { what: Resource };
    /// There is no tree of this size.
    OutOfRange "TREE_SIZE_INVALID" TreeSizeInvalid { newest: u64 };
    /// There is no record at this position in this tree.
    OutOfRange "POSITION_INVALID" PositionInvalid { tree_size: u64 };
}

refusals! {
    /// Why the server does not take something on.
    EdgeError, text::of_edge_error;
    /// Too many entries are waiting.
    ResourceExhausted "QUEUE_FULL" QueueFull after 1;
    /// The server does not sign, because its database does not extend what
    /// somebody has seen signed before.
    Unavailable "READ_ONLY" ReadOnly {
        records: u64, seen_by: SeenBy, seen: u64, root: Root
    };
    /// A tree is given up, and the database lacks none.
    FailedPrecondition "NOTHING_TO_ADOPT" NothingToAdopt;
    /// The server is stopping.
    Unavailable "SHUTTING_DOWN" ShuttingDown after 5;
    /// A batch has too many entries.
    InvalidArgument "BATCH_TOO_LARGE" BatchTooLarge { entries_max: usize };
    /// A batch has no entries.
    InvalidArgument "BATCH_EMPTY" BatchEmpty;
    /// Salt and value do not open the commitment of the entry.
    InvalidArgument "OPENING_WRONG" OpeningWrong { field: &'static str };
    /// The value of an opening is too long.
    InvalidArgument "OPENING_TOO_LONG" OpeningTooLong { field: &'static str, bytes_max: usize };
    /// The opening was erased, which is for ever.
    FailedPrecondition "OPENING_ERASED" OpeningErased;
    /// The database does not answer, or another server was first.
    Unavailable "DATABASE_UNAVAILABLE" DatabaseUnavailable after 1;
    /// The database failed while it wrote.
    Unavailable "OUTCOME_UNKNOWN" OutcomeUnknown after 5;
    /// Something is wrong that should not be.
    Internal "INTERNAL" Internal { error_id: ErrorId };
}

/// Under what an internal error is logged: 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorId(u64);

impl ErrorId {
    /// A new id.
    #[expect(
        clippy::disallowed_methods,
        reason = "it decides nothing and stands in no history; without one, zero will do"
    )]
    pub(super) fn random() -> Self {
        Self(getrandom::u64().unwrap_or_default())
    }

    /// An id as it is shown in the documentation.
    #[cfg(test)]
    pub(crate) const fn example() -> Self {
        Self(0x5eed_0000_0000_0001)
    }
}

impl fmt::Display for ErrorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for ErrorId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
