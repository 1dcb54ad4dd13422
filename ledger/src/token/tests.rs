//! Tokens that are read, and all the ways in which they are refused.

use super::*;

const ORIGIN: &str = "street.example/ledger";
/// 2026-03-02, 08:00 UTC.
const NOW: Millis = Millis::new(1_772_438_400_000);
const NOW_S: i64 = 1_772_438_400;

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn member() -> MemberId {
    MemberId::from_bytes([0xab; 16])
}

/// A token with any claims.
fn token(aud: &str, iat: i64, exp: i64) -> String {
    let claims = Claims {
        sub: member().to_string(),
        aud: aud.to_owned(),
        iat,
        exp,
    };
    token_of(&header("EdDSA"), &json(&claims))
}

fn token_of(header: &str, claims: &[u8]) -> String {
    compact(header.as_bytes(), claims, &key())
}

fn header(alg: &str) -> String {
    format!(
        r#"{{"alg":"{alg}","kid":"{}","typ":"JWT"}}"#,
        key().public().id()
    )
}

fn check(text: &str) -> Result<MemberId, TokenError> {
    Token::parse(text)?.verify(&key().public(), ORIGIN, NOW)
}

#[test]
fn the_example_of_rfc_8037_is_reproduced() {
    let seed = bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SecretKey::from_seed(&seed.try_into().unwrap());
    let jws = compact(br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing", &key);
    let expected = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(jws, expected);
}

#[test]
fn a_token_names_its_member_and_key() {
    let text = sign(&key(), member(), ORIGIN, NOW, 60);
    assert_eq!(Token::parse(&text).unwrap().key_id(), key().public().id());
    assert_eq!(check(&text), Ok(member()));
}

#[test]
fn a_token_is_the_json_that_the_documentation_says() {
    let text = sign(&key(), member(), ORIGIN, NOW, 60);
    let parts: Vec<&str> = text.split('.').collect();
    let read = |part: &str| String::from_utf8(bytes(part).unwrap()).unwrap();
    assert_eq!(read(parts[0]), header("EdDSA"));
    let claims = format!(
        r#"{{"sub":"{}","aud":"{ORIGIN}","iat":{NOW_S},"exp":{}}}"#,
        member(),
        NOW_S + 60
    );
    assert_eq!(read(parts[1]), claims);
}

#[test]
fn a_token_lives_until_its_end_and_not_at_it() {
    let text = token(ORIGIN, NOW_S - 60, NOW_S + 1);
    assert_eq!(check(&text), Ok(member()));
    assert_eq!(
        check(&token(ORIGIN, NOW_S - 60, NOW_S)),
        Err(TokenError::Expired)
    );
    assert_eq!(
        check(&token(ORIGIN, NOW_S - 600, NOW_S - 1)),
        Err(TokenError::Expired)
    );
}

#[test]
fn a_clock_may_be_a_little_ahead() {
    let ahead = NOW_S + CLOCK_AHEAD_S_MAX;
    assert_eq!(check(&token(ORIGIN, ahead, ahead + 60)), Ok(member()));
    assert_eq!(
        check(&token(ORIGIN, ahead + 1, ahead + 60)),
        Err(TokenError::Future)
    );
}

#[test]
fn a_life_has_limits() {
    assert_eq!(check(&token(ORIGIN, NOW_S, NOW_S + 600)), Ok(member()));
    for (iat, exp) in [
        (NOW_S, NOW_S + 601),
        (NOW_S, NOW_S),
        (NOW_S, NOW_S - 1),
        (i64::MIN, i64::MAX),
        (i64::MAX, i64::MIN),
    ] {
        assert_eq!(
            check(&token(ORIGIN, iat, exp)),
            Err(TokenError::Lifetime),
            "{iat} {exp}"
        );
    }
    let text = sign(&key(), member(), ORIGIN, NOW, 100_000);
    assert_eq!(check(&text), Ok(member()));
}

#[test]
fn a_token_for_another_ledger_is_refused() {
    let text = token("other.example/ledger", NOW_S, NOW_S + 60);
    assert_eq!(check(&text), Err(TokenError::Audience));
    assert_eq!(
        check(&token("", NOW_S, NOW_S + 60)),
        Err(TokenError::Audience)
    );
}

#[test]
fn no_other_algorithm_is_read() {
    let claims = json(&Claims {
        sub: member().to_string(),
        aud: ORIGIN.to_owned(),
        iat: NOW_S,
        exp: NOW_S + 60,
    });
    for alg in ["none", "None", "HS256", "ES256", "Ed25519", "eddsa", ""] {
        let text = token_of(&header(alg), &claims);
        assert_eq!(check(&text), Err(TokenError::Algorithm), "{alg}");
        let unsigned = format!("{}.", text.rsplit_once('.').unwrap().0);
        assert_eq!(check(&unsigned), Err(TokenError::Algorithm), "{alg}");
    }
}

#[test]
fn every_altered_character_is_noticed() {
    let text = sign(&key(), member(), ORIGIN, NOW, 60);
    for (at, was) in text.char_indices() {
        let other = if was == 'A' { "B" } else { "A" };
        let mut altered = text.clone();
        altered.replace_range(at..=at, other);
        assert!(check(&altered).is_err(), "{at}");
    }
}

#[test]
fn the_signature_of_another_key_is_refused() {
    let text = sign(&key(), member(), ORIGIN, NOW, 60);
    let other = SecretKey::from_seed(&[8; 32]);
    let token = Token::parse(&text).unwrap();
    assert_eq!(
        token.verify(&other.public(), ORIGIN, NOW),
        Err(TokenError::Signature)
    );
    // Signed by the other key under the name of this one.
    let claims = json(&token.claims);
    let forged = compact(header("EdDSA").as_bytes(), &claims, &other);
    assert_eq!(check(&forged), Err(TokenError::Signature));
}

#[test]
fn other_shapes_are_refused() {
    let id = key().public().id();
    let good = sign(&key(), member(), ORIGIN, NOW, 60);
    let claims = bytes(good.split('.').nth(1).unwrap()).unwrap();
    let text = String::from_utf8(claims.clone()).unwrap();
    let with_claims = |claims: &str| token_of(&header("EdDSA"), claims.as_bytes());
    let refused = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{good}="),
        format!("{good}."),
        format!(" {good}"),
        format!("{good}.AA"),
        good.replace('.', ".."),
        token_of("{}", &claims),
        token_of(&header("EdDSA").replace("JWT", "JOSE"), &claims),
        token_of(&header("EdDSA").replace(&id.to_string(), "00"), &claims),
        token_of(
            &header("EdDSA").replace("\"typ\"", "\"crit\":[],\"typ\""),
            &claims,
        ),
        with_claims(&text.replace("\"iat\"", "\"nbf\":0,\"iat\"")),
        with_claims(&text.replace("\"iat\"", "\"sub\":\"\",\"iat\"")),
        with_claims(&text.replace("\"sub\"", "\"sup\"")),
        with_claims(&text.replace(&member().to_string(), &"AB".repeat(16))),
        with_claims(&text.replace(&member().to_string(), "ab")),
        with_claims(&text.replace(&NOW_S.to_string(), "1.5")),
        with_claims("[]"),
        format!("{good}{}", "A".repeat(TOKEN_BYTES_MAX)),
    ];
    for text in refused {
        assert_eq!(check(&text), Err(TokenError::Malformed), "{text}");
    }
}
