//! Reads a policy file: C2SP tlog-policy, section Policy file syntax and structure.
//!
//! The file is octets. Nothing in it is decoded except keys.

use std::collections::HashMap;

use super::fault::{PolicyError, PolicyFault};
use super::quorum::{Group, Member, Quorum};
use super::{Octets, Policy, PolicyLog, PolicyWitness};
use crate::log::position::TreeSize;
use crate::log::vkey::VerifierKey;

const LOG: &str = "log <vkey> [<url>]";
const WITNESS: &str = "witness <name> <vkey> [<url>]";
const GROUP: &str = "group <name> all|any|<number> <name>...";
const QUORUM: &str = "quorum <name>|none";

/// Types of keys that sign for a log: Ed25519 over the text, and ML-DSA-44.
const LOG_TYPES: [u8; 2] = [0x01, 0x06];
/// Types of keys that cosign: Ed25519 with a time, and ML-DSA-44.
const WITNESS_TYPES: [u8; 2] = [0x04, 0x06];

/// Reads the whole file.
pub(super) fn policy(bytes: &[u8]) -> Result<Policy, PolicyError> {
    check_characters(bytes)?;
    let mut reader = Reader::default();
    let mut lines = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        lines += 1;
        let at = |fault| PolicyError { line: lines, fault };
        let line = line.strip_suffix(b"\n").ok_or(at(PolicyFault::NoLineEnd))?;
        reader.line(lines, line).map_err(at)?;
    }
    reader.finish().map_err(|fault| PolicyError {
        line: lines + 1,
        fault,
    })
}

/// Tab and line feed are the only control characters.
fn check_characters(bytes: &[u8]) -> Result<(), PolicyError> {
    let mut line = 1;
    for &byte in bytes {
        match byte {
            b'\n' => line += 1,
            b'\t' | 0x20..=0x7e | 0x80..=0xff => {}
            other => {
                let fault = PolicyFault::ControlCharacter(other);
                return Err(PolicyError { line, fault });
            }
        }
    }
    Ok(())
}

/// What the lines so far have defined, each with the number of its line.
#[derive(Default)]
struct Reader {
    logs: Vec<PolicyLog>,
    log_keys: HashMap<Vec<u8>, usize>,
    witnesses: Vec<PolicyWitness>,
    witness_keys: HashMap<Vec<u8>, usize>,
    groups: Vec<Group>,
    names: HashMap<Vec<u8>, (usize, Member)>,
    members: HashMap<Vec<u8>, usize>,
    quorum: Option<(usize, Option<Member>)>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &[u8]) -> Result<(), PolicyFault> {
        let words = line.split(|byte| matches!(byte, b' ' | b'\t'));
        let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", rest @ ..] => self.log(number, rest),
            [b"witness", rest @ ..] => self.witness(number, rest),
            [b"group", rest @ ..] => self.group(number, rest),
            [b"quorum", rest @ ..] => self.quorum(number, rest),
            [other, ..] => Err(PolicyFault::UnknownKeyword(
                String::from_utf8_lossy(other).into_owned(),
            )),
        }
    }

    fn log(&mut self, number: usize, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(Octets(url.to_vec()))),
            _ => return Err(PolicyFault::Form(LOG)),
        };
        let key = key_of(key, &LOG_TYPES, PolicyFault::NotALogKey)?;
        define_key(&mut self.log_keys, number, &key)?;
        self.logs.push(PolicyLog { key, url });
        Ok(())
    }

    fn witness(&mut self, number: usize, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let (name, key, url) = match words {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(Octets(url.to_vec()))),
            _ => return Err(PolicyFault::Form(WITNESS)),
        };
        let key = key_of(key, &WITNESS_TYPES, PolicyFault::NotAWitnessKey)?;
        self.define(number, name, Member::Witness(self.witnesses.len()))?;
        define_key(&mut self.witness_keys, number, &key)?;
        let name = Octets(name.to_vec());
        self.witnesses.push(PolicyWitness { name, key, url });
        Ok(())
    }

    fn group(&mut self, number: usize, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let [name, threshold, names @ ..] = words else {
            return Err(PolicyFault::Form(GROUP));
        };
        if names.is_empty() {
            return Err(PolicyFault::Form(GROUP));
        }
        let threshold = threshold_of(threshold, names.len())?;
        let mut members = Vec::with_capacity(names.len());
        for member in names {
            members.push(self.named(member)?);
            if let Some(line) = self.members.insert(member.to_vec(), number) {
                let name = Octets(member.to_vec());
                return Err(PolicyFault::AlreadyMember { name, line });
            }
        }
        self.define(number, name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { threshold, members });
        Ok(())
    }

    fn quorum(&mut self, number: usize, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let [name] = words else {
            return Err(PolicyFault::Form(QUORUM));
        };
        if let Some((line, _)) = self.quorum {
            return Err(PolicyFault::SecondQuorum(line));
        }
        let needed = match *name {
            b"none" => None,
            name => Some(self.named(name)?),
        };
        self.quorum = Some((number, needed));
        Ok(())
    }

    /// Witnesses and groups share one set of names.
    fn define(&mut self, number: usize, name: &[u8], member: Member) -> Result<(), PolicyFault> {
        if name == b"none" {
            return Err(PolicyFault::Reserved);
        }
        if let Some(&(line, _)) = self.names.get(name) {
            let name = Octets(name.to_vec());
            return Err(PolicyFault::DuplicateName { name, line });
        }
        self.names.insert(name.to_vec(), (number, member));
        Ok(())
    }

    fn named(&self, name: &[u8]) -> Result<Member, PolicyFault> {
        let defined = self.names.get(name).map(|&(_, member)| member);
        defined.ok_or_else(|| PolicyFault::UnknownName(Octets(name.to_vec())))
    }

    fn finish(self) -> Result<Policy, PolicyFault> {
        let (_, needed) = self.quorum.ok_or(PolicyFault::NoQuorum)?;
        let quorum = Quorum {
            groups: self.groups,
            needed,
        };
        Ok(Policy {
            logs: self.logs,
            witnesses: self.witnesses,
            quorum,
        })
    }
}

/// Reads a verifier key of one of these types.
fn key_of(
    word: &[u8],
    types: &[u8],
    refused: fn(u8) -> PolicyFault,
) -> Result<VerifierKey, PolicyFault> {
    let text = str::from_utf8(word).map_err(|_| PolicyFault::KeyNotText)?;
    let key: VerifierKey = text.parse()?;
    let type_byte = key.algorithm().type_byte();
    if types.contains(&type_byte) {
        Ok(key)
    } else {
        Err(refused(type_byte))
    }
}

/// Keys are the same if their public keys are, whatever they are called.
fn define_key(
    keys: &mut HashMap<Vec<u8>, usize>,
    number: usize,
    key: &VerifierKey,
) -> Result<(), PolicyFault> {
    match keys.insert(key.algorithm().public_key().to_vec(), number) {
        Some(line) => Err(PolicyFault::DuplicateKey(line)),
        None => Ok(()),
    }
}

/// How many of the members must have witnessed.
fn threshold_of(word: &[u8], members: usize) -> Result<usize, PolicyFault> {
    let refused = PolicyFault::Threshold { members };
    match word {
        b"all" => Ok(members),
        b"any" => Ok(1),
        // The form of a tree size, decimal in one spelling, is the form of every number of C2SP.
        number => {
            let number = str::from_utf8(number).ok().and_then(|n| n.parse().ok());
            let number = number.and_then(|number: TreeSize| usize::try_from(number.get()).ok());
            number
                .filter(|number| (1..=members).contains(number))
                .ok_or(refused)
        }
    }
}
