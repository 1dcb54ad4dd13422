//! The grid and the table of docs/reading.md say the same.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use super::{Call, GRID};

/// The columns of the document, by the letters of the grid. Staff is of the
/// owner's unit, and whoever has a role or is a party is a member too.
const COLUMNS: [&str; 9] = ["-MOXSTFPRA", "MOXSTFPRA", "O", "X", "S", "F", "P", "R", "A"];

/// The row of the document that a call of the grid is in, by how it begins.
fn row_of(call: Call) -> &'static str {
    match call {
        Call::GetLedger
        | Call::GetCheckpoint
        | Call::GetInclusionProof
        | Call::GetConsistencyProof
        | Call::ListUnits => "The ledger's name",
        Call::StreamRecords => "All records",
        Call::GetRecord | Call::GetReceipt => "One record",
        Call::ListAccounts | Call::StreamState | Call::StreamPostings => "All accounts",
        Call::GetMemberAccount | Call::ListMemberPostings => "A member's account",
        Call::GetPoolAccount | Call::ListPoolPostings | Call::GetFundAccount => {
            "The accounts that are no member's"
        }
        Call::GetMember => "A member. ",
        Call::ListMembers => "The members of a unit",
        Call::ListOpenRequests => "The services of a unit",
        Call::GetOpenService => "A service that waits",
        Call::GetBookedService => "Any other service",
        Call::ListOpenServices => "The services of a member",
        Call::ListDue => "What is due",
        Call::GetFund => "The standing of the fund",
        Call::GetProposal | Call::GetClosedProposal => "A proposal. ",
        Call::ListProposals => "The undecided proposals",
        Call::GetReport => "The indicators of a unit",
        Call::GetDisclosure => "What the fund of a unit",
        Call::ListReportEvents
        | Call::ListSavers
        | Call::ListHonours
        | Call::ListReviews
        | Call::ListOpenCases
        | Call::DrawSample => "What to look into",
        Call::PutOpening => "To deposit an opening",
        Call::GetPersonalOpening => "The opening of a note",
        Call::GetOfficialOpening => "The opening of a reason",
        Call::ListOpeningReads => "Who has read an opening",
        Call::PutOffer | Call::GetOffer | Call::DeleteOffer => "What a member offers",
        Call::ListSuggestions => "Who might take on",
        Call::FindPeople => "Who has a document",
        Call::ErasePersonalOpening => "To erase the opening of a note",
        Call::EraseOfficialOpening => "To erase the opening of a reason",
    }
}

#[test]
fn the_grid_is_the_table_of_the_documentation() -> Result<()> {
    let text = include_str!("../../../../docs/reading.md");
    let mut rows: BTreeMap<&str, BTreeSet<char>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.contains('●')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let marked = COLUMNS.iter().zip(&cells[3..]);
        let readers = marked.filter(|(_, cell)| **cell == "●");
        rows.insert(cells[1], readers.flat_map(|(who, _)| who.chars()).collect());
    }
    let mut met = BTreeSet::new();
    for (call, allowed) in GRID {
        let begin = row_of(call);
        let row = rows
            .iter()
            .find(|(what, _)| format!("{what} ").starts_with(begin));
        let (what, readers) = row.with_context(|| format!("no row {begin:?}"))?;
        // Wherever they are: the grid has staff of another station as well.
        let is_everywhere = call == Call::FindPeople;
        let allowed = allowed.chars().filter(|it| !is_everywhere || *it != 'T');
        ensure!(*readers == allowed.collect(), "{call:?}: {readers:?}");
        met.insert(*what);
    }
    let missing: Vec<_> = rows.keys().filter(|what| !met.contains(*what)).collect();
    ensure!(missing.is_empty(), "not in the grid: {missing:?}");
    Ok(())
}

#[test]
fn every_call_of_the_services_is_in_the_documentation() {
    let text = include_str!("../../../../docs/reading.md");
    let proto = [
        include_str!("../../../../proto/timebank/v1/ledger_service.proto"),
        include_str!("../../../../proto/timebank/v1/account_service.proto"),
        include_str!("../../../../proto/timebank/v1/care_service.proto"),
        include_str!("../../../../proto/timebank/v1/fund_service.proto"),
        include_str!("../../../../proto/timebank/v1/directory_service.proto"),
        include_str!("../../../../proto/timebank/v1/report_service.proto"),
    ]
    .concat();
    let calls = proto
        .lines()
        .filter_map(|line| line.trim().strip_prefix("rpc "));
    let reads = calls.filter(|call| !call.starts_with("Submit"));
    let names: Vec<&str> = reads.filter_map(|call| call.split('(').next()).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("`{name}`")), "{name}");
    }
}
