//! Batches: what they let pass and what not, beside the check of each.

use curve25519_dalek::constants::EIGHT_TORSION;

use super::*;
use crate::key::SecretKey;

type Signed = (Vec<u8>, Signature, PublicKey);

/// So many signatures by three keys.
fn signed(count: u16) -> Vec<Signed> {
    let sign = |number: u16| {
        let secret = SecretKey::from_seed(&[(number % 3) as u8; 32]);
        let message = number.to_be_bytes().repeat(usize::from(number % 100));
        let signature = secret.sign(&message);
        (message, signature, secret.public())
    };
    (0..count).map(sign).collect()
}

/// Checks them together, however few they are.
fn check(all: &[Signed]) -> Result<(), BadSignature> {
    let each = all
        .iter()
        .map(|(message, signature, key)| (&**message, signature, key));
    BatchVerifier::new([9; 32]).verify_together(&each.collect::<Vec<_>>())
}

#[test]
fn good_signatures_pass_in_batches_of_every_size() {
    let all = signed(u16::try_from(WORTH_IT).unwrap() + 1);
    for count in [0, 1, 2, 3, 4, 5, 100, WORTH_IT - 1, WORTH_IT, WORTH_IT + 1] {
        assert_eq!(check(&all[..count]), Ok(()), "{count}");
        let each = all[..count].iter();
        let each = each.map(|(message, signature, key)| (&**message, signature, key));
        assert_eq!(BatchVerifier::new([0; 32]).verify(each), Ok(()), "{count}");
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
fn a_component_of_small_order_is_refused_whatever_else_is_there() {
    let message = b"two hours".to_vec();
    for (number, torsion) in EIGHT_TORSION.into_iter().enumerate() {
        let (signature, key) = with_torsion(&message, torsion);
        let strict = key.verify(&message, &signature);
        assert_eq!(strict.is_ok(), number == 0, "{number}");
        for others in [0, 1, 2, 15, 300] {
            let mut all = signed(others);
            all.insert(all.len() / 2, (message.clone(), signature, key));
            assert_eq!(check(&all), strict, "{number} among {others}");
        }
    }
}

#[test]
fn components_that_cancel_each_other_out_are_refused() {
    // Of order two, four and eight: in pairs or all together their sum has none.
    for orders in [
        vec![4, 4],
        vec![2, 6],
        vec![1, 7],
        vec![1, 2, 5],
        vec![4; 200],
    ] {
        let mut all = signed(20);
        for (number, order) in orders.iter().enumerate() {
            let message = number.to_be_bytes().to_vec();
            let (signature, key) = with_torsion(&message, EIGHT_TORSION[*order]);
            all.push((message, signature, key));
        }
        assert_eq!(check(&all), Err(BadSignature), "{orders:?}");
    }
}

#[test]
fn each_of_the_rounds_finds_one_that_it_has_chosen() {
    let (signature, key) = with_torsion(b"", EIGHT_TORSION[4]);
    let all = [Parsed::new(b"", &signature, &key).unwrap()];
    let passes = |choices: u64| {
        let mut draws = BatchVerifier::new([9; 32]).draw(&all);
        draws[0].choices = choices.to_le_bytes();
        are_in_prime_order_group(&all, &draws)
    };
    assert!(passes(0), "in no sum");
    for round in 0..ROUNDS {
        assert!(!passes(1 << round), "in the sum of round {round}");
    }
}

#[test]
fn each_of_the_rounds_chooses_about_half() {
    let all = signed(400);
    let parsed = all.iter().map(|(m, s, k)| Parsed::new(m, s, k).unwrap());
    let draws = BatchVerifier::new([9; 32]).draw(&parsed.collect::<Vec<_>>());
    for round in 0..ROUNDS {
        let is_chosen = |draw: &&Draw| u64::from_le_bytes(draw.choices) >> round & 1 == 1;
        let chosen = draws.iter().filter(is_chosen).count();
        // Six standard deviations on either side.
        assert!((140..260).contains(&chosen), "{chosen} in round {round}");
    }
}

#[test]
fn small_order_is_refused_for_itself() {
    // R = 0, S = k a: the equation holds without the cofactor.
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::register(key.verifying_key().as_bytes()).unwrap();
    let commitment = EdwardsPoint::identity().compress();
    let hash = Sha512::new()
        .chain_update(commitment.as_bytes())
        .chain_update(public.as_bytes());
    let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let response = challenge * key.to_scalar();
    let signature = Signature::from((*commitment.as_bytes(), response.to_bytes()));
    assert_eq!(public.verify(b"", &signature), Err(BadSignature));
    let mut all = signed(3);
    all.push((Vec::new(), signature, public));
    assert_eq!(check(&all), Err(BadSignature));
}

#[test]
fn whoever_signs_does_not_know_what_is_drawn() {
    let all = signed(2);
    let parse = |(message, signature, key)| Parsed::new(message, signature, key).unwrap();
    let parsed: Vec<_> = all.iter().map(|(m, s, k)| parse((m, s, k))).collect();
    let draw = |secret, parsed: &[Parsed<'_>]| {
        let draws = BatchVerifier::new([secret; 32]).draw(parsed);
        let each = draws.iter().map(|draw| (draw.coefficient, draw.choices));
        each.collect::<Vec<_>>()
    };
    let ours = draw(1, &parsed);
    assert_eq!(draw(1, &parsed), ours);
    assert_ne!(ours[0], ours[1], "each has its own");
    assert_ne!(draw(2, &parsed), ours, "the secret decides");
    assert_ne!(draw(1, &parsed[..1])[0], ours[0], "all signatures decide");
}

#[test]
fn a_second_encoding_is_refused() {
    let all = signed(1);
    let (r, s) = <([u8; 32], [u8; 32])>::from(all[0].1);
    // S + L, which is the same modulo L.
    let mut carry = 0;
    let order =
        hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
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
