//! The table: who may read what. It is stated once; the check, the text of the
//! refusal and docs/reading.md are made from it.

use ledger::role::Role;
use serde::Serialize;

/// Who may read something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Anyone, without a token.
    Public,
    /// Any member of the ledger.
    Member,
    /// A member whose own it is: the owner or a party.
    Party,
    /// Staff of the unit.
    Staff,
    /// A fund administrator of the unit.
    FundAdmin,
    /// An operator of the unit.
    Operator,
    /// A regulator of the unit.
    Regulator,
    /// An auditor of the unit.
    Auditor,
}

impl Reader {
    /// All readers, in the order of the columns.
    pub const ALL: [Self; 8] = [
        Self::Public,
        Self::Member,
        Self::Party,
        Self::Staff,
        Self::FundAdmin,
        Self::Operator,
        Self::Regulator,
        Self::Auditor,
    ];
}

/// How a reader stands to what is asked for.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Whether the reader is a member.
    pub is_member: bool,
    /// Whether it is the reader's own.
    pub is_party: bool,
    /// The roles of the reader that count for it.
    pub roles: Vec<Role>,
}

impl Standing {
    fn is(&self, reader: Reader) -> bool {
        match reader {
            Reader::Public => true,
            Reader::Member => self.is_member,
            Reader::Party => self.is_party,
            Reader::Staff => self.roles.contains(&Role::Staff),
            Reader::FundAdmin => self.roles.contains(&Role::FundAdmin),
            Reader::Operator => self.roles.contains(&Role::Operator),
            Reader::Regulator => self.roles.contains(&Role::Regulator),
            Reader::Auditor => self.roles.contains(&Role::Auditor),
        }
    }
}

/// Declares the resources: what it is, by which calls it is read, by whom.
macro_rules! resources {
    ($(#[doc = $what:literal] $name:ident: $($call:literal),+; $($reader:ident),+;)*) => {
        /// What can be read: a row of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Resource {
            $(#[doc = $what] $name,)*
        }

        impl Resource {
            /// All resources, in the order of the rows.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it is, in words.
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what.trim_ascii(),)* }
            }

            /// The calls by which it is read.
            pub const fn calls(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($call),+],)* }
            }

            /// Who may read it.
            pub const fn readers(self) -> &'static [Reader] {
                match self { $(Self::$name => &[$(Reader::$reader),+],)* }
            }
        }
    };
}

resources! {
    /// The ledger's name and rules, its units, checkpoints, proofs and hash tiles.
    Log: "GetLedger", "GetCheckpoint", "GetInclusionProof", "GetConsistencyProof", "ListUnits",
        "/log/checkpoint", "/log/tile/{level}/…";
        Public;
    /// All records: what was signed, in order.
    Records: "StreamRecords", "/log/tile/entries/…";
        Operator, Regulator, Auditor;
    /// One record and its receipt. A party is who signed it or for whom it was signed.
    Record: "GetRecord", "GetReceipt";
        Party, Operator, Regulator, Auditor;
    /// All accounts, postings and state rows.
    Books: "ListAccounts", "StreamState", "StreamPostings";
        Operator, Regulator, Auditor;
    /// A member's account and its statement. The unit is the member's home unit.
    MemberAccount: "GetAccount", "ListPostings";
        Party, Staff, Operator, Regulator, Auditor;
    /// The accounts that are no member's: pools, issued, retired, the fund.
    SharedAccount: "GetAccount", "ListPostings";
        Member;
    /// A member. The unit is the member's home unit.
    Member: "GetMember";
        Party, Staff, Operator, Regulator, Auditor;
    /// The members of a unit.
    UnitMembers: "ListMembers";
        Staff, Operator, Regulator, Auditor;
    /// The services of a unit that wait for a volunteer.
    OpenRequests: "ListOpenRequests";
        Member;
    /// A service that waits for a volunteer.
    OpenService: "GetService";
        Member;
    /// Any other service. Parties are recipient and volunteer; the unit is the service's or the recipient's home unit.
    Service: "GetService";
        Party, Staff, Operator, Regulator, Auditor;
    /// The services of a member that are not closed. The unit is the member's home unit.
    MemberServices: "ListOpenServices";
        Party, Staff, Operator, Regulator, Auditor;
    /// What is due and may be expired, by number only.
    Due: "ListDue";
        Member;
    /// The standing of the fund.
    Fund: "GetFund";
        Member;
    /// A proposal. Parties are the proposer, and who gains or loses by it.
    Proposal: "GetProposal";
        Party, Staff, FundAdmin, Operator, Regulator, Auditor;
    /// The undecided proposals of a unit.
    UnitProposals: "ListProposals";
        Staff, FundAdmin, Operator, Regulator, Auditor;
}

impl Resource {
    /// Whether someone who stands so may read it.
    pub fn allows(self, standing: &Standing) -> bool {
        self.readers().iter().any(|reader| standing.is(*reader))
    }
}

#[cfg(test)]
mod tests {
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
            Reader::Staff => role(Role::Staff),
            Reader::FundAdmin => role(Role::FundAdmin),
            Reader::Operator => role(Role::Operator),
            Reader::Regulator => role(Role::Regulator),
            Reader::Auditor => role(Role::Auditor),
        }
    }

    /// What the table must say, written by hand a second time. Columns: public,
    /// member, party, staff, fund administrator, operator, regulator, auditor.
    const EXPECTED: [(Resource, &str); 16] = [
        (Resource::Log, "xxxxxxxx"),
        (Resource::Records, "-----xxx"),
        (Resource::Record, "--x--xxx"),
        (Resource::Books, "-----xxx"),
        (Resource::MemberAccount, "--xx-xxx"),
        (Resource::SharedAccount, "-x------"),
        (Resource::Member, "--xx-xxx"),
        (Resource::UnitMembers, "---x-xxx"),
        (Resource::OpenRequests, "-x------"),
        (Resource::OpenService, "-x------"),
        (Resource::Service, "--xx-xxx"),
        (Resource::MemberServices, "--xx-xxx"),
        (Resource::Due, "-x------"),
        (Resource::Fund, "-x------"),
        (Resource::Proposal, "--xxxxxx"),
        (Resource::UnitProposals, "---xxxxx"),
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
            Reader::Staff => "staff",
            Reader::FundAdmin => "fund administrator",
            Reader::Operator => "operator",
            Reader::Regulator => "regulator",
            Reader::Auditor => "auditor",
        }
    }

    const INTRODUCTION: &str = include_str!("introduction.md");
}
