//! Read tokens: made when needed, used again until shortly before they expire.

use std::sync::Mutex;

use ledger::Millis;
use ledger::token::LIFETIME_S_MAX;
use tonic::Request;
use tonic::metadata::MetadataValue;

use crate::clock::Clock;
use crate::keys::Identity;

/// A token is renewed so long before it expires.
const MARGIN_MS: i64 = 120_000;

/// Makes the tokens of one member for one ledger.
pub(crate) struct Tokens {
    identity: Identity,
    origin: String,
    clock: Clock,
    current: Mutex<Option<Current>>,
}

struct Current {
    token: String,
    renew: Millis,
}

impl Tokens {
    pub(crate) fn new(identity: Identity, origin: String, clock: Clock) -> Self {
        Self {
            identity,
            origin,
            clock,
            current: Mutex::default(),
        }
    }

    /// A token that is valid for some minutes to come.
    pub(crate) fn token(&self) -> String {
        let now = self.clock.now();
        let mut current = self
            .current
            .lock()
            .expect("nothing panics while it holds this lock");
        match &*current {
            Some(current) if now < current.renew => current.token.clone(),
            _ => {
                let token = self.sign(now);
                let renew = Millis::new(now.get() + LIFETIME_S_MAX * 1000 - MARGIN_MS);
                *current = Some(Current {
                    token: token.clone(),
                    renew,
                });
                token
            }
        }
    }

    /// Puts the token on a request.
    pub(crate) fn authorize<T>(&self, request: &mut Request<T>) {
        let value = MetadataValue::try_from(format!("Bearer {}", self.token()));
        let value = value.expect("a token is base64 and dots");
        request.metadata_mut().insert("authorization", value);
    }

    fn sign(&self, now: Millis) -> String {
        let Identity { member, key } = &self.identity;
        ledger::token::sign(key, *member, &self.origin, now, LIFETIME_S_MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use ledger::token::Token;
    use ledger::{MemberId, SecretKey};

    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_expires() {
        let member = MemberId::from_bytes([7; 16]);
        let key = SecretKey::from_seed(&[9; 32]);
        let public = key.public();
        let time = Arc::new(AtomicI64::new(1_772_438_400_000));
        let read = Arc::clone(&time);
        let clock = Clock::from_fn(move || Millis::new(read.load(Ordering::Relaxed)));
        let tokens = Tokens::new(
            Identity { member, key },
            "a.example".to_owned(),
            clock.clone(),
        );
        let first = tokens.token();
        let mut renewed = 0;
        for _ in 0..30 {
            let token = tokens.token();
            renewed += usize::from(token != first);
            let token = Token::parse(&token).unwrap();
            assert_eq!(token.verify(&public, "a.example", clock.now()), Ok(member));
            time.fetch_add(60_000, Ordering::Relaxed);
        }
        assert!(renewed > 0, "a new token after a while");
        assert_eq!(tokens.token(), tokens.token());
    }
}
