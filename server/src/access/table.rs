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
    /// Whom a party has named as proxy for care.
    Proxy,
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
    pub const ALL: [Self; 9] = [
        Self::Public,
        Self::Member,
        Self::Party,
        Self::Proxy,
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
    /// Whether the reader is proxy for care of somebody whose own it is.
    pub is_proxy: bool,
    /// The roles of the reader that count for it.
    pub roles: Vec<Role>,
}

impl Standing {
    fn is(&self, reader: Reader) -> bool {
        match reader {
            Reader::Public => true,
            Reader::Member => self.is_member,
            Reader::Party => self.is_party,
            Reader::Proxy => self.is_proxy,
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
        Party, Proxy, Staff, Operator, Regulator, Auditor;
    /// The accounts that are no member's: pools, issued, retired, the fund.
    SharedAccount: "GetAccount", "ListPostings";
        Member;
    /// A member. The unit is the member's home unit.
    Member: "GetMember";
        Party, Proxy, Staff, Operator, Regulator, Auditor;
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
        Party, Proxy, Staff, Operator, Regulator, Auditor;
    /// The services of a member that are not closed. The unit is the member's home unit.
    MemberServices: "ListOpenServices";
        Party, Proxy, Staff, Operator, Regulator, Auditor;
    /// Who might take on a service.
    Suggestions: "ListSuggestions";
        Staff, Operator;
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
    /// The indicators of a unit and a month.
    Report: "GetReport";
        Staff, FundAdmin, Operator, Regulator, Auditor;
    /// What the fund of a unit tells the public.
    Disclosure: "GetDisclosure";
        Member;
    /// What to look into in a unit: savers, honours, reviews, open cases, overrides, visits to call back about.
    ReportLists: "ListReportEvents", "ListSavers", "ListHonours", "ListReviews", "ListOpenCases", "DrawSample";
        Staff, Operator, Regulator, Auditor;
    /// The opening of a note, of evidence or of identity papers. Parties are who signed the entry and for whom, the recipient or the member whose papers they are, and of a note its volunteer; the unit is the service's or that member's home unit.
    PersonalOpening: "GetOpening";
        Party, Staff, Operator;
    /// The opening of a reason or of a voucher. Parties are who signed the entry, and those of the proposal; the unit is the proposal's, the fund's or, of an adopted state, the scheme's.
    OfficialOpening: "GetOpening";
        Party, Staff, FundAdmin, Operator, Regulator, Auditor;
    /// Who has read an opening. Parties are who signed the entry and for whom, and whom it tells of.
    OpeningReads: "ListOpeningReads";
        Party, Operator, Auditor;
    /// What a member offers, also to put and to remove. The unit is the member's home unit.
    Offer: "GetOffer", "PutOffer", "DeleteOffer";
        Party, Staff, Operator;
    /// Who has a document, by its number, wherever they are.
    People: "FindPeople";
        Staff, Operator;
    /// To deposit an opening. Parties are who signed the entry and for whom.
    Deposit: "PutOpening";
        Party;
    /// To erase the opening of a note, of evidence or of identity papers. Parties are the recipient or the member whose papers they are, and of evidence who has made the visit.
    PersonalErasure: "EraseOpening";
        Party, Operator;
    /// To erase the opening of a reason or of a voucher, which an office has to account for.
    OfficialErasure: "EraseOpening";
        Operator;
}

impl Resource {
    /// Whether someone who stands so may read it.
    pub fn allows(self, standing: &Standing) -> bool {
        self.readers().iter().any(|reader| standing.is(*reader))
    }
}

#[cfg(test)]
mod tests;
