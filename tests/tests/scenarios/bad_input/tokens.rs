//! Tokens that prove nothing.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::act::RevokeKey;
use ledger::{Millis, token};
use proto::v1;
use proto::v1::fund_service_client::FundServiceClient;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::{self, Person};
use tonic::Code;

use crate::wire::{Said, bearer, with_authorization};
use crate::world::World;

on_both!(
    a_token_that_proves_nothing_is_refused,
    a_token_whose_claims_are_wrong_is_refused,
    a_token_of_a_key_that_is_not_the_readers_is_refused,
);

/// What is said of a header in a read that any member may make.
async fn said_of(world: &World, authorization: &str) -> Result<Said> {
    let mut service = FundServiceClient::new(world.channel().await?);
    let request = with_authorization(v1::GetFundRequest {}, authorization)?;
    let answer = service.get_fund(request).await;
    let status = answer.err().with_context(|| authorization.to_owned())?;
    Said::of(&status)
}

async fn is_refused(world: &World, authorization: &str, why: &str) -> Result<()> {
    let said = said_of(world, authorization).await?;
    assert_eq!(said.code, Code::Unauthenticated, "{authorization}");
    match why {
        "EXPIRED" => assert_eq!(said.reason, "TOKEN_EXPIRED"),
        why => {
            assert_eq!(said.reason, "TOKEN_INVALID", "{authorization}");
            assert_eq!(said.datum("why"), why, "{authorization}");
        }
    }
    Ok(())
}

/// A token of any header and claims, signed by a person.
fn signed(header: &str, claims: &str, person: &Person) -> String {
    let head = URL_SAFE_NO_PAD.encode(header);
    let body = URL_SAFE_NO_PAD.encode(claims);
    let signature = person.key.sign(format!("{head}.{body}").as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.as_bytes());
    format!("Bearer {head}.{body}.{signature}")
}

fn header(alg: &str, person: &Person) -> String {
    let kid = person.key.public().id();
    format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"JWT"}}"#)
}

fn claims(person: &Person, aud: &str, iat: i64, exp: i64) -> String {
    let sub = person.id;
    format!(r#"{{"sub":"{sub}","aud":"{aud}","iat":{iat},"exp":{exp}}}"#)
}

fn now_s() -> i64 {
    pen::now().get() / 1_000
}

// Behaviours 35 and 38.
async fn a_token_that_proves_nothing_is_refused(world: &mut World) -> Result<()> {
    let (member, other) = (world.member(0), world.member(1));
    let good = bearer(member, ORIGIN);
    let mut service = FundServiceClient::new(world.channel().await?);
    let request = with_authorization(v1::GetFundRequest {}, &good)?;
    service.get_fund(request).await?;
    let bare = good.trim_start_matches("Bearer ");
    let claims = claims(member, ORIGIN, now_s(), now_s() + 300);
    let unsigned = signed(&header("none", member), &claims, member);
    let (unsigned, _) = unsigned.rsplit_once('.').context("three parts")?;
    for (authorization, why) in [
        (String::new(), "NO_BEARER"),
        (bare.to_owned(), "NO_BEARER"),
        (format!("Basic {bare}"), "NO_BEARER"),
        ("Bearer x".to_owned(), "MALFORMED"),
        (format!("Bearer  {bare}"), "MALFORMED"),
        (format!("{good}="), "MALFORMED"),
        (good[..good.len() - 4].to_owned(), "MALFORMED"),
        (format!("{good}.x"), "MALFORMED"),
        (
            signed(&header("HS256", member), &claims, member),
            "ALGORITHM",
        ),
        (
            signed(&header("none", member), &claims, member),
            "ALGORITHM",
        ),
        (format!("{unsigned}."), "ALGORITHM"),
        // Signed by another, under the name of the member's key.
        (
            signed(&header("EdDSA", member), &claims, other),
            "SIGNATURE",
        ),
    ] {
        is_refused(world, &authorization, why).await?;
    }
    let extra = claims.replace("\"exp\"", "\"nbf\":0,\"exp\"");
    is_refused(
        world,
        &signed(&header("EdDSA", member), &extra, member),
        "MALFORMED",
    )
    .await
}

async fn a_token_whose_claims_are_wrong_is_refused(world: &mut World) -> Result<()> {
    let member = world.member(0);
    let (header, now) = (header("EdDSA", member), now_s());
    for (aud, iat, exp, why) in [
        ("other.example/street", now, now + 300, "AUDIENCE"),
        ("", now, now + 300, "AUDIENCE"),
        (ORIGIN, now, now + 601, "LIFETIME"),
        (ORIGIN, now, now, "LIFETIME"),
        (ORIGIN, now, now - 1, "LIFETIME"),
        (ORIGIN, i64::MIN, i64::MAX, "LIFETIME"),
        (ORIGIN, now + 180, now + 300, "FUTURE"),
        (ORIGIN, now - 600, now - 1, "EXPIRED"),
        (ORIGIN, 0, 600, "EXPIRED"),
    ] {
        let claims = claims(member, aud, iat, exp);
        is_refused(world, &signed(&header, &claims, member), why).await?;
    }
    let expired = token::sign(&member.key, member.id, ORIGIN, Millis::new(0), 600);
    is_refused(world, &format!("Bearer {expired}"), "EXPIRED").await
}

async fn a_token_of_a_key_that_is_not_the_readers_is_refused(world: &mut World) -> Result<()> {
    let (member, other) = (world.member(0), world.member(1));
    is_refused(
        world,
        &bearer(&Person::numbered(970), ORIGIN),
        "KEY_UNKNOWN",
    )
    .await?;
    let posing = Person {
        id: other.id,
        key: member.key.clone(),
    };
    is_refused(world, &bearer(&posing, ORIGIN), "KEY_OF_ANOTHER").await?;
    let key_id = member.key.public().id();
    world.does(member, RevokeKey { key_id }).await?;
    is_refused(world, &bearer(member, ORIGIN), "KEY_ENDED").await
}
