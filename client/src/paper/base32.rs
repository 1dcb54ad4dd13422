//! Base32 without padding: RFC 4648, section 6. Its 32 characters are all in
//! the alphanumeric mode of QR codes, and none of them is taken for another.

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Writes bytes, eight characters for five.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut padded = [0; 8];
        padded[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(padded);
        let characters = (chunk.len() * 8).div_ceil(5);
        text.extend((0..characters).map(|n| digit(bits >> (35 - 5 * n) & 31)));
    }
    text
}

fn digit(value: u64) -> char {
    let index = usize::try_from(value).expect("five bits fit");
    char::from(ALPHABET[index])
}

/// Reads what [`encode`] writes; none for any other text.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 8 * 5 + 5);
    let (mut bits, mut held) = (0_u32, 0);
    for character in text.bytes() {
        let digit = ALPHABET.iter().position(|&known| known == character)?;
        bits = bits << 5 | u32::try_from(digit).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn the_vectors_of_the_rfc_are_written_and_read() {
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
        }
    }

    #[test]
    fn a_text_has_one_spelling() {
        for text in ["MZ", "M", "MY======", "my", "M1", "MZXW6YTBO", "MZ XQ"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
