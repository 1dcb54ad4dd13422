//! What is admitted, what is not, and for which reason.

mod faults;
mod golden;
mod precedence;
mod spelling;

use std::collections::BTreeSet;

use ledger::Rules;
use ledger::act::OpenLedger;
use ledger::entry::{Attestation, OnBehalf};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::rules::{CHOICES, PARAMETERS};
use prost::Message;
use prost_types::FileDescriptorSet;

use super::*;
use crate::testing::{acts, entry, give, golden_entry, open_ledger, priced_rules, sign};

#[test]
fn every_act_is_read_back_as_it_was_written() {
    for act in acts() {
        let entry = entry(act);
        let bytes = encode(&entry);
        assert_eq!(admit(&bytes), Ok(entry.clone()));
        assert_eq!(decode(&bytes), Ok(entry));
    }
}

#[test]
fn every_act_of_the_protocol_has_an_example() {
    let descriptors = FileDescriptorSet::decode(crate::FILE_DESCRIPTOR_SET).unwrap();
    let mut messages = descriptors.file.iter().flat_map(|file| &file.message_type);
    let entry = messages.find(|message| message.name() == "Entry").unwrap();
    let fields = entry
        .field
        .iter()
        .filter(|field| field.oneof_index.is_some());
    let in_protocol: BTreeSet<_> = fields
        .map(|field| field.type_name().trim_start_matches(".timebank.v1."))
        .collect();
    let acts = acts();
    let examples: BTreeSet<_> = acts.iter().map(Act::name).collect();
    assert_eq!(examples, in_protocol);
}

#[test]
fn every_field_of_the_envelope_is_read_back() {
    let entry = golden_entry();
    assert_eq!(admit(&encode(&entry)), Ok(entry));
}

#[test]
fn every_parameter_of_the_rules_is_read_back_as_itself() {
    let mut rules = serde_json::to_value(priced_rules()).unwrap();
    let numbers = PARAMETERS.iter().zip(100..);
    for (parameter, number) in numbers {
        rules[parameter.name] = number.into();
    }
    rules["issuance"] = "mint".into();
    rules["give_scope"] = "lineal".into();
    rules["rounding"] = "up".into();
    rules["death_rule"] = "pool".into();
    rules["guarantee"] = "municipal".into();
    for (name, _) in CHOICES {
        if let Some(flag) = rules[name].as_bool() {
            rules[name] = (!flag).into();
        }
    }
    let rules: Rules = serde_json::from_value(rules).unwrap();
    assert_eq!(Rules::try_from(v1::Rules::from(&rules)), Ok(rules));
}

#[test]
fn a_number_too_large_for_the_wire_is_said_as_the_largest() {
    let rules = Rules {
        quantum_minutes: u32::MAX,
        ..Rules::default()
    };
    assert_eq!(v1::Rules::from(&rules).quantum_minutes, i32::MAX);
    let seen = Seen {
        size: TreeSize::new(u64::MAX),
        root: Hash::EMPTY_ROOT,
    };
    assert_eq!(v1::SeenCheckpoint::from(&seen).tree_size, i64::MAX);
}

#[test]
fn enumerations_have_the_numbers_of_the_protocol() {
    for role in Role::ALL {
        assert_eq!(i32::from(role.number()), role.to_number());
        assert_eq!(Choice::parse("role", role.to_number()), Ok(role));
    }
    for need in [
        NeedCategory::None,
        NeedCategory::LivingAlone,
        NeedCategory::PartlyDisabled,
        NeedCategory::Disabled,
        NeedCategory::Hardship,
    ] {
        assert_eq!(NeedCategory::parse("need", need.to_number()), Ok(need));
    }
    let field = "role";
    assert_eq!(
        Role::parse(field, 0),
        Err(Rejection::FieldMissing { field })
    );
    assert_eq!(Role::parse(field, 6), Err(Rejection::EnumUnknown { field }));
    assert_eq!(
        Role::parse(field, -1),
        Err(Rejection::EnumUnknown { field })
    );
}

#[test]
fn a_signed_entry_is_read_back_as_it_was_written() {
    let entry = golden_entry();
    let signed = sign(&entry);
    let message = signed_entry_to(&signed);
    assert_eq!(signed_entry_from(message.clone()), Ok(signed.clone()));
    assert_eq!(admit_signed(message), Ok((signed, entry)));
}

#[test]
fn key_and_signature_have_their_lengths() {
    let message = signed_entry_to(&sign(&entry(give())));
    let missing = |field| Err(Rejection::FieldMissing { field });
    let cases = [
        (
            v1::SignedEntry {
                entry: Vec::new(),
                ..message.clone()
            },
            missing("entry"),
        ),
        (
            v1::SignedEntry {
                key_id: Vec::new(),
                ..message.clone()
            },
            missing("key_id"),
        ),
        (
            v1::SignedEntry {
                signature: Vec::new(),
                ..message.clone()
            },
            missing("signature"),
        ),
        (
            v1::SignedEntry {
                key_id: vec![0; 32],
                ..message.clone()
            },
            Err(Rejection::FieldLength {
                field: "key_id",
                bytes: 16,
            }),
        ),
        (
            v1::SignedEntry {
                signature: vec![0; 65],
                ..message.clone()
            },
            Err(Rejection::FieldLength {
                field: "signature",
                bytes: 64,
            }),
        ),
    ];
    for (message, refused) in cases {
        assert_eq!(signed_entry_from(message), refused);
    }
}

#[test]
fn an_entry_is_refused_for_its_own_fault_before_that_of_its_key() {
    let message = signed_entry_to(&sign(&entry(give())));
    let oversized = v1::SignedEntry {
        entry: vec![0; ENTRY_BYTES_MAX + 1],
        key_id: vec![1],
        ..message.clone()
    };
    let refused = Err(Rejection::EntryTooLarge {
        bytes_max: ENTRY_BYTES_MAX,
    });
    assert_eq!(admit_signed(oversized), refused);
    let mut wrong = v1::Entry::from(&entry(give()));
    wrong.attestation = 9;
    let both = v1::SignedEntry {
        entry: wrong.encode_to_vec(),
        key_id: vec![1],
        ..message
    };
    let refused = Err(Rejection::FieldLength {
        field: "key_id",
        bytes: 16,
    });
    assert_eq!(admit_signed(both), refused);
}

#[test]
fn acting_for_someone_is_attested_and_acting_for_oneself_is_not() {
    for attestation in [
        Attestation::Kiosk,
        Attestation::Attested,
        Attestation::Delegated,
    ] {
        let on_behalf_of = Some(OnBehalf {
            member: crate::testing::ELDER,
            attestation,
        });
        let entry = Entry {
            on_behalf_of,
            ..entry(give())
        };
        assert_eq!(admit(&encode(&entry)), Ok(entry));
    }
    let mut without_member = v1::Entry::from(&entry(give()));
    without_member.attestation = v1::Attestation::Kiosk.into();
    let mut without_attestation = v1::Entry::from(&entry(give()));
    without_attestation.on_behalf_of = vec![0x55; 16];
    for message in [without_member, without_attestation] {
        let bytes = message.encode_to_vec();
        assert_eq!(admit(&bytes), Err(Rejection::AttestationMismatch));
    }
}

#[test]
fn the_longest_name_is_admitted() {
    let act = OpenLedger {
        scheme_name: "银".repeat(66),
        ..open_ledger()
    };
    let entry = entry(act);
    assert_eq!(admit(&encode(&entry)), Ok(entry));
}
