//! Read tokens: what a member's own key signs so that a server answers a read
//! that is not public. JWS compact serialisation (RFC 7515, section 7.1) with
//! `EdDSA` (RFC 8037, section 3.1) and the claims of RFC 7519.
//!
//! The code is written by hand over base64 and `serde_json`, because what a
//! JOSE library would bring is what must not happen here: a choice of
//! algorithms, keys of its own making, and fields that are not understood and
//! passed over. The key is a registered key of the ledger, checked by the one
//! policy of [`crate::key`]; header and claims hold exactly what is listed
//! below, so that a claim that would narrow the token (`nbf`, `crit`) refuses
//! it and is not ignored.
//!
//! A token names a person for some minutes; it permits nothing by itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::id::MemberId;
use crate::key::{KeyId, PublicKey, SecretKey, Signature};
use crate::time::Millis;

/// Longest life of a token, in seconds.
pub const LIFETIME_S_MAX: i64 = 600;
/// How far the signer's clock may be ahead, in seconds.
pub const CLOCK_AHEAD_S_MAX: i64 = 120;
/// Longest token, in bytes; one for an origin of 200 bytes has about 700.
const TOKEN_BYTES_MAX: usize = 4096;

/// A token as it was read. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    key_id: KeyId,
    claims: Claims,
    /// Header and claims as they were signed.
    signed: String,
    signature: Signature,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three parts of unpadded base64url with the expected JSON.
    #[error("expected a JWS in compact form with alg, kid, typ and sub, aud, iat, exp")]
    Malformed,
    /// Another algorithm than `EdDSA` is named, or none.
    #[error("the algorithm must be EdDSA")]
    Algorithm,
    /// The signature does not fit, or another key is named.
    #[error("the signature does not verify")]
    Signature,
    /// It is meant for another ledger.
    #[error("the token is meant for another ledger")]
    Audience,
    /// It lives longer than ten minutes, or not at all.
    #[error("a token lives 1 to 600 seconds")]
    Lifetime,
    /// It was issued in the future.
    #[error("the token is from the future")]
    Future,
    /// Its time has run out.
    #[error("the token has expired")]
    Expired,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// The header of any other JWS: to tell a wrong algorithm from wrong bytes.
#[derive(Deserialize)]
struct AnyHeader {
    alg: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    /// The member, in hex.
    sub: String,
    /// The origin of the ledger.
    aud: String,
    /// Issued at, in seconds since 1970-01-01 UTC.
    iat: i64,
    /// Expires at, in seconds since 1970-01-01 UTC.
    exp: i64,
}

/// Signs a token that lives from `now` on, 1 to [`LIFETIME_S_MAX`] seconds;
/// what is outside is brought to the nearer end.
pub fn sign(
    key: &SecretKey,
    member: MemberId,
    origin: &str,
    now: Millis,
    lifetime_s: i64,
) -> String {
    let iat = seconds(now);
    let claims = Claims {
        sub: member.to_string(),
        aud: origin.to_owned(),
        iat,
        exp: iat.saturating_add(lifetime_s.clamp(1, LIFETIME_S_MAX)),
    };
    let header = Header {
        alg: "EdDSA".to_owned(),
        kid: key.public().id().to_string(),
        typ: "JWT".to_owned(),
    };
    compact(&json(&header), &json(&claims), key)
}

impl Token {
    /// Reads a token, strictly.
    ///
    /// # Errors
    /// [`TokenError::Malformed`], [`TokenError::Algorithm`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        let key_id = parse_header(&bytes(header)?)?;
        let claims = serde_json::from_slice(&bytes(claims)?).map_err(|_| TokenError::Malformed)?;
        let signature: [u8; 64] = bytes(signature)?
            .try_into()
            .map_err(|_| TokenError::Malformed)?;
        Ok(Self {
            key_id,
            claims,
            signed: signed.to_owned(),
            signature: Signature::from_bytes(signature),
        })
    }

    /// The key that is said to have signed.
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Checks everything, and names the member whose token it is. That the key
    /// is this member's and has not ended is for the caller to check.
    ///
    /// # Errors
    /// [`TokenError`], the signature first: nothing is said about a token that
    /// nobody signed.
    pub fn verify(
        &self,
        key: &PublicKey,
        origin: &str,
        now: Millis,
    ) -> Result<MemberId, TokenError> {
        let (claims, now_s) = (&self.claims, seconds(now));
        let is_signed = key.verify(self.signed.as_bytes(), &self.signature).is_ok();
        if key.id() != self.key_id || !is_signed {
            return Err(TokenError::Signature);
        }
        if claims.aud != origin {
            return Err(TokenError::Audience);
        }
        let lifetime_s = claims.exp.checked_sub(claims.iat);
        if !lifetime_s.is_some_and(|lifetime_s| (1..=LIFETIME_S_MAX).contains(&lifetime_s)) {
            return Err(TokenError::Lifetime);
        }
        if claims.iat > now_s.saturating_add(CLOCK_AHEAD_S_MAX) {
            return Err(TokenError::Future);
        }
        if claims.exp <= now_s {
            return Err(TokenError::Expired);
        }
        parse_member(&claims.sub)
    }
}

/// A JWS in compact form.
fn compact(header: &[u8], payload: &[u8], key: &SecretKey) -> String {
    let (header, payload) = (
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload),
    );
    let signed = format!("{header}.{payload}");
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).as_bytes());
    format!("{signed}.{signature}")
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("structs of text and numbers are JSON")
}

fn bytes(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Malformed)
}

fn parse_header(bytes: &[u8]) -> Result<KeyId, TokenError> {
    let any: AnyHeader = serde_json::from_slice(bytes).map_err(|_| TokenError::Malformed)?;
    if any.alg != "EdDSA" {
        return Err(TokenError::Algorithm);
    }
    let header: Header = serde_json::from_slice(bytes).map_err(|_| TokenError::Malformed)?;
    if header.typ != "JWT" {
        return Err(TokenError::Malformed);
    }
    header.kid.parse().map_err(|_| TokenError::Malformed)
}

/// Reads the one spelling of a member's id.
fn parse_member(text: &str) -> Result<MemberId, TokenError> {
    let member: MemberId = text.parse().map_err(|_| TokenError::Malformed)?;
    if member.to_string() == text {
        Ok(member)
    } else {
        Err(TokenError::Malformed)
    }
}

const fn seconds(time: Millis) -> i64 {
    time.get().div_euclid(1000)
}

#[cfg(test)]
mod tests;
