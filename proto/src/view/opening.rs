//! Openings of commitments: what an entry says of one. Salt, value and who did
//! what with it are not in the ledger.

use ledger::commitment::CommitmentKind;
use ledger::{Commitment, EntryId};

use crate::name::OPENINGS;
use crate::v1;

/// An opening of which nothing is deposited.
pub fn opening(id: &EntryId, kind: CommitmentKind, commitment: &Commitment) -> v1::Opening {
    v1::Opening {
        name: OPENINGS.name(id),
        kind: commitment_kind(kind).into(),
        commitment: commitment.as_bytes().to_vec(),
        salt: Vec::new(),
        value: Vec::new(),
        put_ms: 0,
        put_by: String::new(),
        erased_ms: 0,
        erased_by: String::new(),
    }
}

/// What a commitment is to.
pub const fn commitment_kind(kind: CommitmentKind) -> v1::CommitmentKind {
    match kind {
        CommitmentKind::Identity => v1::CommitmentKind::Identity,
        CommitmentKind::Note => v1::CommitmentKind::Note,
        CommitmentKind::Evidence => v1::CommitmentKind::Evidence,
        CommitmentKind::Reason => v1::CommitmentKind::Reason,
        CommitmentKind::Voucher => v1::CommitmentKind::Voucher,
    }
}

/// The kind that a message names; none if it names none.
pub const fn commitment_kind_from(kind: v1::CommitmentKind) -> Option<CommitmentKind> {
    match kind {
        v1::CommitmentKind::Unspecified => None,
        v1::CommitmentKind::Identity => Some(CommitmentKind::Identity),
        v1::CommitmentKind::Note => Some(CommitmentKind::Note),
        v1::CommitmentKind::Evidence => Some(CommitmentKind::Evidence),
        v1::CommitmentKind::Reason => Some(CommitmentKind::Reason),
        v1::CommitmentKind::Voucher => Some(CommitmentKind::Voucher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{COMMITMENT, id};

    #[test]
    fn every_kind_is_read_back_as_it_was_said() {
        for kind in CommitmentKind::ALL {
            let said = opening(&id(), kind, &COMMITMENT);
            assert_eq!(commitment_kind_from(said.kind()), Some(kind));
            assert_eq!(said.name, format!("openings/{}", id()));
            assert_eq!(said.commitment, COMMITMENT.as_bytes());
        }
        let none = v1::CommitmentKind::Unspecified;
        assert_eq!(commitment_kind_from(none), None);
    }
}
