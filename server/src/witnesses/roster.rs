//! Who is asked: the witnesses of a C2SP tlog-policy file that have a submission
//! prefix, and the quorum by which a checkpoint is published.

use axum::http::Uri;
use axum::http::uri::Scheme;
use ledger::log::{Octets, Policy, PolicyError, PolicyWitness, VerifierKey};

/// What a policy file says to the log that it is given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    policy: Policy,
    witnesses: Vec<Witness>,
}

/// A witness as the log sees it: one place to ask, and the keys that may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the file calls it; with two keys, both names.
    pub name: String,
    /// Where checkpoints are sent.
    pub(super) add_checkpoint: Uri,
    /// Its keys: more than one if several lines have one URL.
    pub(super) keys: Vec<VerifierKey>,
}

/// Why a file does not say who is to be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// It is no policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A witness that nobody could ask.
    #[error(
        "line {line}: the witness {name} has no URL: write its submission prefix at the end of \
         the line, such as https://witness.example"
    )]
    NoUrl {
        /// Where, counted from 1.
        line: usize,
        /// Which.
        name: Octets,
    },
    /// A URL that leads nowhere.
    #[error(
        "line {line}: {url} is no submission prefix: write http:// or https://, a host, and maybe \
         a port and a path"
    )]
    Url {
        /// Where, counted from 1.
        line: usize,
        /// What stands there.
        url: Octets,
    },
}

impl Roster {
    /// Nobody is asked, and nobody need be.
    ///
    /// # Panics
    /// Never: the policy is a constant.
    pub fn empty() -> Self {
        Self::parse(b"quorum none\n").expect("a policy that names nobody")
    }

    /// Reads a policy file, each of whose witnesses must have a URL.
    ///
    /// # Errors
    /// [`RosterError`] says in which line what has to be changed.
    pub fn parse(bytes: &[u8]) -> Result<Self, RosterError> {
        let policy = Policy::parse(bytes)?;
        let mut witnesses: Vec<Witness> = Vec::new();
        for one in policy.witnesses() {
            let add_checkpoint = add_checkpoint(bytes, one)?;
            let known = |witness: &&mut Witness| witness.add_checkpoint == add_checkpoint;
            if let Some(witness) = witnesses.iter_mut().find(known) {
                witness.name = format!("{}, {}", witness.name, one.name);
                witness.keys.push(one.key.clone());
            } else {
                witnesses.push(Witness {
                    name: one.name.to_string(),
                    add_checkpoint,
                    keys: vec![one.key.clone()],
                });
            }
        }
        Ok(Self { policy, witnesses })
    }

    /// The same, for the log with these keys, whether or not the file names them.
    #[must_use]
    pub fn for_log(mut self, keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        self.policy = keys.into_iter().fold(self.policy, Policy::with_log);
        self
    }

    /// By which a checkpoint is published.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Who is asked.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }
}

/// Where a witness takes checkpoints.
fn add_checkpoint(bytes: &[u8], witness: &PolicyWitness) -> Result<Uri, RosterError> {
    let line = || line_of(bytes, &witness.name);
    let Some(url) = &witness.url else {
        let (line, name) = (line(), witness.name.clone());
        return Err(RosterError::NoUrl { line, name });
    };
    let prefix = url.as_str().map(|prefix| prefix.trim_end_matches('/'));
    let uri = prefix.and_then(|prefix| format!("{prefix}/add-checkpoint").parse::<Uri>().ok());
    let is_web = |uri: &Uri| {
        let scheme = uri.scheme();
        (scheme == Some(&Scheme::HTTP) || scheme == Some(&Scheme::HTTPS)) && uri.query().is_none()
    };
    uri.filter(is_web).ok_or_else(|| RosterError::Url {
        line: line(),
        url: url.clone(),
    })
}

/// The line that defines a witness: the parser has found one, and one only.
fn line_of(bytes: &[u8], name: &Octets) -> usize {
    let defines = |line: &[u8]| {
        let mut words = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty());
        words.next() == Some(b"witness") && words.next() == Some(name.as_bytes())
    };
    let before = bytes.split(|byte| *byte == b'\n').position(defines);
    before.unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use ledger::SecretKey;
    use ledger::log::{Cosigner, MlDsaSecretKey};

    use super::*;

    fn key(seed: u8) -> VerifierKey {
        let name = format!("witness.example/w{seed}").parse().unwrap();
        Cosigner::new(name, SecretKey::from_seed(&[seed; 32])).verifier_key()
    }

    #[test]
    fn a_witness_is_asked_once_for_the_lines_of_all_its_keys() {
        let name = "witness.example/w1".parse().unwrap();
        let second = Cosigner::ml_dsa44(name, MlDsaSecretKey::from_seed(&[1; 32])).verifier_key();
        let text = format!(
            "witness a {} https://one.example/w/\nwitness b {} http://two.example:8080\n\
             witness a2 {second} https://one.example/w\ngroup all all a b a2\nquorum all\n",
            key(1),
            key(2)
        );
        let roster = Roster::parse(text.as_bytes()).unwrap();
        let [one, two] = roster.witnesses() else {
            panic!("{roster:?}")
        };
        assert_eq!(one.name, "a, a2");
        assert_eq!(one.keys, [key(1), second]);
        assert_eq!(one.add_checkpoint, "https://one.example/w/add-checkpoint");
        assert_eq!(two.add_checkpoint, "http://two.example:8080/add-checkpoint");
        assert!(roster.policy().asks_for_witnesses());
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_its_line_and_a_remedy() {
        let said = |witness: &str| {
            let text = format!("# Ours.\n\nwitness\tw {} {witness}\nquorum w\n", key(1));
            Roster::parse(text.as_bytes()).unwrap_err().to_string()
        };
        let missing = said("");
        assert!(
            missing.starts_with("line 3: the witness w has no URL: write"),
            "{missing}"
        );
        for url in [
            "witness.example",
            "ftp://w.example",
            "https:///w",
            "http://w?x",
        ] {
            let wrong = said(url);
            let start = format!("line 3: {url} is no submission prefix: write");
            assert!(wrong.starts_with(&start), "{wrong}");
        }
        let no_policy = Roster::parse(b"quorum w\n").unwrap_err().to_string();
        assert!(
            no_policy.starts_with("line 1: no line above"),
            "{no_policy}"
        );
    }

    #[test]
    fn an_empty_roster_asks_nobody_and_is_content_with_the_log() {
        let roster = Roster::empty();
        assert!(roster.witnesses().is_empty());
        assert!(!roster.policy().asks_for_witnesses());
    }
}
