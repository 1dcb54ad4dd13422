//! Checks a certificate with nothing but a policy.

use std::collections::BTreeSet;

use ledger::act::{Act, LogService, RecordEvent, Ruling};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::log::{Policy, Position, Standing};
use ledger::{Commitment, Entry, EntryId, MemberId, Millis, Minutes};

use super::{Body, CODE, Certificate, Person, Visit, committed, is_within};
use crate::verify::{Proven, VerifyError, verify_under};

/// What a certificate proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// What is certified.
    pub body: Body,
    /// Who has issued it.
    pub issuer: MemberId,
    /// When its issue was recorded.
    pub issued: Millis,
    /// Where: what the log says after it, the certificate does not know.
    pub position: Position,
    /// Until when it is valid.
    pub until: Millis,
    /// The worst standing among all its receipts.
    pub standing: Standing,
}

/// Why a certificate proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The file has another form.
    #[error("the file is no certificate of this format: {0}")]
    Form(String),
    /// A receipt proves nothing.
    #[error("the receipt of {what}: {error}")]
    Receipt {
        /// Of what.
        what: String,
        /// Why it proves nothing.
        error: VerifyError,
    },
    /// A receipt is for something else.
    #[error("the receipt of {what} is for another entry")]
    Other {
        /// Of what.
        what: String,
    },
    /// The text is not the one that was certified.
    #[error("the text was altered: the issuer has certified another")]
    Altered,
    /// The person is not the one that the log commits to.
    #[error("the person is not the one that the ledger commits to")]
    OtherPerson,
    /// A visit is listed twice.
    #[error("{what} is listed twice")]
    Twice {
        /// Which.
        what: String,
    },
    /// The minutes are not those of the receipts.
    #[error("{what}: the receipts say {proven} minutes, and the certificate {stated}")]
    Minutes {
        /// Of what.
        what: String,
        /// What the receipts say.
        proven: i64,
        /// What the certificate says.
        stated: i64,
    },
}

use CertificateError::{Altered, Form, OtherPerson};

/// Checks a certificate under a policy.
///
/// A certificate whose receipts have too few cosignatures is no error: see
/// [`Certified::standing`].
///
/// # Errors
/// [`CertificateError`].
pub fn verify(file: &[u8], policy: &Policy) -> Result<Certified, CertificateError> {
    let form = |error: &dyn std::fmt::Display| Form(error.to_string());
    let file: Certificate = serde_json::from_slice(file).map_err(|error| form(&error))?;
    if file.timebank_certificate != 1 {
        return Err(form(&"expected version 1"));
    }
    let issue = prove(&file.receipt, policy, "the issue")?;
    let Act::Certify(certify) = &issue.entry.act else {
        return Err(other("the issue"));
    };
    if certify.certificate.as_str() != CODE {
        return Err(other("the issue"));
    }
    let papers = certify.papers.ok_or(Altered)?;
    opens(&file.salt, committed(&file.body), &papers).ok_or(Altered)?;
    let body: Body = serde_json::from_str(&file.body).map_err(|error| form(&error))?;
    if body.ledger != issue.origin || body.member != certify.member.to_string() {
        return Err(other("the issue"));
    }
    let mut standing = issue.standing;
    if let Some(person) = &body.person {
        standing = worst(standing, prove_person(person, certify.member, policy)?);
    }
    let mut services = BTreeSet::new();
    let mut minutes = 0_i64;
    for (number, visit) in body.visits.iter().enumerate() {
        let what = format!("visit {}", number + 1);
        let (service, both) = prove_visit(visit, &what, &body, certify.member, policy)?;
        if !services.insert(service) {
            return Err(CertificateError::Twice { what });
        }
        standing = worst(standing, both);
        minutes = minutes.saturating_add(visit.minutes);
    }
    require_minutes("all visits", minutes, body.minutes)?;
    Ok(Certified {
        issuer: issue.entry.author,
        issued: issue.recorded,
        position: issue.position,
        until: certify.until,
        standing,
        body,
    })
}

fn prove(receipt: &str, policy: &Policy, what: &str) -> Result<Proven, CertificateError> {
    verify_under(receipt.as_bytes(), policy, &[]).map_err(|error| CertificateError::Receipt {
        what: what.to_owned(),
        error,
    })
}

fn other(what: &str) -> CertificateError {
    CertificateError::Other {
        what: what.to_owned(),
    }
}

fn worst(one: Standing, other: Standing) -> Standing {
    match (one, other) {
        (Standing::Unwitnessed, _) | (_, Standing::Unwitnessed) => Standing::Unwitnessed,
        (Standing::Logged, _) | (_, Standing::Logged) => Standing::Logged,
        (Standing::Witnessed, Standing::Witnessed) => Standing::Witnessed,
    }
}

/// Whether salt and value open a commitment to identity.
fn opens(salt: &str, value: Vec<u8>, commitment: &Commitment) -> Option<()> {
    let salt: [u8; 32] = hex::decode(salt).ok()?.try_into().ok()?;
    let opening = Opening::new(salt, value).ok()?;
    let opens = opening.opens(CommitmentKind::Identity, commitment);
    opens.then_some(())
}

/// That the log commits to this person as this member.
fn prove_person(
    person: &Person,
    member: MemberId,
    policy: &Policy,
) -> Result<Standing, CertificateError> {
    let proven = prove(&person.receipt, policy, "the person")?;
    let (whose, commitment) = match &proven.entry.act {
        Act::EnrolMember(act) => (act.member, act.identity.ok_or(OtherPerson)?),
        Act::UpdateProfile(act) => (act.member, act.profile),
        _ => return Err(other("the person")),
    };
    if whose != member {
        return Err(OtherPerson);
    }
    let profile = person.profile.clone().into_bytes();
    opens(&person.salt, profile, &commitment).ok_or(OtherPerson)?;
    Ok(proven.standing)
}

/// That the member has stated a visit, or another the roster of an event, and
/// that somebody else has settled it.
fn prove_visit(
    visit: &Visit,
    what: &str,
    body: &Body,
    member: MemberId,
    policy: &Policy,
) -> Result<(EntryId, Standing), CertificateError> {
    let stated = prove(&visit.stated, policy, what)?;
    let settled = prove(&visit.settled, policy, what)?;
    let served = match &stated.entry.act {
        Act::LogService(log) => served(log, &stated.entry, &settled.entry),
        Act::RecordEvent(event) => attended(event, &stated.entry, &settled.entry, member),
        _ => None,
    };
    let served = served.ok_or_else(|| other(what))?;
    let is_of_both = served.volunteer == member
        && stated.position < settled.position
        && settled.entry.author != member
        && stated.origin == body.ledger
        && settled.origin == body.ledger;
    if !is_of_both || !within(body, served.start) {
        return Err(other(what));
    }
    require_minutes(what, served.minutes.amount(), visit.minutes)?;
    Ok((served.id, worst(stated.standing, settled.standing)))
}

/// What two entries say together.
struct Served {
    /// The service, or the event.
    id: EntryId,
    volunteer: MemberId,
    start: Millis,
    minutes: Minutes,
}

fn served(log: &LogService, stated: &Entry, settled: &Entry) -> Option<Served> {
    let (service, minutes) = match &settled.act {
        Act::ConfirmService(act) => (act.service, act.minutes.min(log.minutes)),
        Act::RuleOnDispute(act) => match act.ruling {
            Ruling::Stands => (act.service, log.minutes),
            Ruling::Corrected(minutes) => (act.service, minutes),
            Ruling::Void => return None,
        },
        _ => return None,
    };
    (service == log.service).then_some(Served {
        id: service,
        volunteer: stated.subject(),
        start: log.start,
        minutes,
    })
}

fn attended(
    event: &RecordEvent,
    stated: &Entry,
    settled: &Entry,
    member: MemberId,
) -> Option<Served> {
    let Act::Approve(approval) = &settled.act else {
        return None;
    };
    let attendance = event.roster.iter().find(|it| it.volunteer == member)?;
    let by_two_others = stated.author != member && stated.author != settled.author;
    (approval.proposal == stated.id && by_two_others).then_some(Served {
        id: stated.id,
        volunteer: member,
        start: event.start,
        minutes: attendance.minutes,
    })
}

/// Whether a visit began within the months that are certified.
fn within(body: &Body, start: Millis) -> bool {
    let span = body.from.parse().ok().zip(body.to.parse().ok());
    span.is_some_and(|(from, to)| is_within(start, [from, to]))
}

fn require_minutes(what: &str, proven: i64, stated: i64) -> Result<(), CertificateError> {
    if proven == stated {
        return Ok(());
    }
    Err(CertificateError::Minutes {
        what: what.to_owned(),
        proven,
        stated,
    })
}
