//! The table against its second statement, the protocol and the documentation.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;

/// Someone who is this reader and nothing else. Who has a role or owns
/// something is a member too, but a member's cell is one of its own.
fn only(reader: Reader) -> Standing {
    let role = |role| Standing {
        roles: vec![role],
        ..Standing::default()
    };
    match reader {
        Reader::Public => Standing::default(),
        Reader::Member => Standing {
            is_member: true,
            ..Standing::default()
        },
        Reader::Party => Standing {
            is_party: true,
            ..Standing::default()
        },
        Reader::Proxy => Standing {
            is_proxy: true,
            ..Standing::default()
        },
        Reader::Staff => role(Role::Staff),
        Reader::FundAdmin => role(Role::FundAdmin),
        Reader::Operator => role(Role::Operator),
        Reader::Regulator => role(Role::Regulator),
        Reader::Auditor => role(Role::Auditor),
    }
}

/// What the table must say, written by hand a second time. Columns: public,
/// member, party, proxy, staff, fund administrator, operator, regulator, auditor.
const EXPECTED: [(Resource, &str); 28] = [
    (Resource::Log, "xxxxxxxxx"),
    (Resource::Records, "------xxx"),
    (Resource::Record, "--x---xxx"),
    (Resource::Books, "------xxx"),
    (Resource::MemberAccount, "--xxx-xxx"),
    (Resource::SharedAccount, "-x-------"),
    (Resource::Member, "--xxx-xxx"),
    (Resource::UnitMembers, "----x-xxx"),
    (Resource::OpenRequests, "-x-------"),
    (Resource::OpenService, "-x-------"),
    (Resource::Service, "--xxx-xxx"),
    (Resource::MemberServices, "--xxx-xxx"),
    (Resource::Suggestions, "----x-x--"),
    (Resource::Due, "-x-------"),
    (Resource::Fund, "-x-------"),
    (Resource::Proposal, "--x-xxxxx"),
    (Resource::UnitProposals, "----xxxxx"),
    (Resource::Report, "----xxxxx"),
    (Resource::Disclosure, "-x-------"),
    (Resource::ReportLists, "----x-xxx"),
    (Resource::PersonalOpening, "--x-x-x--"),
    (Resource::OfficialOpening, "--x-xxxxx"),
    (Resource::OpeningReads, "--x---x-x"),
    (Resource::Offer, "--x-x-x--"),
    (Resource::People, "----x-x--"),
    (Resource::Deposit, "--x------"),
    (Resource::PersonalErasure, "--x---x--"),
    (Resource::OfficialErasure, "------x--"),
];

#[test]
fn every_cell_is_as_expected() {
    let rows: Vec<Resource> = EXPECTED.iter().map(|(resource, _)| *resource).collect();
    assert_eq!(rows, Resource::ALL);
    for (resource, cells) in EXPECTED {
        for (reader, cell) in Reader::ALL.into_iter().zip(cells.chars()) {
            let allowed = resource.allows(&only(reader));
            assert_eq!(allowed, cell == 'x', "{resource:?} {reader:?}");
        }
    }
}

#[test]
fn whoever_has_a_role_still_reads_what_any_member_reads() {
    let standing = Standing {
        is_member: true,
        is_party: false,
        is_proxy: false,
        roles: vec![Role::Auditor],
    };
    assert!(Resource::Fund.allows(&standing));
    assert!(Resource::Records.allows(&standing));
    assert!(!Resource::Records.allows(&Standing {
        roles: vec![Role::Staff, Role::FundAdmin],
        ..standing
    }));
}

#[test]
fn every_read_of_the_protocol_stands_in_the_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../proto/timebank/v1");
    let mut calls = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the protocol's folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        let names = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("rpc "));
        calls.extend(names.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
    }
    let writes = ["SubmitEntry", "SubmitEntries"].map(str::to_owned);
    let reads: BTreeSet<String> = Resource::ALL
        .iter()
        .flat_map(|resource| resource.calls())
        .filter(|call| !call.starts_with('/'))
        .map(|call| (*call).to_owned())
        .collect();
    assert_eq!(
        calls,
        reads.union(&BTreeSet::from(writes)).cloned().collect()
    );
}

#[test]
fn the_documentation_shows_this_table() {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("| what | calls |");
    for reader in Reader::ALL {
        write!(text, " {} |", column(reader)).expect("a string");
    }
    writeln!(text, "\n|---|---|{}", ":-:|".repeat(Reader::ALL.len())).expect("a string");
    for resource in Resource::ALL {
        let calls: Vec<String> = resource
            .calls()
            .iter()
            .map(|call| format!("`{call}`"))
            .collect();
        write!(text, "| {} | {} |", resource.what(), calls.join(", ")).expect("a string");
        for reader in Reader::ALL {
            let cell = if resource.readers().contains(&reader) {
                "●"
            } else {
                ""
            };
            write!(text, " {cell} |").expect("a string");
        }
        text.push('\n');
    }
    crate::docs::check("reading.md", &text);
}

const fn column(reader: Reader) -> &'static str {
    match reader {
        Reader::Public => "anyone",
        Reader::Member => "any member",
        Reader::Party => "owner or party",
        Reader::Proxy => "their proxy",
        Reader::Staff => "staff",
        Reader::FundAdmin => "fund administrator",
        Reader::Operator => "operator",
        Reader::Regulator => "regulator",
        Reader::Auditor => "auditor",
    }
}

const INTRODUCTION: &str = include_str!("../introduction.md");
