//! In which field two entries differ: for the one who used an `entry_id` twice.

use ledger::SignedEntry;
use prost::Message;

use crate::v1;
use crate::v1::entry::Act;

/// Names the first field in which two signed entries differ, such as
/// "give.minutes"; nothing if they are the same.
///
/// The entry is compared before key and signature. Bytes that are no entry, or
/// that spell the same one in two ways, differ as a whole: in "entry".
pub fn which_field_differs(first: &SignedEntry, second: &SignedEntry) -> Option<&'static str> {
    let SignedEntry {
        bytes,
        key_id,
        signature,
    } = first;
    if *bytes != second.bytes {
        Some(entry_difference(bytes, &second.bytes).unwrap_or("entry"))
    } else if *key_id != second.key_id {
        Some("key_id")
    } else if *signature != second.signature {
        Some("signature")
    } else {
        None
    }
}

fn entry_difference(first: &[u8], second: &[u8]) -> Option<&'static str> {
    let first = v1::Entry::decode(first).ok()?;
    let second = v1::Entry::decode(second).ok()?;
    let v1::Entry {
        ledger,
        entry_id,
        author,
        on_behalf_of,
        attestation,
        seen,
        act,
    } = first;
    let fields = [
        ("ledger", ledger == second.ledger),
        ("entry_id", entry_id == second.entry_id),
        ("author", author == second.author),
        ("on_behalf_of", on_behalf_of == second.on_behalf_of),
        ("attestation", attestation == second.attestation),
        ("seen", seen == second.seen),
    ];
    let different = fields.into_iter().find(|(_, same)| !same);
    different
        .map(|(field, _)| field)
        .or_else(|| act_difference(&act?, &second.act?))
}

/// Compares acts of one kind field by field, and names acts of two kinds.
macro_rules! acts {
    ($($act:ident $path:literal { $($field:ident),* })*) => {
        fn act_difference(first: &Act, second: &Act) -> Option<&'static str> {
            match first {
                $(Act::$act(v1::$act { $($field),* }) => match second {
                    Act::$act(second) => {
                        $(if *$field != second.$field {
                            return Some(concat!($path, ".", stringify!($field)));
                        })*
                        let _: &v1::$act = second;
                        None
                    }
                    _ => Some("act"),
                },)*
            }
        }
    };
}

acts! {
    OpenLedger "open_ledger" { unit, scheme_name, hour_name, rules, key, birth_month }
    OpenUnit "open_unit" { unit, parent, display_name, kind }
    EnrolMember "enrol_member" { member, unit, birth_month, need, key, identity_commitment }
    AddKey "add_key" { key }
    RevokeKey "revoke_key" { key_id }
    Appoint "appoint" { member, unit, role }
    Dismiss "dismiss" { member, unit, role }
    RequestCare "request_care" { unit, item, start_ms, minutes, note_commitment }
    AcceptCare "accept_care" { service }
    CancelCare "cancel_care" { service, reason }
    LogService "log_service" { service, start_ms, minutes, evidence_hash }
    ConfirmService "confirm_service" { service, minutes }
    Give "give" { recipient, minutes }
    Donate "donate" { unit, minutes }
    Grant "grant" { unit, recipient, minutes, source, reason_commitment }
    Approve "approve" { proposal }
    Refuse "refuse" { proposal, reason_commitment }
    Reverse "reverse" { entry_id, reason_commitment }
    ReceiveMoney "receive_money" { unit, fen, voucher_hash, line }
    Expire "expire" { target }
    RecoverKey "recover_key" { member, key, identity_commitment }
    ObjectRecovery "object_recovery" { recovery }
    AdoptState "adopt_state" { abandoned_tree_size, abandoned_root_hash, reason_commitment }
    AdoptRules "adopt_rules" { rules, from_ms, reason_commitment }
    ChangeUnit "change_unit" { unit, change, successor, reason_commitment }
    SetOptions "set_options" { unit, options, from_ms, reason_commitment }
    RecordEvent "record_event" { unit, item, start_ms, roster, source, evidence_hash }
    SettleClearing "settle_clearing" { unit, other, minutes, statement_hash }
    AssessNeed "assess_need" { member, need, assessment_commitment }
    UpdateProfile "update_profile" { member, profile_commitment }
    Dedicate "dedicate" { dedicated }
    MoveMember "move_member" { unit }
    MergeMembers "merge_members" { member, into, papers_commitment }
    Delegate "delegate" { proxy, scopes, until_ms }
    EndDelegation "end_delegation" { member, proxy }
    LinkKin "link_kin" { member, kin, relation, papers_commitment }
    UnlinkKin "unlink_kin" { member, kin, reason_commitment }
    NameBeneficiary "name_beneficiary" { beneficiary }
    Block "block" { other, blocked }
    Certify "certify" { member, certificate, until_ms, papers_commitment }
    Agree "agree" { agreement_commitment }
    Suspend "suspend" { member, until_ms, reason_commitment }
    Reinstate "reinstate" { member, reason_commitment }
    Freeze "freeze" { member, until_ms, reason_commitment }
    Unfreeze "unfreeze" { member, reason_commitment }
    RecordDeath "record_death" { member, papers_commitment }
    SettleEstate "settle_estate" { member, heir, papers_commitment }
    CloseMember "close_member" {}
    StartVisit "start_visit" { service, evidence_hash }
    DisputeService "dispute_service" { service, reason_commitment }
    RuleOnDispute "rule_on_dispute" { service, ruling, minutes, reason_commitment }
    ReportNoShow "report_no_show" { service }
    Rate "rate" { service, stars, remark_commitment }
    TakeBack "take_back" { entry_id }
    ExpireHours "expire_hours" { member }
    ImportHours "import_hours" { member, minutes, scan_hash }
    PayMoney "pay_money" { unit, line, fen, voucher_hash }
    PurchaseCare "purchase_care" { service, fen, voucher_hash }
    SetBudget "set_budget" { unit, line, limit, reason_commitment }
    PublishValuation "publish_valuation" { unit, liability_fen, reserve_fen, document_hash }
    OpenCase "open_case" { unit, kind, report_commitment }
    CloseCase "close_case" { case_id, outcome, answer_commitment }
    GiveOpinion "give_opinion" { unit, tree_size, root_hash, opinion, report_hash }
    RecordSample "record_sample" { unit, tree_size, root_hash, drawn, confirmed, denied, protocol_hash }
}

#[cfg(test)]
mod tests {
    use ledger::act::Give;
    use ledger::entry::{Attestation, OnBehalf, Seen};
    use ledger::log::{Hash, TreeSize};
    use ledger::{Entry, KeyId, MemberId, Signature};

    use super::*;
    use crate::testing::{AUTHOR, ELDER, acts, entry, give, golden_entry, minutes, sign};

    fn difference(first: &Entry, second: &Entry) -> Option<&'static str> {
        which_field_differs(&sign(first), &sign(second))
    }

    #[test]
    fn the_first_field_that_differs_is_named() {
        let base = entry(give());
        let behalf = |attestation| {
            Some(OnBehalf {
                member: ELDER,
                attestation,
            })
        };
        let kiosk = Entry {
            on_behalf_of: behalf(Attestation::Kiosk),
            ..base.clone()
        };
        let attested = Entry {
            on_behalf_of: behalf(Attestation::Attested),
            ..base.clone()
        };
        let seen = Some(Seen {
            size: TreeSize::new(1),
            root: Hash::EMPTY_ROOT,
        });
        let ledger = Entry {
            ledger: "other".into(),
            author: ELDER,
            ..base.clone()
        };
        let less = Give {
            minutes: minutes(15),
            ..give()
        };
        let other = Give {
            recipient: AUTHOR,
            minutes: minutes(15),
        };
        assert_eq!(difference(&base, &ledger), Some("ledger"));
        let author = MemberId::from_bytes([9; 16]);
        assert_eq!(
            difference(
                &base,
                &Entry {
                    author,
                    ..base.clone()
                }
            ),
            Some("author")
        );
        assert_eq!(difference(&base, &kiosk), Some("on_behalf_of"));
        assert_eq!(difference(&attested, &kiosk), Some("attestation"));
        assert_eq!(
            difference(
                &base,
                &Entry {
                    seen,
                    ..base.clone()
                }
            ),
            Some("seen")
        );
        assert_eq!(difference(&base, &entry(less)), Some("give.minutes"));
        assert_eq!(difference(&base, &entry(other)), Some("give.recipient"));
        assert_eq!(
            difference(&base, &entry(crate::testing::grant())),
            Some("act")
        );
    }

    #[test]
    fn an_entry_differs_from_all_others_and_not_from_itself() {
        let acts = acts();
        for (i, first) in acts.iter().enumerate() {
            for (j, second) in acts.iter().enumerate() {
                let difference = difference(&entry(first.clone()), &entry(second.clone()));
                assert_eq!(difference.is_none(), i == j, "{first:?} {second:?}");
                assert!(first.name() == second.name() || difference == Some("act"));
            }
        }
    }

    #[test]
    fn key_and_signature_are_compared_after_the_entry() {
        let signed = sign(&golden_entry());
        let key_id = KeyId::from_bytes([1; 16]);
        let signature = Signature::from_bytes([1; 64]);
        let other_key = SignedEntry {
            key_id,
            signature,
            ..signed.clone()
        };
        assert_eq!(which_field_differs(&signed, &other_key), Some("key_id"));
        let other_signature = SignedEntry {
            signature,
            ..signed.clone()
        };
        assert_eq!(
            which_field_differs(&signed, &other_signature),
            Some("signature")
        );
        let other_entry = SignedEntry {
            signature,
            ..sign(&entry(give()))
        };
        assert_eq!(
            which_field_differs(&signed, &other_entry),
            Some("on_behalf_of")
        );
    }

    #[test]
    fn bytes_that_cannot_be_compared_differ_as_a_whole() {
        let signed = sign(&entry(give()));
        let spelt = [signed.bytes.clone(), vec![0x78, 1]].concat();
        for bytes in [spelt, b"no entry".to_vec()] {
            let other = SignedEntry {
                bytes,
                ..signed.clone()
            };
            assert_eq!(which_field_differs(&signed, &other), Some("entry"));
        }
    }
}
