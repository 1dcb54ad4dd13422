//! The transparency log: an RFC 6962 Merkle tree in C2SP tiles, and what is signed about it.
//!
//! Bottom up: [`hash`] and [`position`] are the words; [`tile`], [`path`] and [`bundle`] are the
//! pieces that are stored and served; [`tree`] grows them; [`prover`] makes proofs from them and
//! [`proof`] checks proofs without them; [`note`] is signed text, with [`name`], [`signer`],
//! [`vkey`] and [`ml_dsa`] for its keys; [`checkpoint`] is the text that a log signs about its tree,
//! [`cosignature`] what a witness adds, [`witness`] how it is asked to, [`policy`] says whose
//! signatures a reader asks for, [`receipt`] is the file that a member keeps, and
//! [`evidence`] the one that is kept against a log.
//!
//! Nothing here reads a clock, a file or a network. Records are bytes; what they mean is for the
//! rest of the crate. Each module names the specification that it follows.

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub mod evidence;
pub mod hash;
pub mod ml_dsa;
pub mod name;
pub mod note;
pub mod path;
pub mod policy;
pub mod position;
pub mod proof;
pub mod prover;
pub mod receipt;
pub mod signer;
mod subtree;
pub mod tile;
pub mod tree;
pub mod vkey;
pub mod witness;

#[cfg(test)]
mod testing;

pub use bundle::{BundleError, decode_bundle, encode_bundle};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::Cosigner;
pub use evidence::{Evidence, EvidenceError, EvidenceFormatError};
pub use hash::{Hash, leaf_hash, node_hash};
pub use ml_dsa::{MlDsaPublicKey, MlDsaSecretKey};
pub use name::{KeyName, KeyNameError};
pub use note::{NoteError, SignedNote, VerifiedSignature};
pub use path::TilePath;
pub use policy::{
    Octets, Policy, PolicyCosignature, PolicyError, PolicyFault, PolicyLog, PolicyRefusal,
    PolicyWitness, Standing, Verdict,
};
pub use position::{Position, TreeSize};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use prover::{
    ProveError, Prover, consistency_proof, consistency_tiles, inclusion_proof, inclusion_tiles,
    root_from_tiles, root_tiles,
};
pub use receipt::{Receipt, ReceiptError};
pub use signer::{NoteSigner, SignerError};
pub use subtree::MissingTile;
pub use tile::{Tile, TileId, Width, edge_tiles, tiles};
pub use tree::{EdgeError, Tree};
pub use vkey::{Algorithm, NoteKeyId, VerifierKey, VerifierKeyError};
pub use witness::AddCheckpoint;
