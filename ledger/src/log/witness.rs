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

use sha2::{Digest, Sha256};

use super::name::KeyName;

/// The media type of the body of a 409 answer: the size of the latest cosigned checkpoint.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// How a witness names a log below its monitoring prefix, before `/checkpoint`: the lower-case hex of
/// SHA-256 of the origin (section Monitor retrieval).
pub fn origin_hash(origin: &KeyName) -> String {
    hex::encode(Sha256::digest(origin.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_name_that_sha256sum_gives() {
        let origin = "hours.example/ledger".parse().unwrap();
        let hash = "46130e4b6dffa42be7685602a46bf39e00f53aa4e1409cb5cfed7128c2abdefb";
        assert_eq!(origin_hash(&origin), hash);
    }
}
