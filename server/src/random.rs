//! The server's one source of randomness: the operating system's.

use std::io;

/// Fresh bytes, for a key, a nonce or a secret.
pub(crate) fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    #[expect(
        clippy::disallowed_methods,
        reason = "the server draws its randomness here"
    )]
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}
