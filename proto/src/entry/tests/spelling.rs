//! One meaning, one spelling: the bytes of an entry, by hand.

use ledger::Rejection;
use ledger::entry::ENTRY_BYTES_MAX;

use crate::entry::{admit, decode, encode};
use crate::testing::{AUTHOR, entry, give, golden_entry, id};

/// A varint field.
fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

/// A field of bytes, text or a message.
fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    let length = u64::try_from(value.len()).unwrap();
    [varint(field << 3 | 2), varint(length), value.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut encoded = Vec::new();
    while value >= 0x80 {
        encoded.push(0x80 | u8::try_from(value & 0x7f).unwrap());
        value >>= 7;
    }
    encoded.push(u8::try_from(value).unwrap());
    encoded
}

/// The fields of an entry that gives an hour, in their order.
fn parts() -> [Vec<u8>; 4] {
    [
        bytes(1, b"hours.example/ledger"),
        bytes(2, id().as_bytes()),
        bytes(3, AUTHOR.as_bytes()),
        bytes(32, &[recipient(), number(2, 60)].concat()),
    ]
}

fn recipient() -> Vec<u8> {
    bytes(1, &[0x44; 16])
}

/// The entry with another spelling of its act.
fn with_act(act: &[u8]) -> Vec<u8> {
    let [ledger, id, author, _] = parts();
    [ledger, id, author, bytes(32, act)].concat()
}

#[test]
fn the_one_spelling_is_admitted() {
    let written = parts().concat();
    assert_eq!(encode(&entry(give())), written);
    assert_eq!(admit(&written), Ok(entry(give())));
}

#[test]
fn every_other_spelling_is_refused_but_still_read_when_it_is_recorded() {
    for (spelling, bytes) in envelopes().into_iter().chain(acts()) {
        assert_eq!(
            admit(&bytes),
            Err(Rejection::EntryNotCanonical),
            "{spelling}"
        );
        assert_eq!(decode(&bytes), Ok(entry(give())), "{spelling}");
    }
}

/// The entry with its envelope spelt otherwise.
fn envelopes() -> [(&'static str, Vec<u8>); 10] {
    let [ledger, id, author, act] = parts();
    let text = b"hours.example/ledger".as_slice();
    let long_length = [&[0x0a, 0x94, 0x00], text].concat();
    let long_tag = [&[0x8a, 0x00, 0x14], text].concat();
    let rest = [id.clone(), author.clone(), act.clone()].concat();
    let head = [ledger.clone(), id.clone(), author.clone()].concat();
    [
        (
            "fields in another order",
            [id, ledger, author, act.clone()].concat(),
        ),
        (
            "a length with a byte too many",
            [long_length, rest.clone()].concat(),
        ),
        (
            "a tag with a byte too many",
            [long_tag, rest.clone()].concat(),
        ),
        (
            "a default that is said",
            [head.clone(), number(5, 0), act.clone()].concat(),
        ),
        (
            "an empty field that is said",
            [head.clone(), bytes(4, b""), act.clone()].concat(),
        ),
        (
            "a field that nobody knows",
            [head.clone(), number(15, 1), act.clone()].concat(),
        ),
        (
            "one more after the act",
            [head.clone(), act.clone(), bytes(99, b"x")].concat(),
        ),
        (
            "a field twice",
            [bytes(1, text), bytes(1, text), rest].concat(),
        ),
        (
            "the act twice",
            [head.clone(), act.clone(), act.clone()].concat(),
        ),
        (
            "two acts",
            [head, bytes(35, &bytes(1, &[1; 16])), act].concat(),
        ),
    ]
}

/// The entry with its act spelt otherwise.
fn acts() -> [(&'static str, Vec<u8>); 5] {
    let long_number = [0x10, 0xbc, 0x00].to_vec();
    [
        (
            "a number with a byte too many",
            with_act(&[recipient(), long_number].concat()),
        ),
        (
            "fields of the act in another order",
            with_act(&[number(2, 60), recipient()].concat()),
        ),
        (
            "an unknown field",
            with_act(&[recipient(), number(2, 60), number(3, 1)].concat()),
        ),
        (
            "an earlier value",
            with_act(&[recipient(), number(2, 9), number(2, 60)].concat()),
        ),
        (
            "an earlier default",
            with_act(&[recipient(), number(2, 0), number(2, 60)].concat()),
        ),
    ]
}

#[test]
fn a_number_that_only_fits_when_cut_is_refused() {
    let [ledger, id, author, act] = parts();
    let behalf = bytes(4, &[0x55; 16]);
    for attestation in [(1 << 32) + 1, 0xffff_ffff] {
        let attestation = number(5, attestation);
        let parts = [&ledger, &id, &author, &behalf, &attestation, &act];
        let bytes = parts.map(Vec::as_slice).concat();
        assert_eq!(admit(&bytes), Err(Rejection::EntryNotCanonical));
    }
}

#[test]
fn no_beginning_of_an_entry_is_an_entry() {
    let bytes = encode(&golden_entry());
    let mut malformed = 0;
    for length in 0..bytes.len() {
        match admit(&bytes[..length]) {
            Err(Rejection::EntryMalformed) => malformed += 1,
            // Cut between two fields.
            refused => assert_eq!(refused, Err(Rejection::ActUnknown), "{length}"),
        }
    }
    assert_eq!(malformed, bytes.len() - 7);
}

#[test]
fn bytes_that_are_no_protobuf_are_malformed() {
    let [_, id, author, act] = parts();
    let rest = [id, author, act].concat();
    let cases = [
        (
            "text that is not UTF-8",
            [bytes(1, &[0xff]), rest.clone()].concat(),
        ),
        ("another wire type", [number(1, 7), rest.clone()].concat()),
        (
            "field number zero",
            [vec![0x02, 0x00], rest.clone()].concat(),
        ),
        (
            "a group without an end",
            [rest.clone(), vec![0x7b]].concat(),
        ),
        ("an endless varint", [rest, vec![0xff; 11]].concat()),
        ("JSON", b"{\"ledger\":\"hours.example/ledger\"}".to_vec()),
    ];
    for (case, bytes) in cases {
        assert_eq!(admit(&bytes), Err(Rejection::EntryMalformed), "{case}");
        assert_eq!(decode(&bytes), Err(Rejection::EntryMalformed), "{case}");
    }
}

#[test]
fn an_act_that_this_version_does_not_know_is_named_as_the_fault() {
    let [ledger, id, author, _] = parts();
    let head = [ledger, id, author].concat();
    for bytes in [
        Vec::new(),
        head.clone(),
        [head, bytes(500, &[0x44; 16])].concat(),
    ] {
        assert_eq!(admit(&bytes), Err(Rejection::ActUnknown));
        assert_eq!(decode(&bytes), Err(Rejection::ActUnknown));
    }
}

#[test]
fn length_is_checked_before_anything_else() {
    let padded = |length: usize| {
        let entry = encode(&entry(give()));
        let padding = length - entry.len() - 3;
        [entry, bytes(15, &vec![0; padding])].concat()
    };
    let longest = padded(ENTRY_BYTES_MAX);
    assert_eq!(longest.len(), ENTRY_BYTES_MAX);
    assert_eq!(admit(&longest), Err(Rejection::EntryNotCanonical));
    let longer = padded(ENTRY_BYTES_MAX + 1);
    let refused = Rejection::EntryTooLarge {
        bytes_max: ENTRY_BYTES_MAX,
    };
    assert_eq!(admit(&longer), Err(refused));
    assert_eq!(admit(&vec![0xff; ENTRY_BYTES_MAX + 1]), Err(refused));
    assert_eq!(decode(&longer), Ok(entry(give())));
}
