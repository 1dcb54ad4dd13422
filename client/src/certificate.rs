//! Certificates of service that verify without any server: who has served whom
//! for how long, with the receipts of every visit.
//!
//! A certificate is a text, the body, and the receipt of the `Certify` entry by
//! which the issuer stands for exactly this text. The body names the person, by
//! the profile that the log commits to, and every visit by two receipts: what the
//! volunteer has stated, and what the recipient or an arbiter has confirmed; an
//! event by its roster, and what a second person of the station has approved. So
//! whoever has the log's key recomputes the hours, and believes the issuer only
//! what receipts cannot say: which service it was, and where.
//!
//! The facts are those of the Ministry of Civil Affairs' Order 67 (in force since
//! 2021): person, service, hours, and who certifies. The format is in
//! docs/certificates.md. [`Collector`] draws one up from the records, [`verify()`]
//! checks it.

mod collect;
#[cfg(test)]
mod tests;
mod verify;

use ledger::{EntryId, MemberId, Millis, YearMonth};
use serde::{Deserialize, Serialize};

pub use collect::{Collected, Collector};
pub use verify::{CertificateError, Certified, verify};

/// What the `Certify` entry of a certificate certifies.
pub const CODE: &str = "service-record";

/// What the first member of the file is called.
const MARK: &str = "timebank_certificate";

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The version of the format: 1.
    pub timebank_certificate: u32,
    /// The body, exactly as it is certified: JSON of [`Body`].
    pub body: String,
    /// The salt of the commitment to it: 64 hex digits.
    pub salt: String,
    /// The receipt of the `Certify` entry: a C2SP tlog-proof.
    pub receipt: String,
}

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The origin of the ledger.
    pub ledger: String,
    /// What the scheme is called.
    pub scheme: String,
    /// The unit that certifies: its public name.
    pub unit: String,
    /// The volunteer: 32 hex digits.
    pub member: String,
    /// Who that is; absent if no profile is kept.
    pub person: Option<Person>,
    /// The first month, as `YYYY-MM`.
    pub from: String,
    /// The last month.
    pub to: String,
    /// Every visit, in the order of the log.
    pub visits: Vec<Visit>,
    /// Minutes of all visits.
    pub minutes: i64,
}

/// Who somebody is, as the log commits to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The profile.
    pub profile: String,
    /// The salt of the commitment to it: 64 hex digits.
    pub salt: String,
    /// The receipt of the entry that holds the commitment.
    pub receipt: String,
}

/// One visit, or the part in one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// What it was, as the issuer says.
    pub item: String,
    /// The unit that has arranged it, as the issuer says.
    pub unit: String,
    /// How long it took.
    pub minutes: i64,
    /// The receipt of what the volunteer has stated, or of an event's roster.
    pub stated: String,
    /// The receipt of what settled it, or of the roster's approval.
    pub settled: String,
}

/// Whether a file claims to be a certificate.
pub fn is_claimed(file: &[u8]) -> bool {
    let begin = file.trim_ascii_start();
    let mark = format!("{{\"{MARK}\"");
    let begin: Vec<u8> = begin
        .iter()
        .copied()
        .filter(|it| !it.is_ascii_whitespace())
        .take(mark.len())
        .collect();
    begin == mark.as_bytes()
}

/// The value that the `Certify` entry commits to.
pub fn committed(body: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    format!("sha256:{}", hex::encode(Sha256::digest(body))).into_bytes()
}

/// Which month a visit belongs to: that of its beginning, in UTC.
fn is_within(start: Millis, [from, to]: [YearMonth; 2]) -> bool {
    (from..=to).contains(&start.month())
}

/// A visit that was found in the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The service.
    pub service: EntryId,
    /// What it was.
    pub item: String,
    /// The unit that has arranged it.
    pub unit: String,
    /// How long it took.
    pub minutes: i64,
    /// What the volunteer has stated.
    pub stated: EntryId,
    /// What settled it.
    pub settled: EntryId,
}

/// Who is to be certified, and for which months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The volunteer.
    pub member: MemberId,
    /// The first and the last month.
    pub span: [YearMonth; 2],
}
