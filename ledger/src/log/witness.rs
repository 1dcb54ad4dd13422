//! What log and witness say to each other: C2SP tlog-witness, section add-checkpoint.
//!
//! [`request`] is the body that a log sends, [`judge()`] the decision of the witness, which reads no
//! clock and no disk, and [`answer`] what the log reads back. Sending, storing and cosigning are
//! for the programs.

pub mod answer;
pub mod judge;
pub mod request;

pub use answer::{AnswerError, Cosignature, conflict_size, cosignatures};
pub use judge::{Accepted, Cosigned, Refusal, cosignature_time_s, judge};
pub use request::{AddCheckpoint, AddCheckpointError, BODY_MAX_BYTES, PROOF_MAX};

/// The media type of the body of a 409 answer: the size of the latest cosigned checkpoint.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";
