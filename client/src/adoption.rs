//! A log that goes on from an older state, as an operator has declared in it:
//! what that declaration is worth, and how the memory follows it.
//!
//! Who remembers a checkpoint of the lost tree sees that the log's key has
//! signed two histories, and believes the server nothing more. That is right,
//! and stays in the evidence. Going on is a decision of the person: it needs the
//! receipt of the `AdoptState`, under the log's key, for the very tree that is
//! remembered, with the public key that signed it: a log that has forked could
//! write a declaration that nobody signed. Whose key that is, and whether its
//! owner was an operator then, an audit tells and not the receipt.

use std::sync::Arc;

use ledger::log::{Position, Receipt, ReceiptError, TreeSize, VerifierKey};
use ledger::{Abandoned, Act, Adoption, KeyId, MemberId, Millis};

use crate::client::Client;
use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
use crate::evidence;
use crate::log::Signed;
use crate::memory::{Memory, parse_remembered};
use crate::verify::{VerifyError, verify};

/// What an `AdoptState` in the log says, as its receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The origin of the log.
    pub origin: String,
    /// The record that says it; the log goes on with it.
    pub position: Position,
    /// When it was recorded.
    pub recorded: Millis,
    /// Who says so; whether as an operator of the scheme, an audit tells.
    pub author: MemberId,
    /// The key that signed it.
    pub key_id: KeyId,
    /// The tree that was given up.
    pub abandoned: Abandoned,
}

/// Why a declaration is not followed.
#[derive(Debug, thiserror::Error)]
pub enum AdoptionError {
    /// The receipt proves nothing.
    #[error("NOT PROVEN: {0}")]
    Verify(#[from] VerifyError),
    /// The receipt is without the public key that the record names.
    #[error(
        "NOT PROVEN: the receipt is without the public key {key_id}, so nothing shows that anybody \
         has signed the declaration: get its receipt again, with timebank receipt get"
    )]
    Unsigned {
        /// The key that is said to have signed.
        key_id: KeyId,
    },
    /// The receipt is of another act.
    #[error("this is the receipt of {act}, and not of an AdoptState")]
    OtherAct {
        /// The act.
        act: &'static str,
    },
    /// Nothing is remembered of the log, so there is nothing to follow.
    #[error("nothing is remembered of {origin}, so there is nothing to go on from")]
    NothingRemembered {
        /// The log.
        origin: String,
    },
    /// The declaration is about another tree.
    #[error(
        "what is remembered is a tree of {remembered} records, and the declaration is about \
         the records from {} to {}",
        declared.position, declared.abandoned.size
    )]
    OtherTree {
        /// The size of the tree that is remembered.
        remembered: TreeSize,
        /// What was declared.
        declared: Box<Declaration>,
    },
    /// The server, or what it answers.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Declaration {
    /// Reads the receipt of an `AdoptState`, and checks it under the log's key, and
    /// the signature under the public key that the receipt carries.
    ///
    /// # Errors
    /// [`AdoptionError::Verify`], [`AdoptionError::OtherAct`],
    /// [`AdoptionError::Unsigned`].
    pub fn read(receipt: &[u8], log_key: &VerifierKey) -> Result<Self, AdoptionError> {
        let proven = verify(receipt, log_key, &[])?;
        let (act, key_id) = (&proven.entry.act, proven.key_id);
        let Act::AdoptState(adopted) = act else {
            return Err(AdoptionError::OtherAct { act: act.name() });
        };
        if !proven.is_signature_verified {
            return Err(AdoptionError::Unsigned { key_id });
        }
        Ok(Self {
            origin: proven.origin,
            position: proven.position,
            recorded: proven.recorded,
            author: proven.entry.author,
            key_id,
            abandoned: adopted.abandoned,
        })
    }

    const fn adoption(&self) -> Adoption {
        Adoption {
            position: self.position,
            abandoned: self.abandoned,
        }
    }
}

/// Has the memory follow a declaration: from the lost tree that is remembered to
/// the log that the server shows now. Both checkpoints are saved as evidence.
///
/// # Errors
/// [`AdoptionError`]; then the memory has not changed.
pub async fn follow(
    connection: &Connection,
    memory: &Memory,
    receipt: &[u8],
    log_key: &VerifierKey,
) -> Result<Declaration, AdoptionError> {
    let declared = Declaration::read(receipt, log_key)?;
    let origin = &declared.origin;
    let remembered = memory.ledger(origin).map_err(ClientError::from)?;
    let remembered = remembered.and_then(|it| it.checkpoint);
    let lost = remembered.as_deref().and_then(parse_remembered);
    let Some((lost_note, lost)) = lost else {
        let origin = origin.clone();
        return Err(AdoptionError::NothingRemembered { origin });
    };
    if !declared.adoption().covers(lost.size(), Some(lost.root())) {
        return Err(AdoptionError::OtherTree {
            remembered: lost.size(),
            declared: Box::new(declared),
        });
    }
    // What the server shows must hold the declaration, and be signed by the key.
    let anew = Arc::new(Memory::volatile());
    let client = Client::connect(connection.clone(), Arc::clone(&anew), Some(log_key)).await?;
    let malformed = |error: ReceiptError| ClientError::from(Unverified::from(error));
    let note = Receipt::parse(receipt).map_err(malformed)?.checkpoint;
    client.log().accept(connection, note).await?;
    let newest = anew.ledger(origin).map_err(ClientError::from)?;
    let newest = newest.and_then(|it| it.checkpoint);
    let newest = newest.as_deref().and_then(parse_remembered);
    let (newest, tree) = newest.ok_or_else(|| ClientError::Answer("no checkpoint".to_owned()))?;
    let [lost, continued] =
        [(&lost_note, lost), (&newest, tree)].map(|(note, checkpoint)| Signed {
            note: note.clone(),
            checkpoint,
        });
    memory.keep_evidence(&evidence::fork(log_key, &lost, &continued, &[]));
    // If it has changed meanwhile, another command has followed it first.
    let _ = memory
        .advance(Some(&lost_note), &newest, log_key)
        .map_err(ClientError::from)?;
    Ok(declared)
}
