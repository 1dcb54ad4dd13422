//! From a file to texts and back, and what is noticed on the way.

use ledger::log::leaf_hash;

use super::*;
use crate::paper::testing::file;

/// A part with another payload, and the check that goes with it.
fn made(part: &str, payload: &str) -> String {
    let fields: Vec<&str> = part.splitn(5, '-').collect();
    let body = format!("{}-{payload}", fields[..4].join("-"));
    let check = fingerprint(body.as_bytes());
    format!("{body}-{check}")
}

fn joined(parts: &[String]) -> Result<Vec<u8>, JoinError> {
    join(&parts.join("\n"))
}

#[test]
fn a_receipt_comes_back_byte_for_byte_in_whatever_order_its_codes_are_scanned() {
    let file = file(20);
    let mut parts = split(&file).unwrap();
    assert_eq!(parts.len(), 3);
    assert_eq!(joined(&parts), Ok(file.clone()));
    parts.reverse();
    assert_eq!(joined(&parts), Ok(file.clone()));
    parts.rotate_left(1);
    parts.push(parts[0].clone());
    assert_eq!(joined(&parts), Ok(file));
}

#[test]
fn what_people_do_to_texts_does_no_harm() {
    let file = file(20);
    let parts = split(&file).unwrap();
    let small = parts.join(" and then ").to_lowercase();
    assert_eq!(join(&small), Ok(file.clone()));
    let lines = |part: &String| {
        let letters: Vec<char> = part.chars().collect();
        let lines: Vec<String> = letters
            .chunks(60)
            .map(|line| line.iter().collect())
            .collect();
        lines.join("\r\n  ")
    };
    let broken: Vec<String> = parts.iter().map(lines).collect();
    assert_eq!(
        join(&format!("scanned:\n{}", broken.join("\n\n"))),
        Ok(file)
    );
}

#[test]
fn a_missing_part_is_named() {
    let mut parts = split(&file(20)).unwrap();
    parts.remove(1);
    let missing = vec![2];
    assert_eq!(joined(&parts), Err(JoinError::Missing { missing, of: 3 }));
    let missing = vec![1, 2];
    assert_eq!(
        joined(&parts[1..]),
        Err(JoinError::Missing { missing, of: 3 })
    );
}

#[test]
fn parts_of_two_receipts_are_not_mixed_up() {
    let (one, other) = (split(&file(20)).unwrap(), split(&file(21)).unwrap());
    let mixed = [one[0].clone(), other[1].clone(), one[2].clone()];
    let Err(JoinError::Mixed { files }) = joined(&mixed) else {
        panic!("the parts were taken for one receipt");
    };
    assert_eq!(files.len(), 2);
}

#[test]
fn every_wrong_letter_of_a_part_is_noticed() {
    let parts = split(&file(10)).unwrap();
    for (at, letter) in parts[1].char_indices() {
        let other = if letter == 'A' { "B" } else { "A" };
        for replacement in [other, "", "AA"] {
            let mut damaged = parts.clone();
            damaged[1].replace_range(at..=at, replacement);
            // What follows a whole part is passed over.
            if damaged[1].starts_with(&parts[1]) {
                continue;
            }
            assert!(joined(&damaged).is_err(), "{at}: {replacement:?}");
        }
    }
    let damaged = parts[1].replacen("-2-", "-1-", 1);
    let texts = [parts[0].clone(), damaged];
    assert_eq!(joined(&texts), Err(JoinError::Damaged { nth: 2 }));
}

#[test]
fn parts_that_are_whole_but_no_receipt_are_refused() {
    // Its check fits, but the first part has the payload of another file.
    let file = file(1);
    let parts = split(&file).unwrap();
    let other = split(&[&file[..], b"x"].concat()).unwrap();
    let payload = |part: &str| part.split('-').nth(4).unwrap().to_owned();
    let forged = made(&parts[0], &payload(&other[0]));
    let mut texts = parts.clone();
    texts[0] = forged;
    assert_eq!(joined(&texts), Err(JoinError::Spoilt));
}

#[test]
fn texts_without_a_part_are_refused() {
    assert_eq!(join(""), Err(JoinError::NoPart));
    assert_eq!(join("https://street.example"), Err(JoinError::NoPart));
    assert_eq!(join("TIMEBANK2-ABC-1-1-A-B"), Err(JoinError::OtherVersion));
    assert_eq!(join("TIMEBANK1-"), Err(JoinError::Damaged { nth: 1 }));
}

#[test]
fn a_file_that_is_far_longer_than_a_receipt_does_not_fit() {
    let noise: Vec<u8> = (0..2000_u64)
        .flat_map(|number| *leaf_hash(&number.to_be_bytes()).as_bytes())
        .collect();
    assert!(split(&noise).is_err());
    assert!(split(&noise[..50_000]).is_ok());
}
