//! Salted commitments: what an entry holds of a text that stays outside the log.
//!
//! A commitment is HMAC-SHA-256 (RFC 2104, FIPS 180-4) under a random salt, over
//! a label for its kind, the length of the value and the value; docs/commitments.md
//! has it byte by byte. Salt and value together are its [`Opening`]. Whoever has
//! the opening can prove what was said; whoever has only the commitment learns
//! nothing, not even by trying every likely value, once the salt is gone.
//!
//! Nothing here keeps openings or draws salts.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::act::Act;
use crate::id::Commitment;

/// What a commitment is to. The kind is part of what is hashed, so that the
/// opening of one kind never opens another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommitmentKind {
    /// The papers that were seen about a member: identity, kinship, death, need.
    Identity,
    /// Notes for the volunteer.
    Note,
    /// Evidence of a visit.
    Evidence,
    /// The reason for what was done, or an account of what happened.
    Reason,
    /// A voucher, scan, statement, report or agreement.
    Voucher,
}

impl CommitmentKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Identity,
        Self::Note,
        Self::Evidence,
        Self::Reason,
        Self::Voucher,
    ];

    /// The name of the kind, as labels and files show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Note => "note",
            Self::Evidence => "evidence",
            Self::Reason => "reason",
            Self::Voucher => "voucher",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What stands before length and value: no label begins another.
    fn label(self) -> String {
        format!("timebank/commitment/v1/{}\n", self.name())
    }
}

/// A value is too long to be committed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a value has at most {} bytes, and this one has {bytes}",
    Opening::VALUE_BYTES_MAX
)]
pub struct ValueTooLong {
    /// How many bytes it has.
    pub bytes: usize,
}

/// What opens a commitment: the salt and the value. Its debug text has neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    salt: [u8; Self::SALT_BYTES],
    value: Vec<u8>,
}

impl Opening {
    /// How long a salt is.
    pub const SALT_BYTES: usize = 32;
    /// How long a value may be.
    pub const VALUE_BYTES_MAX: usize = 4_096;

    /// The opening of a value. The salt must come from a generator fit for keys
    /// and be used for nothing else.
    ///
    /// # Errors
    /// [`ValueTooLong`].
    pub fn new(salt: [u8; Self::SALT_BYTES], value: Vec<u8>) -> Result<Self, ValueTooLong> {
        match value.len() {
            bytes if bytes > Self::VALUE_BYTES_MAX => Err(ValueTooLong { bytes }),
            _ => Ok(Self { salt, value }),
        }
    }

    /// The salt.
    pub const fn salt(&self) -> &[u8; Self::SALT_BYTES] {
        &self.salt
    }

    /// The value.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The commitment that it opens as a kind.
    pub fn commitment(&self, kind: CommitmentKind) -> Commitment {
        Commitment::from_bytes(self.mac(kind).finalize().into_bytes().into())
    }

    /// Whether it opens a commitment of a kind. Takes the same time for every
    /// commitment.
    pub fn opens(&self, kind: CommitmentKind, commitment: &Commitment) -> bool {
        self.mac(kind).verify_slice(commitment.as_bytes()).is_ok()
    }

    fn mac(&self, kind: CommitmentKind) -> Hmac<Sha256> {
        let length = u32::try_from(self.value.len()).expect("a value has at most 4096 bytes");
        let mac = Hmac::<Sha256>::new_from_slice(&self.salt);
        let mut mac = mac.expect("HMAC takes keys of any length");
        mac.update(kind.label().as_bytes());
        mac.update(&length.to_be_bytes());
        mac.update(&self.value);
        mac
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}

impl Act {
    /// The commitment that the act holds, and to what.
    pub fn commitment(&self) -> Option<(CommitmentKind, Commitment)> {
        let (kind, commitment) = match self {
            Self::EnrolMember(act) => (CommitmentKind::Identity, act.identity),
            Self::RecoverKey(act) => (CommitmentKind::Identity, act.identity),
            Self::RequestCare(act) => (CommitmentKind::Note, act.note),
            Self::LogService(act) => (CommitmentKind::Evidence, act.evidence),
            Self::Grant(act) => (CommitmentKind::Reason, act.reason),
            Self::Refuse(act) => (CommitmentKind::Reason, act.reason),
            Self::Reverse(act) => (CommitmentKind::Reason, act.reason),
            Self::AdoptState(act) => (CommitmentKind::Reason, act.reason),
            Self::ReceiveMoney(act) => (CommitmentKind::Voucher, act.voucher),
            Self::LinkKin(act) => (CommitmentKind::Identity, act.papers),
            Self::Certify(act) => (CommitmentKind::Identity, act.papers),
            Self::AssessNeed(act) => (CommitmentKind::Identity, act.assessment),
            Self::MergeMembers(act) => (CommitmentKind::Identity, act.papers),
            Self::RecordDeath(act) => (CommitmentKind::Identity, act.papers),
            Self::SettleEstate(act) => (CommitmentKind::Identity, act.papers),
            Self::StartVisit(act) => (CommitmentKind::Evidence, act.evidence),
            Self::RecordEvent(act) => (CommitmentKind::Evidence, act.evidence),
            Self::AdoptRules(act) => (CommitmentKind::Reason, act.reason),
            Self::ChangeUnit(act) => (CommitmentKind::Reason, act.reason),
            Self::UnlinkKin(act) => (CommitmentKind::Reason, act.reason),
            Self::Suspend(act) => (CommitmentKind::Reason, act.reason),
            Self::Reinstate(act) => (CommitmentKind::Reason, act.reason),
            Self::Freeze(act) => (CommitmentKind::Reason, act.reason),
            Self::Unfreeze(act) => (CommitmentKind::Reason, act.reason),
            Self::DisputeService(act) => (CommitmentKind::Reason, act.reason),
            Self::RuleOnDispute(act) => (CommitmentKind::Reason, act.reason),
            Self::Rate(act) => (CommitmentKind::Reason, act.remark),
            Self::SetBudget(act) => (CommitmentKind::Reason, act.reason),
            Self::SetOptions(act) => (CommitmentKind::Reason, act.reason),
            Self::OpenCase(act) => (CommitmentKind::Reason, act.report),
            Self::CloseCase(act) => (CommitmentKind::Reason, act.answer),
            Self::GiveOpinion(act) => (CommitmentKind::Voucher, act.report),
            Self::RecordSample(act) => (CommitmentKind::Voucher, act.protocol),
            Self::PublishValuation(act) => (CommitmentKind::Voucher, act.document),
            Self::SettleClearing(act) => (CommitmentKind::Voucher, act.statement),
            Self::PayMoney(act) => (CommitmentKind::Voucher, act.voucher),
            Self::PurchaseCare(act) => (CommitmentKind::Voucher, act.voucher),
            Self::ImportHours(act) => (CommitmentKind::Voucher, Some(act.scan)),
            Self::UpdateProfile(act) => (CommitmentKind::Identity, Some(act.profile)),
            Self::Agree(act) => (CommitmentKind::Voucher, Some(act.agreement)),
            Self::MoveMember(_)
            | Self::Delegate(_)
            | Self::EndDelegation(_)
            | Self::NameBeneficiary(_)
            | Self::Block(_)
            | Self::Dedicate(_)
            | Self::CloseMember(_)
            | Self::ReportNoShow(_)
            | Self::TakeBack(_)
            | Self::ExpireHours(_)
            | Self::OpenLedger(_)
            | Self::OpenUnit(_)
            | Self::AddKey(_)
            | Self::RevokeKey(_)
            | Self::ObjectRecovery(_)
            | Self::Appoint(_)
            | Self::Dismiss(_)
            | Self::AcceptCare(_)
            | Self::CancelCare(_)
            | Self::ConfirmService(_)
            | Self::Give(_)
            | Self::Donate(_)
            | Self::Approve(_)
            | Self::Expire(_) => return None,
        };
        commitment.map(|commitment| (kind, commitment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(value: &str) -> Opening {
        let salt = std::array::from_fn(|at| u8::try_from(at).expect("below 32"));
        Opening::new(salt, value.into()).expect("short")
    }

    // The example of docs/commitments.md; tests/tests/commitments.rs has
    // commitments made with Python's own hmac.
    #[test]
    fn the_example_of_the_documentation_is_made() {
        let commitment = opening("灯泡坏了 the bulb is broken").commitment(CommitmentKind::Note);
        let document = include_str!("../../docs/commitments.md");
        assert!(document.contains(&commitment.to_string()), "{commitment}");
    }

    #[test]
    fn an_opening_opens_its_own_commitment_and_no_other() {
        let opening = opening("yes");
        let commitment = opening.commitment(CommitmentKind::Reason);
        assert!(opening.opens(CommitmentKind::Reason, &commitment));
        for kind in CommitmentKind::ALL {
            let opens = opening.opens(kind, &commitment);
            assert_eq!(opens, kind == CommitmentKind::Reason, "{kind:?}");
        }
        for at in 0..32 {
            let mut salt = *opening.salt();
            salt[at] ^= 1;
            let other = Opening::new(salt, b"yes".to_vec()).expect("short");
            assert!(!other.opens(CommitmentKind::Reason, &commitment));
        }
        for value in ["", "ye", "yes ", "Yes"] {
            let other = Opening::new(*opening.salt(), value.into()).expect("short");
            assert!(!other.opens(CommitmentKind::Reason, &commitment), "{value}");
        }
    }

    #[test]
    fn a_value_has_a_largest_length() {
        let of = |bytes| Opening::new([0; 32], vec![b'a'; bytes]);
        assert!(of(Opening::VALUE_BYTES_MAX).is_ok());
        assert_eq!(of(4_097), Err(ValueTooLong { bytes: 4_097 }));
    }

    #[test]
    fn no_label_begins_another_and_every_kind_is_found_by_its_name() {
        for kind in CommitmentKind::ALL {
            assert_eq!(CommitmentKind::named(kind.name()), Some(kind));
            for other in CommitmentKind::ALL {
                let begins = other.label().starts_with(&kind.label());
                assert_eq!(begins, other == kind);
            }
        }
        assert_eq!(CommitmentKind::named("Reason"), None);
    }

    #[test]
    fn a_debug_text_tells_nothing() {
        let text = format!("{:?}", opening("secret"));
        assert_eq!(text, "Opening { .. }");
    }
}
