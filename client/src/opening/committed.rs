//! What an entry commits to, as its receipt proves, and not as a server says.

use ledger::commitment::CommitmentKind;
use ledger::{Commitment, EntryId};
use tonic::Code;

use super::OpeningInfo;
use crate::client::Client;
use crate::error::{ClientError, Unverified};
use crate::verify::verify;

/// How it is known what an entry commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// By the receipt of the entry: what it commits to, if to anything.
    Proven(Option<(CommitmentKind, Commitment)>),
    /// Not at all: the server does not show the receipt to this member, such as
    /// a volunteer who reads the note of a service.
    Hidden,
}

impl Client {
    /// What an entry commits to: from its receipt, signature and all.
    ///
    /// # Errors
    /// [`ClientError`], but for a receipt that this member may not read.
    pub async fn committed(&self, entry: EntryId) -> Result<Committed, ClientError> {
        let receipt = match self.receipt(entry).await {
            Err(ClientError::Refused(refusal)) if refusal.code == Code::PermissionDenied => {
                return Ok(Committed::Hidden);
            }
            receipt => receipt?,
        };
        let proven = verify(receipt.to_string().as_bytes(), self.log().key(), &[]);
        let proven = proven.map_err(Unverified::from)?;
        if !proven.is_signature_verified {
            return Err(Unverified::Unsigned.into());
        }
        Ok(Committed::Proven(proven.entry.act.commitment()))
    }
}

impl Committed {
    /// The commitment, if it is proven.
    pub const fn commitment(&self) -> Option<Commitment> {
        match self {
            Self::Proven(Some((_, commitment))) => Some(*commitment),
            Self::Proven(None) | Self::Hidden => None,
        }
    }

    /// Whether a server speaks of this very commitment; of a hidden one nobody
    /// can tell.
    ///
    /// # Errors
    /// [`Unverified::Opening`] if it speaks of another.
    pub fn check(&self, info: &OpeningInfo) -> Result<(), Unverified> {
        match self {
            Self::Proven(proven) if *proven != Some((info.kind, info.commitment)) => {
                Err(Unverified::Opening)
            }
            Self::Proven(_) | Self::Hidden => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger::Millis;

    use super::*;

    #[test]
    fn a_server_that_speaks_of_another_commitment_is_not_believed() {
        let (kind, commitment) = (CommitmentKind::Note, Commitment::from_bytes([1; 32]));
        let info = OpeningInfo {
            entry: EntryId::new(Millis::new(0), [3; 10]),
            kind,
            commitment,
            opening: None,
            put: None,
            erased: None,
        };
        let proven = |kind, byte| {
            let commitment = Commitment::from_bytes([byte; 32]);
            Committed::Proven(Some((kind, commitment)))
        };
        assert!(proven(kind, 1).check(&info).is_ok());
        assert!(proven(kind, 2).check(&info).is_err());
        assert!(proven(CommitmentKind::Reason, 1).check(&info).is_err());
        assert!(Committed::Proven(None).check(&info).is_err());
        assert!(Committed::Hidden.check(&info).is_ok());
        assert_eq!(proven(kind, 1).commitment(), Some(commitment));
        assert_eq!(Committed::Hidden.commitment(), None);
    }
}
