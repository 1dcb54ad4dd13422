//! Compression of bundles: gzip for those who accept it (RFC 9110, section
//! 12.5.3), which C2SP tlog-tiles asks of every log. Hashes do not compress.

use std::io::Write;

use axum::http::HeaderValue;
use flate2::Compression;
use flate2::write::GzEncoder;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Encoding {
    /// Not at all.
    Identity,
    /// As gzip (RFC 1952).
    Gzip,
}

impl Encoding {
    /// What a reader who says this accepts; nothing said is nothing accepted.
    pub(super) fn accepted(header: Option<&HeaderValue>) -> Self {
        let header = header.and_then(|value| value.to_str().ok());
        let weight = |name: &str| {
            let mut choices = header.unwrap_or_default().split(',').map(weighed);
            choices.find(|(coding, _)| coding.eq_ignore_ascii_case(name))
        };
        match weight("gzip").or_else(|| weight("*")) {
            Some((_, true)) => Self::Gzip,
            _ => Self::Identity,
        }
    }
}

/// A coding, and whether its weight is above zero.
fn weighed(choice: &str) -> (&str, bool) {
    let mut parts = choice.split(';').map(str::trim);
    let coding = parts.next().unwrap_or_default();
    let refused = parts.any(|part| {
        let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
        weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
    });
    (coding, !refused)
}

/// Packs a bundle.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let written = packed.write_all(bytes);
    written
        .and_then(|()| packed.finish())
        .expect("memory takes any bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_those_who_accept_it() {
        let accepted = |header: &'static str| {
            let header = HeaderValue::from_static(header);
            Encoding::accepted(Some(&header))
        };
        for header in [
            "gzip",
            "GZip",
            "deflate, gzip;q=0.5, br",
            "identity;q=0.1 , gzip ;q=1.000",
            "*",
            "br;q=0, *;q=0.1",
        ] {
            assert_eq!(accepted(header), Encoding::Gzip, "{header}");
        }
        for header in ["", "identity", "br", "gzip;q=0", "gzip; q=0.00, *", "*;q=0"] {
            assert_eq!(accepted(header), Encoding::Identity, "{header}");
        }
        assert_eq!(Encoding::accepted(None), Encoding::Identity);
    }
}
