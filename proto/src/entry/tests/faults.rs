//! One fault at a time.

use ledger::{Act, Fen, Minutes, Rejection};
use prost::Message;

use crate::entry::{admit, decode};
use crate::testing::{acts, enrol_member, entry, give, open_ledger, request_care};
use crate::v1;

/// Spoils one message.
pub(super) type Spoil<A> = fn(&mut A);

/// An entry with its act, to be spoilt.
macro_rules! spoilt {
    ($act:expr, $name:ident, $spoil:expr) => {{
        let mut message = v1::Entry::from(&entry($act));
        let Some(v1::entry::Act::$name(act)) = &mut message.act else {
            unreachable!()
        };
        let spoil: Spoil<v1::$name> = $spoil;
        spoil(act);
        message.encode_to_vec()
    }};
}

pub(super) fn assert_refused(bytes: &[u8], refused: Rejection) {
    assert_eq!(admit(bytes), Err(refused));
    assert_eq!(decode(bytes), Err(refused));
}

#[test]
fn an_envelope_is_refused_for_the_field_that_is_wrong() {
    let missing = |field| Rejection::FieldMissing { field };
    let length = |field, bytes| Rejection::FieldLength { field, bytes };
    let version_4 = *b"\x91\x91\x08\xf7\x52\xd1\x33\x20\x5b\xac\xf8\x47\xdb\x41\x48\xa8";
    let cases: [(Spoil<v1::Entry>, Rejection); 12] = [
        (|e| e.ledger.clear(), missing("ledger")),
        (|e| e.entry_id.clear(), missing("entry_id")),
        (|e| e.entry_id.push(0), length("entry_id", 16)),
        (|e| e.author.clear(), missing("author")),
        (|e| e.author.truncate(15), length("author", 16)),
        (|e| e.on_behalf_of = vec![0; 17], length("on_behalf_of", 16)),
        (
            |e| e.attestation = 4,
            Rejection::EnumUnknown {
                field: "attestation",
            },
        ),
        (
            |e| e.attestation = -1,
            Rejection::EnumUnknown {
                field: "attestation",
            },
        ),
        (
            |e| e.seen = Some(v1::SeenCheckpoint::default()),
            missing("seen.root_hash"),
        ),
        (|e| e.seen = Some(seen(1, 31)), length("seen.root_hash", 32)),
        (
            |e| e.seen = Some(seen(-1, 32)),
            Rejection::NumberOutOfRange {
                field: "seen.tree_size",
            },
        ),
        (|e| e.entry_id[6] = 0x40, Rejection::EntryIdNotV7),
    ];
    for (spoil, refused) in cases {
        let mut message = v1::Entry::from(&entry(give()));
        spoil(&mut message);
        assert_refused(&message.encode_to_vec(), refused);
    }
    let message = v1::Entry {
        entry_id: version_4.to_vec(),
        ..v1::Entry::from(&entry(give()))
    };
    assert_refused(&message.encode_to_vec(), Rejection::EntryIdNotV7);
}

pub(super) fn seen(tree_size: i64, bytes: usize) -> v1::SeenCheckpoint {
    v1::SeenCheckpoint {
        tree_size,
        root_hash: vec![0x33; bytes],
    }
}

#[test]
fn amounts_are_above_zero_and_below_their_maximum() {
    for minutes in [0, -1, i64::MIN] {
        let mut message = v1::Entry::from(&entry(give()));
        let recipient = vec![0x44; 16];
        message.act = Some(v1::entry::Act::Give(v1::Give { recipient, minutes }));
        assert_refused(&message.encode_to_vec(), Rejection::AmountNotPositive);
    }
    let max = Minutes::MAX;
    let bytes = spoilt!(give(), Give, |act| act.minutes = Minutes::MAX + 1);
    assert_refused(&bytes, Rejection::AmountTooLarge { max });
    let bytes = spoilt!(give(), Give, |act| act.minutes = i64::MAX);
    assert_refused(&bytes, Rejection::AmountTooLarge { max });
    let money = acts()
        .into_iter()
        .find(|act| matches!(act, Act::ReceiveMoney(_)))
        .unwrap();
    let bytes = spoilt!(money.clone(), ReceiveMoney, |act| act.fen = 0);
    assert_refused(&bytes, Rejection::AmountNotPositive);
    let bytes = spoilt!(money, ReceiveMoney, |act| act.fen = Fen::MAX + 1);
    assert_refused(&bytes, Rejection::AmountTooLarge { max: Fen::MAX });
}

#[test]
fn a_request_is_refused_for_the_field_that_is_wrong() {
    let time = Rejection::TimeOutOfRange {
        field: "request_care.start_ms",
    };
    let cases: [(Spoil<v1::RequestCare>, Rejection); 8] = [
        (
            |a| a.unit.clear(),
            Rejection::FieldMissing {
                field: "request_care.unit",
            },
        ),
        (
            |a| a.note_commitment.truncate(31),
            Rejection::FieldLength {
                field: "request_care.note_commitment",
                bytes: 32,
            },
        ),
        (|a| a.item.clear(), Rejection::ItemInvalid),
        (|a| a.item = "Walk".to_owned(), Rejection::ItemInvalid),
        (|a| a.item = "a".repeat(33), Rejection::ItemInvalid),
        (|a| a.start_ms = -1, time),
        (|a| a.start_ms = 7_258_118_400_000, time),
        (|a| a.minutes = 0, Rejection::AmountNotPositive),
    ];
    for (spoil, refused) in cases {
        assert_refused(&spoilt!(request_care(), RequestCare, spoil), refused);
    }
}

#[test]
fn a_genesis_is_refused_for_the_field_that_is_wrong() {
    let missing = |field| Rejection::FieldMissing { field };
    let cases: [(Spoil<v1::OpenLedger>, Rejection); 11] = [
        (|a| a.rules = None, missing("open_ledger.rules")),
        (|a| a.key = None, missing("open_ledger.key")),
        (|a| a.birth_month = None, missing("open_ledger.birth_month")),
        (|a| rules(a).issuance = 0, missing("rules.issuance")),
        (
            |a| rules(a).give_scope = 6,
            Rejection::EnumUnknown {
                field: "rules.give_scope",
            },
        ),
        (
            |a| rules(a).version = -1,
            Rejection::NumberOutOfRange {
                field: "rules.version",
            },
        ),
        (
            |a| rules(a).session_minutes_max = -1,
            Rejection::NumberOutOfRange {
                field: "rules.session_minutes_max",
            },
        ),
        (
            |a| a.scheme_name.clear(),
            Rejection::NameInvalid {
                field: "open_ledger.scheme_name",
            },
        ),
        (
            |a| a.hour_name = "a\nb".into(),
            Rejection::NameInvalid {
                field: "open_ledger.hour_name",
            },
        ),
        (
            |a| a.hour_name = "a".repeat(201),
            Rejection::NameInvalid {
                field: "open_ledger.hour_name",
            },
        ),
        (
            |a| a.birth_month.get_or_insert_default().month = 13,
            Rejection::MonthOutOfRange,
        ),
    ];
    for (spoil, refused) in cases {
        assert_refused(&spoilt!(open_ledger(), OpenLedger, spoil), refused);
    }
}

pub(super) fn rules(act: &mut v1::OpenLedger) -> &mut v1::Rules {
    act.rules.get_or_insert_default()
}

#[test]
fn a_key_outside_the_group_of_prime_order_is_weak() {
    let points = [
        // No point of the curve.
        "0200000000000000000000000000000000000000000000000000000000000000",
        // A second spelling of the identity.
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // The identity, and a point of order eight.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        // The base point plus the point of order two: of mixed order.
        "9599999999999999999999999999999999999999999999999999999999999999",
    ];
    for point in points {
        let mut message = v1::EnrolMember::from(&enrol_member());
        message.key.get_or_insert_default().public_key = hex::decode(point).unwrap();
        let act = Some(v1::entry::Act::EnrolMember(message));
        let message = v1::Entry {
            act,
            ..v1::Entry::from(&entry(give()))
        };
        assert_refused(&message.encode_to_vec(), Rejection::KeyWeak);
    }
}

#[test]
fn a_key_and_its_proof_have_their_lengths() {
    let field = "key.public_key";
    let bytes = spoilt!(enrol_member(), EnrolMember, |a| key(a)
        .public_key
        .truncate(31));
    assert_refused(&bytes, Rejection::FieldLength { field, bytes: 32 });
    let field = "key.proof_of_possession";
    let bytes = spoilt!(enrol_member(), EnrolMember, |a| key(a)
        .proof_of_possession
        .clear());
    assert_refused(&bytes, Rejection::FieldMissing { field });
    let bytes = spoilt!(enrol_member(), EnrolMember, |a| key(a)
        .proof_of_possession
        .push(0));
    assert_refused(&bytes, Rejection::FieldLength { field, bytes: 64 });
}

fn key(act: &mut v1::EnrolMember) -> &mut v1::NewKey {
    act.key.get_or_insert_default()
}
