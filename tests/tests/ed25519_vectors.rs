//! The corners of Ed25519 in which libraries disagree, and our one verdict on each.
//!
//! The cases follow the scheme of C2SP/CCTV's `ed25519` vectors, and are made here instead of read:
//! every public key A and every nonce point R is of low order, in all 14 encodings, or is a
//! prime-order point plus one of the eight points of low order. Each pair comes with a message for
//! which the low-order parts of R + kA cancel, and with one for which they stay, where there are
//! such messages.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as BASE, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use ledger::key::{KeyError, PublicKey};
use sha2::{Digest, Sha512};

/// The six encodings of low-order points that are not the canonical ones: y at or above the prime,
/// or the sign bit set where x is zero.
const SECOND_SPELLINGS: [&str; 6] = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// A point of a case, with all that the verdicts depend on.
struct Point {
    bytes: [u8; 32],
    decoded: EdwardsPoint,
    /// The multiple of the base point in it; zero for points of low order.
    scalar: Scalar,
}

impl Point {
    fn is_low_order(&self) -> bool {
        self.scalar == Scalar::ZERO
    }

    fn is_canonical(&self) -> bool {
        self.decoded.compress().to_bytes() == self.bytes
    }
}

/// A signature that holds up to the low-order parts.
struct Case<'p> {
    key: &'p Point,
    nonce: &'p Point,
    message: String,
    signature: [u8; 64],
    /// Whether R + kA keeps a low-order part.
    residue: bool,
}

impl Case<'_> {
    fn verifies(&self) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        verifying_key(self.key)
            .verify(self.message.as_bytes(), &signature)
            .is_ok()
    }

    fn verifies_strictly(&self) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        verifying_key(self.key)
            .verify_strict(self.message.as_bytes(), &signature)
            .is_ok()
    }
}

fn verifying_key(point: &Point) -> VerifyingKey {
    VerifyingKey::from_bytes(&point.bytes).unwrap()
}

/// 14 encodings of low-order points, and `scalar` times the base point with each low-order part.
fn points(scalar: u64) -> Vec<Point> {
    let canonical = EIGHT_TORSION.iter().map(EdwardsPoint::compress);
    let second = SECOND_SPELLINGS
        .iter()
        .map(|hex| CompressedEdwardsY::from_slice(&hex::decode(hex).unwrap()).unwrap());
    let low = canonical.chain(second).map(|encoded| Point {
        bytes: encoded.to_bytes(),
        decoded: encoded.decompress().unwrap(),
        scalar: Scalar::ZERO,
    });
    let scalar = Scalar::from(scalar);
    let mixed = EIGHT_TORSION.iter().map(|torsion| {
        let point = BASE * scalar + torsion;
        Point {
            bytes: point.compress().to_bytes(),
            decoded: point,
            scalar,
        }
    });
    low.chain(mixed).collect()
}

fn cases<'p>(keys: &'p [Point], nonces: &'p [Point]) -> Vec<Case<'p>> {
    let pairs = keys
        .iter()
        .flat_map(|key| nonces.iter().map(move |nonce| (key, nonce)));
    let both = pairs.flat_map(|(key, nonce)| [(key, nonce, false), (key, nonce, true)]);
    both.filter_map(|(key, nonce, residue)| {
        (0..100)
            .map(|i| case(key, nonce, i))
            .find(|case| case.residue == residue)
    })
    .collect()
}

fn case<'p>(key: &'p Point, nonce: &'p Point, number: u32) -> Case<'p> {
    let message = format!("message {number}");
    let hash = Sha512::new()
        .chain_update(nonce.bytes)
        .chain_update(key.bytes);
    let k = Scalar::from_bytes_mod_order_wide(&hash.chain_update(&message).finalize().into());
    let s = nonce.scalar + k * key.scalar;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&nonce.bytes);
    signature[32..].copy_from_slice(s.as_bytes());
    let residue = !(nonce.decoded + k * key.decoded - BASE * s).is_identity();
    Case {
        key,
        nonce,
        message,
        signature,
        residue,
    }
}

#[test]
fn the_cases_cover_every_pair_of_points() {
    let (keys, nonces) = (points(3), points(5));
    let cases = cases(&keys, &nonces);
    assert_eq!((keys.len(), nonces.len()), (22, 22));
    let counts = [
        cases.len(),
        cases.iter().filter(|case| case.residue).count(),
        cases.iter().filter(|case| case.verifies()).count(),
        cases.iter().filter(|case| case.verifies_strictly()).count(),
    ];
    // The same counts as CCTV's, without its 146 in which k is hashed over another encoding.
    assert_eq!(counts, [768, 459, 198, 43]);
}

#[test]
fn the_strict_check_accepts_no_low_order_point_and_no_residue() {
    let (keys, nonces) = (points(3), points(5));
    for case in cases(&keys, &nonces) {
        let low_order = case.key.is_low_order() || case.nonce.is_low_order();
        assert_eq!(case.verifies_strictly(), !low_order && !case.residue);
        // What the strict check accepts, the ordinary one of most libraries accepts too.
        assert_eq!(case.verifies(), case.nonce.is_canonical() && !case.residue);
    }
}

#[test]
fn registration_admits_prime_order_keys_only() {
    for key in points(3) {
        let registered = PublicKey::register(&key.bytes);
        let expected = if !key.is_canonical() {
            Err(KeyError::NotCanonical)
        } else if key.is_low_order() {
            Err(KeyError::SmallOrder)
        } else if !key.decoded.is_torsion_free() {
            Err(KeyError::MixedOrder)
        } else {
            Ok(key.bytes)
        };
        assert_eq!(registered.map(|key| *key.as_bytes()), expected);
    }
}

#[test]
fn under_a_registered_key_only_the_honest_signature_verifies() {
    let (keys, nonces) = (points(3), points(5));
    let mut accepted = 0;
    let mut refused = 0;
    let mut lenient = 0;
    for case in cases(&keys, &nonces) {
        let Ok(key) = PublicKey::register(&case.key.bytes) else {
            continue;
        };
        let signature = ledger::key::Signature::from_bytes(case.signature);
        let verdict = key.verify(case.message.as_bytes(), &signature).is_ok();
        assert_eq!(
            verdict,
            !case.nonce.is_low_order() && case.nonce.decoded.is_torsion_free()
        );
        assert_eq!(verdict, case.verifies_strictly());
        accepted += u32::from(verdict);
        refused += u32::from(!verdict);
        lenient += u32::from(!verdict && case.verifies());
    }
    // The lenient verifiers differ in one case: R is the identity.
    assert_eq!((accepted, refused, lenient), (1, 21, 1));
}
