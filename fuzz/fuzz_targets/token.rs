//! A read token that nobody signed opens nothing, whatever its header and claims say.
#![no_main]

use ledger::token::{Token, TokenError};
use ledger::{Millis, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(token) = Token::parse(text) {
        let key = SecretKey::from_seed(&[7; 32]).public();
        let verified = token.verify(&key, "fuzz.example/log", Millis::new(0));
        assert_eq!(verified, Err(TokenError::Signature));
    }
});
