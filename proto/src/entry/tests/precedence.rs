//! Two faults at a time: the first of the list is named.

use ledger::Rejection;
use prost::Message;

use super::faults::{Spoil, assert_refused, rules, seen};
use crate::entry::admit;
use crate::testing::{entry, give, open_ledger, request_care};
use crate::v1;

/// Checks that of any two faults the earlier of the list is named.
fn assert_precedence(base: &v1::Entry, faults: &[(Spoil<v1::Entry>, &str)]) {
    for (at, (spoil, reason)) in faults.iter().enumerate() {
        for (later, _) in &faults[at..] {
            let mut message = base.clone();
            later(&mut message);
            spoil(&mut message);
            let refused = admit(&message.encode_to_vec()).unwrap_err();
            assert_eq!(refused.reason(), *reason);
        }
    }
}

#[test]
fn of_two_faults_the_first_of_the_list_is_named_whatever_their_fields() {
    fn care(message: &mut v1::Entry) -> &mut v1::RequestCare {
        match &mut message.act {
            Some(v1::entry::Act::RequestCare(act)) => act,
            _ => unreachable!(),
        }
    }
    assert_precedence(
        &v1::Entry::from(&entry(request_care())),
        &[
            (|e| care(e).unit.clear(), "FIELD_MISSING"),
            (|e| e.author.push(0), "FIELD_LENGTH"),
            (|e| e.attestation = 4, "ENUM_UNKNOWN"),
            (|e| e.entry_id[8] = 0xff, "ENTRY_ID_NOT_V7"),
            (|e| care(e).minutes = 0, "AMOUNT_NOT_POSITIVE"),
            (|e| e.seen = Some(seen(-1, 32)), "NUMBER_OUT_OF_RANGE"),
            (|e| care(e).start_ms = -1, "TIME_OUT_OF_RANGE"),
            (|e| care(e).item.clear(), "ITEM_INVALID"),
            (|e| e.on_behalf_of = vec![0x55; 16], "ATTESTATION_MISMATCH"),
        ],
    );
}

#[test]
fn of_two_faults_of_a_genesis_the_first_of_the_list_is_named() {
    fn genesis(message: &mut v1::Entry) -> &mut v1::OpenLedger {
        match &mut message.act {
            Some(v1::entry::Act::OpenLedger(act)) => act,
            _ => unreachable!(),
        }
    }
    assert_precedence(
        &v1::Entry::from(&entry(open_ledger())),
        &[
            (|e| e.ledger.clear(), "FIELD_MISSING"),
            (|e| genesis(e).unit.push(0), "FIELD_LENGTH"),
            (|e| rules(genesis(e)).issuance = 9, "ENUM_UNKNOWN"),
            (|e| e.entry_id[6] = 0x40, "ENTRY_ID_NOT_V7"),
            (|e| rules(genesis(e)).version = -1, "NUMBER_OUT_OF_RANGE"),
            (
                |e| genesis(e).birth_month.get_or_insert_default().month = 0,
                "MONTH_OUT_OF_RANGE",
            ),
            (|e| genesis(e).scheme_name.clear(), "NAME_INVALID"),
            (
                |e| genesis(e).key.get_or_insert_default().public_key = vec![0; 32],
                "KEY_WEAK",
            ),
            (|e| e.attestation = 1, "ATTESTATION_MISMATCH"),
        ],
    );
}

#[test]
fn of_two_faults_of_a_kind_that_of_the_earlier_field_is_named() {
    let mut message = v1::Entry::from(&entry(give()));
    message.author.clear();
    message.entry_id.clear();
    let refused = Rejection::FieldMissing { field: "entry_id" };
    assert_refused(&message.encode_to_vec(), refused);
}
