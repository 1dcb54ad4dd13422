//! The keys of the log: one line each in the data folder, made at the first
//! start. Whoever has them can sign checkpoints in the name of this ledger.
//!
//! Members' keys are not here: see [`crate::keys`].

use std::fs;
use std::io;
use std::path::Path;

use ledger::SecretKey;
use ledger::log::{Algorithm, Cosigner, KeyName, MlDsaSecretKey};
use ledger::log::{NoteSigner, SignerError, VerifierKey};

use crate::guard::Guard;
use crate::random;
use crate::secret_file;
use crate::serve::{ServeError, data};

const ED25519: &str = "log.key";
const ML_DSA_44: &str = "log-mldsa.key";

/// Reads the log's key, or makes it.
///
/// # Errors
/// [`ServeError::Data`], also for the key of another origin.
pub fn log_key(folder: &Path, origin: &KeyName) -> Result<NoteSigner, ServeError> {
    if let Some(signer) = read(folder, ED25519, origin, ed25519)? {
        return Ok(signer);
    }
    let guard = Guard::open(folder).map_err(data("cannot open the guard file"))?;
    // What one key has signed, another must not continue.
    if guard.newest().is_some() {
        return Err(invalid(
            folder,
            ED25519,
            "it is missing, and this folder's guard remembers what it has signed: put it back",
        ));
    }
    make(folder, ED25519, |seed| {
        let signer = NoteSigner::new(origin.clone(), SecretKey::from_seed(seed));
        (signer.to_skey(), signer)
    })
}

/// Reads the log's second key, or makes it: it signs published checkpoints with
/// ML-DSA-44, under the origin as its name.
///
/// # Errors
/// [`ServeError::Data`], also for a key of another origin or kind.
pub fn post_quantum_key(folder: &Path, origin: &KeyName) -> Result<Cosigner, ServeError> {
    if let Some(cosigner) = read(folder, ML_DSA_44, origin, ml_dsa44)? {
        return Ok(cosigner);
    }
    make(folder, ML_DSA_44, |seed| {
        let cosigner = Cosigner::ml_dsa44(origin.clone(), MlDsaSecretKey::from_seed(seed));
        (cosigner.to_skey(), cosigner)
    })
}

/// The public halves of the keys that are there; nothing is made.
///
/// # Errors
/// [`ServeError::Data`], as for the keys themselves.
pub fn verifier_keys(folder: &Path, origin: &KeyName) -> Result<Vec<VerifierKey>, ServeError> {
    let first = read(folder, ED25519, origin, ed25519)?.map(|key| key.verifier_key());
    let second = read(folder, ML_DSA_44, origin, ml_dsa44)?.map(|key| key.verifier_key());
    Ok(first.into_iter().chain(second).collect())
}

fn ed25519(text: &str) -> Result<(NoteSigner, VerifierKey), SignerError> {
    let signer = NoteSigner::from_skey(text)?;
    let key = signer.verifier_key();
    Ok((signer, key))
}

fn ml_dsa44(text: &str) -> Result<(Cosigner, VerifierKey), SignerError> {
    let cosigner = Cosigner::from_skey(text)?;
    let key = cosigner.verifier_key();
    match key.algorithm() {
        Algorithm::MlDsa44(_) => Ok((cosigner, key)),
        // A cosigner has one of two kinds.
        _ => Err(SignerError::WrongType {
            expected: "0x06",
            found: 0x04,
        }),
    }
}

/// Reads a key file, if there is one.
fn read<K>(
    folder: &Path,
    name: &str,
    origin: &KeyName,
    parse: fn(&str) -> Result<(K, VerifierKey), SignerError>,
) -> Result<Option<K>, ServeError> {
    let text = match fs::read_to_string(folder.join(name)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(folder, name)(error)),
    };
    let parsed = parse(text.trim());
    let (key, verifier) = parsed.map_err(|error| invalid(folder, name, &error.to_string()))?;
    if verifier.name() == origin {
        Ok(Some(key))
    } else {
        let why = format!("it belongs to the ledger {}", verifier.name());
        Err(invalid(folder, name, &why))
    }
}

/// Makes a key of the system's randomness, and keeps it.
fn make<K>(
    folder: &Path,
    name: &str,
    of_seed: impl FnOnce(&[u8; 32]) -> (String, K),
) -> Result<K, ServeError> {
    let seed = random::bytes().map_err(unusable(folder, name))?;
    let (text, key) = of_seed(&seed);
    let written = secret_file::create(&folder.join(name), &format!("{text}\n"));
    written.map(|()| key).map_err(unusable(folder, name))
}

fn invalid(folder: &Path, name: &str, why: &str) -> ServeError {
    unusable(folder, name)(io::Error::new(io::ErrorKind::InvalidData, why))
}

fn unusable(folder: &Path, name: &str) -> impl Fn(io::Error) -> ServeError + use<> {
    let path = folder.join(name);
    data(&format!("cannot use the log key {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let name = format!("timebank-log-keys-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        path
    }

    #[test]
    fn keys_are_made_once_and_named_by_the_origin() {
        let (folder, origin) = (folder("once"), "hours.example/keys".parse().unwrap());
        assert_eq!(verifier_keys(&folder, &origin).unwrap(), []);
        let first = log_key(&folder, &origin).unwrap().verifier_key();
        assert_eq!(verifier_keys(&folder, &origin).unwrap().len(), 1);
        let second = post_quantum_key(&folder, &origin).unwrap().verifier_key();
        assert!(matches!(second.algorithm(), Algorithm::MlDsa44(_)));
        let again = post_quantum_key(&folder, &origin).unwrap().verifier_key();
        assert_eq!(again, second);
        assert_eq!(verifier_keys(&folder, &origin).unwrap(), [first, second]);
    }

    #[test]
    fn a_second_key_of_another_ledger_or_kind_is_refused() {
        let (folder, origin) = (folder("other"), "hours.example/keys".parse().unwrap());
        let said = |cosigner: Cosigner| {
            fs::write(folder.join(ML_DSA_44), cosigner.to_skey()).unwrap();
            post_quantum_key(&folder, &origin).unwrap_err().to_string()
        };
        let elsewhere = "elsewhere.example/keys".parse().unwrap();
        let text = said(Cosigner::ml_dsa44(
            elsewhere,
            MlDsaSecretKey::from_seed(&[1; 32]),
        ));
        assert!(text.contains("the ledger elsewhere.example/keys"), "{text}");
        let ed25519 = Cosigner::new(origin.clone(), SecretKey::from_seed(&[1; 32]));
        let text = said(ed25519);
        assert!(text.contains("0x04, not 0x06"), "{text}");
    }
}
