//! Many signatures in one equation, for whoever audits a whole log.
//!
//! # What it proves
//! That every signature satisfies the equation of RFC 8032 section 5.1.7 with its
//! cofactor, `[8][S]B = [8]R + [8][k]A`, with `S` and `R` in canonical encoding.
//! The keys were registered, so they are in the prime-order group and not of small
//! order; then only the holder of the secret key can make such a signature, and for
//! this message alone.
//!
//! # What it does not prove
//! That each signature satisfies the strict equation `[S]B = R + [k]A` too, as every
//! one must that is admitted. The difference is an `R` with a component of small
//! order, which nobody but the holder of the key can make: it forges nothing, but a
//! stock library may refuse it. Because of the cofactor the outcome never depends on
//! chance or on what else is in the batch.
//!
//! # Soundness
//! The equations are added up with coefficients of 128 bits, which are drawn from a
//! hash of all signatures, keys and messages. A batch with a signature that fails its
//! own equation passes with a probability of at most 2^-128 for each one that is
//! tried.

use std::collections::HashMap;
use std::iter::once;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{EdwardsPoint, Scalar};
use sha2::{Digest, Sha512};

use super::{BadSignature, PublicKey, Signature};

/// The bytes of a field element from which on they are not reduced: p = 2^255 - 19,
/// little-endian.
const PRIME_LOW: u8 = 0xed;

/// A signature taken apart.
struct Parsed {
    commitment: EdwardsPoint,
    response: Scalar,
    challenge: Scalar,
}

/// Checks many signatures at once; says nothing about which is bad.
///
/// # Errors
/// [`BadSignature`] if one of them, or more, is not valid. Whoever passes each
/// [`PublicKey::verify`] passes here.
pub fn verify_batch<'a>(
    signatures: impl IntoIterator<Item = (&'a [u8], &'a Signature, &'a PublicKey)>,
) -> Result<(), BadSignature> {
    let mut transcript = Sha512::new();
    let mut parsed = Vec::new();
    for (message, signature, key) in signatures {
        let one = Parsed::new(message, signature, key).ok_or(BadSignature)?;
        // The challenge binds the commitment, the key and the message.
        transcript.update(one.challenge.as_bytes());
        transcript.update(one.response.as_bytes());
        parsed.push((one, key));
    }
    let coefficients = coefficients(&transcript.finalize().into(), parsed.len());
    let mut response = Scalar::ZERO;
    let mut keys: HashMap<&PublicKey, Scalar> = HashMap::new();
    for ((one, key), coefficient) in parsed.iter().zip(&coefficients) {
        response += coefficient * one.response;
        *keys.entry(*key).or_default() += coefficient * one.challenge;
    }
    let (keys, challenges): (Vec<&PublicKey>, Vec<Scalar>) = keys.into_iter().unzip();
    let scalars = once(-response).chain(coefficients).chain(challenges);
    let points = once(ED25519_BASEPOINT_POINT)
        .chain(parsed.iter().map(|(one, _)| one.commitment))
        .chain(keys.iter().map(|key| key.0.to_edwards()));
    let sum = EdwardsPoint::vartime_multiscalar_mul(scalars, points);
    if sum.mul_by_cofactor().is_identity() {
        Ok(())
    } else {
        Err(BadSignature)
    }
}

impl Parsed {
    fn new(message: &[u8], signature: &Signature, key: &PublicKey) -> Option<Self> {
        let (commitment, response) = signature.as_bytes().split_first_chunk::<32>()?;
        let hash = Sha512::new()
            .chain_update(commitment)
            .chain_update(key.as_bytes())
            .chain_update(message);
        let response = <[u8; 32]>::try_from(response).ok()?;
        Some(Self {
            commitment: point(commitment)?,
            response: Option::from(Scalar::from_canonical_bytes(response))?,
            challenge: Scalar::from_bytes_mod_order_wide(&hash.finalize().into()),
        })
    }
}

/// The point of a canonical encoding.
fn point(bytes: &[u8; 32]) -> Option<EdwardsPoint> {
    let is_reduced = bytes[31] & 0x7f != 0x7f || bytes[1..31] != [0xff; 30] || bytes[0] < PRIME_LOW;
    if !is_reduced {
        return None;
    }
    CompressedEdwardsY(*bytes).decompress()
}

/// So many numbers of 128 bits, four from each hash.
fn coefficients(seed: &[u8; 64], count: usize) -> Vec<Scalar> {
    let hashes = (0_u64..).map(|number| {
        let hash = Sha512::new().chain_update(seed);
        hash.chain_update(number.to_le_bytes()).finalize()
    });
    let mut all = Vec::with_capacity(count + 3);
    for hash in hashes.take(count.div_ceil(4)) {
        for part in hash.as_chunks::<16>().0 {
            all.push(Scalar::from(u128::from_le_bytes(*part)));
        }
    }
    all.truncate(count);
    all
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

    use super::*;
    use crate::key::SecretKey;

    type Signed = (Vec<u8>, Signature, PublicKey);

    /// So many signatures by three keys.
    fn signed(count: u8) -> Vec<Signed> {
        let sign = |number: u8| {
            let secret = SecretKey::from_seed(&[number % 3; 32]);
            let message = vec![number; usize::from(number)];
            let signature = secret.sign(&message);
            (message, signature, secret.public())
        };
        (0..count).map(sign).collect()
    }

    fn check(all: &[Signed]) -> Result<(), BadSignature> {
        let each = all
            .iter()
            .map(|(message, signature, key)| (&**message, signature, key));
        verify_batch(each)
    }

    #[test]
    fn good_signatures_pass_in_batches_of_every_size() {
        let all = signed(250);
        for count in [0, 1, 2, 3, 4, 5, 100, 250] {
            assert_eq!(check(&all[..count]), Ok(()), "{count}");
        }
    }

    #[test]
    fn every_flipped_bit_of_one_among_many_is_noticed() {
        let all = signed(9);
        for bit in 0..512 {
            let mut flipped = all.clone();
            let mut bytes = *flipped[4].1.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            flipped[4].1 = Signature::from_bytes(bytes);
            assert_eq!(check(&flipped), Err(BadSignature), "{bit}");
        }
    }

    #[test]
    fn another_message_key_or_order_is_noticed() {
        let all = signed(9);
        let change = |change: fn(&mut Vec<Signed>)| {
            let mut changed = all.clone();
            change(&mut changed);
            check(&changed)
        };
        assert_eq!(change(|all| all[8].0[0] ^= 1), Err(BadSignature));
        assert_eq!(change(|all| all[8].2 = all[0].2), Err(BadSignature));
        let swap = change(|all| (all[0].1, all[3].1) = (all[3].1, all[0].1));
        assert_eq!(swap, Err(BadSignature));
        // Two errors that would cancel each other out without coefficients.
        let errors = change(|all| {
            let add = |signature: &Signature, amount: Scalar| {
                let (r, s) = <([u8; 32], [u8; 32])>::from(*signature);
                let s: Scalar = Scalar::from_bytes_mod_order(s) + amount;
                Signature::from((r, s.to_bytes()))
            };
            all[0].1 = add(&all[0].1, Scalar::ONE);
            all[1].1 = add(&all[1].1, -Scalar::ONE);
        });
        assert_eq!(errors, Err(BadSignature));
    }

    /// A signature by the holder of the key whose `R` has a component of small order.
    fn with_torsion(message: &[u8], torsion: EdwardsPoint) -> (Signature, PublicKey) {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::register(key.verifying_key().as_bytes()).unwrap();
        let nonce = Scalar::from(1_234_567_u64);
        let commitment = (EdwardsPoint::mul_base(&nonce) + torsion).compress();
        let hash = Sha512::new()
            .chain_update(commitment.as_bytes())
            .chain_update(public.as_bytes())
            .chain_update(message);
        let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let response = nonce + challenge * key.to_scalar();
        let signature = Signature::from((*commitment.as_bytes(), response.to_bytes()));
        (signature, public)
    }

    #[test]
    fn the_cofactor_is_the_only_difference_to_the_strict_equation_whatever_else_is_there() {
        let message = b"two hours".to_vec();
        for (number, torsion) in EIGHT_TORSION.into_iter().enumerate() {
            let (signature, key) = with_torsion(&message, torsion);
            let strict = key.verify(&message, &signature);
            assert_eq!(strict.is_ok(), number == 0, "{number}");
            for others in 0..16 {
                let mut all = signed(others);
                all.push((message.clone(), signature, key));
                assert_eq!(check(&all), Ok(()), "{number} among {others}");
            }
        }
    }

    #[test]
    fn a_second_encoding_is_refused() {
        let all = signed(1);
        let (r, s) = <([u8; 32], [u8; 32])>::from(all[0].1);
        // S + L, which is the same modulo L.
        let mut carry = 0;
        let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
            .unwrap();
        let mut larger = [0; 32];
        for (at, byte) in larger.iter_mut().enumerate() {
            let sum = u16::from(s[at]) + u16::from(order[at]) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        let mut second = all.clone();
        second[0].1 = Signature::from((r, larger));
        assert_eq!(check(&second), Err(BadSignature));
        // y = p + 1 is the identity, as y = 1 is.
        let mut encoding = [0xff; 32];
        (encoding[0], encoding[31]) = (0xee, 0x7f);
        assert!(CompressedEdwardsY(encoding).decompress().is_some());
        assert!(point(&encoding).is_none());
        encoding[0] = 0xec;
        assert!(point(&encoding).is_some(), "y = p - 1 is canonical");
    }
}
