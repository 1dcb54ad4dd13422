//! Many signatures checked together, with the verdict of the strict check of each.
//!
//! # What is checked
//! [`PublicKey::verify`] asks for canonical `S`, for an `R` that is a point and of no
//! small order, and for `[S]B = [k]A + R` (RFC 8032 section 5.1.7, without its
//! cofactor). Keys are registered, so every `A` is in the prime-order group. Then the
//! equation holds if and only if
//! - it holds when both sides are multiplied by the cofactor 8, and
//! - `R` is in the prime-order group too.
//!
//! The first is asked of all signatures in one sum, each with a coefficient of 128
//! bits of its own. The second is asked of [`ROUNDS`] sums of randomly chosen `R`: one
//! of them that has a component of small order is in half of all choices, and then the
//! sum has one, unless others cancel it, which is as likely as not.
//!
//! # Soundness
//! Coefficients and choices come from a hash of a secret of the verifier and of all
//! signatures, keys and messages. Whoever signs can neither know nor steer them, and
//! has to show each try to the verifier. A batch with a signature that its key has not
//! made passes with a probability of at most 2^-128. One with a signature by the holder
//! of the key whose `R` has a component of small order, which forges nothing, passes
//! with one of at most 2^-64. A batch of good signatures always passes.
//!
//! An `R` that is encoded with a `y` that is not reduced is refused here. Nobody can make
//! one that verifies: it would have to be one of a few known points whose logarithm
//! nobody knows.

use std::collections::HashMap;
use std::fmt;
use std::iter::once;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::{Identity, IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{EdwardsPoint, Scalar};
use sha2::{Digest, Sha512};

use super::{BadSignature, PublicKey, Signature};

/// The bytes of a field element from which on they are not reduced: p = 2^255 - 19,
/// little-endian.
const PRIME_LOW: u8 = 0xed;

/// Fewer signatures are checked one by one: together would gain little, or lose.
const WORTH_IT: usize = 160;
/// Sums of chosen `R` that are checked: each lets an unwanted one pass by chance in half
/// of all cases.
const ROUNDS: usize = 64;

/// Checks many signatures at once.
#[derive(Clone)]
pub struct BatchVerifier {
    secret: [u8; 32],
}

/// A signature taken apart.
struct Parsed<'a> {
    commitment: EdwardsPoint,
    response: Scalar,
    challenge: Scalar,
    key: &'a PublicKey,
}

/// What is drawn for one signature.
struct Draw {
    coefficient: Scalar,
    /// Which of the sums its `R` is in, one bit for each.
    choices: [u8; ROUNDS / 8],
}

impl BatchVerifier {
    /// A verifier with a secret, which must be random and known to nobody who signs.
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// Checks signatures of messages under keys; says nothing about which is bad.
    ///
    /// # Errors
    /// [`BadSignature`] if one of them, or more, does not pass [`PublicKey::verify`].
    pub fn verify<'a>(
        &self,
        signatures: impl IntoIterator<Item = (&'a [u8], &'a Signature, &'a PublicKey)>,
    ) -> Result<(), BadSignature> {
        let signatures: Vec<_> = signatures.into_iter().collect();
        if signatures.len() < WORTH_IT {
            let mut each = signatures.into_iter();
            return each.try_for_each(|(message, signature, key)| key.verify(message, signature));
        }
        self.verify_together(&signatures)
    }

    fn verify_together(
        &self,
        signatures: &[(&[u8], &Signature, &PublicKey)],
    ) -> Result<(), BadSignature> {
        let parsed = signatures
            .iter()
            .map(|(message, signature, key)| Parsed::new(message, signature, key));
        let parsed: Vec<Parsed<'_>> = parsed.collect::<Option<_>>().ok_or(BadSignature)?;
        let draws = self.draw(&parsed);
        if hold_together(&parsed, &draws) && are_in_prime_order_group(&parsed, &draws) {
            Ok(())
        } else {
            Err(BadSignature)
        }
    }

    /// Draws for each signature.
    fn draw(&self, parsed: &[Parsed<'_>]) -> Vec<Draw> {
        let mut all = Sha512::new().chain_update(self.secret);
        for one in parsed {
            // The challenge binds the commitment, the key and the message.
            all.update(one.challenge.as_bytes());
            all.update(one.response.as_bytes());
        }
        let seed = all.finalize();
        let each = (0_u64..).zip(parsed).map(|(number, _)| {
            let hash = Sha512::new().chain_update(seed);
            Draw::new(&hash.chain_update(number.to_le_bytes()).finalize().into())
        });
        each.collect()
    }
}

impl fmt::Debug for BatchVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchVerifier").finish_non_exhaustive()
    }
}

impl Draw {
    fn new(hash: &[u8; 64]) -> Self {
        let (coefficient, rest) = hash.split_first_chunk::<16>().expect("64 are more than 16");
        let choices = rest.first_chunk().expect("48 are more than 8");
        Self {
            coefficient: Scalar::from(u128::from_le_bytes(*coefficient)),
            choices: *choices,
        }
    }
}

/// Whether all equations hold, multiplied by the cofactor: the sum of them does.
fn hold_together(parsed: &[Parsed<'_>], draws: &[Draw]) -> bool {
    let mut response = Scalar::ZERO;
    let mut keys: HashMap<&PublicKey, Scalar> = HashMap::new();
    for (one, draw) in parsed.iter().zip(draws) {
        response += draw.coefficient * one.response;
        *keys.entry(one.key).or_default() += draw.coefficient * one.challenge;
    }
    let (keys, challenges): (Vec<&PublicKey>, Vec<Scalar>) = keys.into_iter().unzip();
    let coefficients = draws.iter().map(|draw| draw.coefficient);
    let scalars = once(-response).chain(coefficients).chain(challenges);
    let points = once(ED25519_BASEPOINT_POINT)
        .chain(parsed.iter().map(|one| one.commitment))
        .chain(keys.iter().map(|key| key.0.to_edwards()));
    let sum = EdwardsPoint::vartime_multiscalar_mul(scalars, points);
    sum.mul_by_cofactor().is_identity()
}

/// Whether no `R` is the identity or has a component of small order: then the sums of
/// those that are chosen have none.
fn are_in_prime_order_group(parsed: &[Parsed<'_>], draws: &[Draw]) -> bool {
    if parsed.iter().any(|one| one.commitment.is_identity()) {
        return false;
    }
    (0..ROUNDS / 8).all(|byte| {
        // Those with the same choices in eight rounds are added up first.
        let mut sums = vec![EdwardsPoint::identity(); 256];
        for (one, draw) in parsed.iter().zip(draws) {
            sums[usize::from(draw.choices[byte])] += one.commitment;
        }
        // From the highest bit: the half that has it set is the sum of its round, and
        // is added to the other half, where the rounds below see it.
        let mut rest = &mut sums[..];
        while let Some(half) = rest.len().checked_div(2).filter(|half| *half > 0) {
            let (unset, set) = rest.split_at_mut(half);
            if !is_torsion_free(&set.iter().sum()) {
                return false;
            }
            for (unset, set) in unset.iter_mut().zip(set) {
                *unset += *set;
            }
            rest = unset;
        }
        true
    })
}

/// Whether a point is in the group of prime order l: (l - 1) P = -P. The same as
/// [`EdwardsPoint::is_torsion_free`], but faster, for nothing here is secret.
fn is_torsion_free(point: &EdwardsPoint) -> bool {
    let multiple =
        EdwardsPoint::vartime_double_scalar_mul_basepoint(&-Scalar::ONE, point, &Scalar::ZERO);
    multiple == -point
}

impl<'a> Parsed<'a> {
    fn new(message: &[u8], signature: &Signature, key: &'a PublicKey) -> Option<Self> {
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
            key,
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

#[cfg(test)]
mod tests;
