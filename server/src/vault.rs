//! The vault: seals what is kept outside the log, so that the database, its
//! write-ahead log, its standbys and its backups never hold the plain text.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, over RFC 8439) under a key
//! that is not in the database, with a random nonce of 24 bytes; what the sealed
//! text is about is authenticated with it, so that it opens in no other place.
//! When the key is destroyed, everything that was ever sealed under it is lost
//! for good, wherever a copy of it may be: [`crate::rotation`].
//!
//! Nothing here knows what is sealed, who may read it, or SQL.

mod file;

use std::fmt;
use std::io;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use ledger::log::leaf_hash;
use sha2::Sha256;

use self::file::KeyFile;
use crate::random;

/// How long a key is.
const KEY_BYTES: usize = 32;
/// How long a nonce is.
const NONCE_BYTES: usize = 24;

/// Which key has sealed something: 8 bytes of a hash of the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SealingKeyId([u8; Self::BYTES]);

impl SealingKeyId {
    /// How long it is.
    pub const BYTES: usize = 8;

    /// Takes the bytes as they are.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    fn of(key: &[u8; KEY_BYTES]) -> Self {
        let hash = leaf_hash(&[b"timebank/sealing-key/v1\n", key.as_slice()].concat());
        let mut id = [0; Self::BYTES];
        id.copy_from_slice(&hash.as_bytes()[..Self::BYTES]);
        Self(id)
    }
}

impl fmt::Debug for SealingKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A sealed text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key that sealed it.
    pub key_id: SealingKeyId,
    /// Nonce, ciphertext and tag.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(under {:?})", self.key_id)
    }
}

/// A keyed hash of what identifies a person: the same for the same person, and
/// without the key nothing can be tried out on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PersonTag([u8; Self::BYTES]);

impl PersonTag {
    /// How long it is.
    pub const BYTES: usize = 32;

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl fmt::Debug for PersonTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonTag")
    }
}

/// A sealed text does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// It is sealed under a key that is not in the key file.
    #[error("it is sealed under the key {0:?}, which is not in openings.key")]
    KeyUnknown(SealingKeyId),
    /// It was altered, or is about something else.
    #[error("it was altered, or put in another's place")]
    Altered,
}

/// The keys of a data folder. As long as it lives, nobody can rotate them.
pub struct Vault {
    file: KeyFile,
    /// The newest first: it seals, all of them open.
    keys: Vec<SealingKey>,
}

struct SealingKey {
    id: SealingKeyId,
    bytes: [u8; KEY_BYTES],
    cipher: XChaCha20Poly1305,
}

impl SealingKey {
    fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self {
            id: SealingKeyId::of(&bytes),
            bytes,
            cipher: XChaCha20Poly1305::new(&bytes.into()),
        }
    }
}

impl Vault {
    /// Opens the vault of a data folder beside other servers, and makes its key
    /// if there is none.
    ///
    /// # Errors
    /// Those of the file system; [`io::ErrorKind::WouldBlock`] while the key is
    /// being rotated; [`io::ErrorKind::InvalidData`] if the file holds no keys.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::of(KeyFile::shared(folder)?)
    }

    /// The same where there must be a key already; none if there is not.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn find(folder: &Path) -> io::Result<Option<Self>> {
        Self::with_keys(KeyFile::shared(folder)?).map(Result::ok)
    }

    /// Opens the vault of a data folder that no server uses.
    ///
    /// # Errors
    /// As [`Vault::open`]; [`io::ErrorKind::WouldBlock`] while a server uses it.
    pub fn open_alone(folder: &Path) -> io::Result<Self> {
        Self::of(KeyFile::alone(folder)?)
    }

    fn of(file: KeyFile) -> io::Result<Self> {
        match Self::with_keys(file)? {
            Ok(vault) => Ok(vault),
            Err(file) => {
                file.create(&random::bytes()?)?;
                let made = Self::with_keys(file)?;
                made.map_err(|_| io::Error::from(io::ErrorKind::NotFound))
            }
        }
    }

    /// The vault, or the file back if there is none.
    fn with_keys(file: KeyFile) -> io::Result<Result<Self, KeyFile>> {
        let keys: Vec<_> = file.read()?.into_iter().map(SealingKey::new).collect();
        if keys.is_empty() {
            return Ok(Err(file));
        }
        Ok(Ok(Self { file, keys }))
    }

    /// The key that seals.
    pub fn newest(&self) -> SealingKeyId {
        self.keys[0].id
    }

    /// The hash of what identifies a person: HMAC-SHA-256 under a key that is made
    /// of the one that seals.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn tag(&self, document: &str) -> PersonTag {
        let key = &self.keys[0].bytes;
        let key = leaf_hash(&[b"timebank/person-tag/v1\n", key.as_slice()].concat());
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
        let mut mac = mac.expect("HMAC takes keys of any length");
        mac.update(document.as_bytes());
        PersonTag(mac.finalize().into_bytes().into())
    }

    /// Seals a text that is about something.
    ///
    /// # Errors
    /// If the system gives no randomness.
    ///
    /// # Panics
    /// Never: the cipher takes texts of up to 256 GiB.
    pub fn seal(&self, about: &[u8], text: &[u8]) -> io::Result<Sealed> {
        let nonce: [u8; NONCE_BYTES] = random::bytes()?;
        let payload = Payload {
            msg: text,
            aad: about,
        };
        let sealed = self.keys[0].cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("the text is far below the cipher's limit");
        Ok(Sealed {
            key_id: self.newest(),
            bytes: [nonce.as_slice(), &sealed].concat(),
        })
    }

    /// Opens what was sealed about the same thing.
    ///
    /// # Errors
    /// [`UnsealError`].
    pub fn unseal(&self, about: &[u8], sealed: &Sealed) -> Result<Vec<u8>, UnsealError> {
        let key = self.keys.iter().find(|key| key.id == sealed.key_id);
        let key = key.ok_or(UnsealError::KeyUnknown(sealed.key_id))?;
        let split = sealed.bytes.split_first_chunk::<NONCE_BYTES>();
        let (nonce, msg) = split.ok_or(UnsealError::Altered)?;
        let payload = Payload { msg, aad: about };
        let text = key.cipher.decrypt(&XNonce::from(*nonce), payload);
        text.map_err(|_| UnsealError::Altered)
    }

    /// Makes a new key that seals from now on, and keeps the old ones beside it.
    ///
    /// # Errors
    /// Those of the file system, or if the system gives no randomness.
    pub fn renew(&mut self) -> io::Result<()> {
        self.keys.insert(0, SealingKey::new(random::bytes()?));
        self.write()
    }

    /// Destroys all keys but the newest.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn forget_old(&mut self) -> io::Result<()> {
        self.keys.truncate(1);
        self.write()
    }

    fn write(&self) -> io::Result<()> {
        let keys: Vec<_> = self.keys.iter().map(|key| &key.bytes).collect();
        self.file.replace(&keys)
    }
}

#[cfg(test)]
mod tests;
