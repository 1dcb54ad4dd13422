//! The calls that read, each made for a target with or without a token.

mod directory;
mod report;

use ledger::commitment::Opening;
use ledger::log::Position;
use ledger::{AccountId, EntryId, MemberId, UnitId};
use proto::name::{ACCOUNTS, ENTRIES, MEMBERS, PROPOSALS, RECORDS, SERVICES, UNITS};
use proto::v1;
use proto::v1::account_service_client::AccountServiceClient;
use proto::v1::care_service_client::CareServiceClient;
use proto::v1::fund_service_client::FundServiceClient;
use proto::v1::ledger_service_client::LedgerServiceClient;
use tonic::transport::Channel;
use tonic::{Request, Status};

/// What the calls ask for.
pub(super) struct Target {
    /// A record that the owner has signed.
    pub(super) position: Position,
    /// Its entry.
    pub(super) entry: EntryId,
    /// Whose it is.
    pub(super) owner: MemberId,
    /// The owner's station.
    pub(super) unit: UnitId,
    /// A service of the owner that waits for a volunteer.
    pub(super) open: EntryId,
    /// A service of the owner that is booked.
    pub(super) booked: EntryId,
    /// An undecided proposal in the owner's favour.
    pub(super) proposal: EntryId,
    /// One that is approved.
    pub(super) closed: EntryId,
    /// The opening of the note that the owner's entry commits to.
    pub(super) note: Opening,
    /// An undecided proposal in the owner's favour, with a reason.
    pub(super) official: EntryId,
}

/// A call that reads, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    GetLedger,
    GetCheckpoint,
    GetInclusionProof,
    GetConsistencyProof,
    ListUnits,
    StreamRecords,
    GetRecord,
    GetReceipt,
    ListAccounts,
    StreamState,
    StreamPostings,
    GetMemberAccount,
    ListMemberPostings,
    GetPoolAccount,
    ListPoolPostings,
    GetFundAccount,
    GetMember,
    ListMembers,
    ListOpenRequests,
    GetOpenService,
    GetBookedService,
    ListOpenServices,
    ListSuggestions,
    ListDue,
    GetFund,
    GetProposal,
    ListProposals,
    GetClosedProposal,
    GetReport,
    GetDisclosure,
    ListReportEvents,
    ListSavers,
    ListHonours,
    ListReviews,
    ListOpenCases,
    DrawSample,
    PutOpening,
    GetPersonalOpening,
    GetOfficialOpening,
    ListOpeningReads,
    FindPeople,
    PutOffer,
    GetOffer,
    DeleteOffer,
    EraseOfficialOpening,
    ErasePersonalOpening,
}

/// What one call needs.
struct Caller<'a> {
    channel: Channel,
    token: Option<&'a str>,
    target: &'a Target,
}

impl Call {
    /// Makes the call; of a stream, waits for the first message.
    pub(super) async fn make(
        self,
        channel: &Channel,
        token: Option<&str>,
        target: &Target,
    ) -> Result<(), Status> {
        let caller = Caller {
            channel: channel.clone(),
            token,
            target,
        };
        match self {
            Self::GetLedger
            | Self::GetCheckpoint
            | Self::GetInclusionProof
            | Self::GetConsistencyProof => caller.log(self).await,
            Self::StreamRecords
            | Self::GetRecord
            | Self::GetReceipt
            | Self::StreamState
            | Self::StreamPostings => caller.records(self).await,
            Self::ListUnits
            | Self::ListAccounts
            | Self::GetMember
            | Self::ListMembers
            | Self::GetMemberAccount
            | Self::ListMemberPostings
            | Self::GetPoolAccount
            | Self::ListPoolPostings
            | Self::GetFundAccount => caller.accounts(self).await,
            Self::ListOpenRequests
            | Self::GetOpenService
            | Self::GetBookedService
            | Self::ListOpenServices
            | Self::ListSuggestions
            | Self::ListDue => caller.care(self).await,
            Self::GetFund | Self::GetProposal | Self::ListProposals | Self::GetClosedProposal => {
                caller.fund(self).await
            }
            Self::GetReport
            | Self::GetDisclosure
            | Self::ListReportEvents
            | Self::ListSavers
            | Self::ListHonours
            | Self::ListReviews
            | Self::ListOpenCases
            | Self::DrawSample => caller.report(self).await,
            Self::PutOpening
            | Self::GetPersonalOpening
            | Self::GetOfficialOpening
            | Self::ListOpeningReads
            | Self::FindPeople
            | Self::PutOffer
            | Self::GetOffer
            | Self::DeleteOffer
            | Self::EraseOfficialOpening
            | Self::ErasePersonalOpening => caller.directory(self).await,
        }
    }
}

impl Caller<'_> {
    fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(token) = self.token {
            let value = token.parse().expect("a token is plain text");
            request.metadata_mut().insert("authorization", value);
        }
        request
    }

    async fn log(self, call: Call) -> Result<(), Status> {
        let mut service = LedgerServiceClient::new(self.channel.clone());
        match call {
            Call::GetLedger => service
                .get_ledger(self.ask(v1::GetLedgerRequest {}))
                .await
                .map(drop),
            Call::GetCheckpoint => service
                .get_checkpoint(self.ask(v1::GetCheckpointRequest {}))
                .await
                .map(drop),
            Call::GetInclusionProof => service
                .get_inclusion_proof(self.ask(v1::GetInclusionProofRequest::default()))
                .await
                .map(drop),
            _ => service
                .get_consistency_proof(self.ask(v1::GetConsistencyProofRequest {
                    old_tree_size: 1,
                    new_tree_size: 0,
                }))
                .await
                .map(drop),
        }
    }

    async fn records(self, call: Call) -> Result<(), Status> {
        let mut service = LedgerServiceClient::new(self.channel.clone());
        let (position, entry) = (self.target.position, self.target.entry);
        match call {
            Call::GetRecord => {
                let name = RECORDS.name(&position);
                let request = self.ask(v1::GetRecordRequest { name });
                service.get_record(request).await.map(drop)
            }
            Call::GetReceipt => {
                let name = ENTRIES.name(&entry);
                let request = self.ask(v1::GetReceiptRequest { name });
                service.get_receipt(request).await.map(drop)
            }
            Call::StreamRecords => {
                let request = self.ask(v1::StreamRecordsRequest::default());
                let mut stream = service.stream_records(request).await?.into_inner();
                stream.message().await.map(drop)
            }
            Call::StreamState => {
                let request = self.ask(v1::StreamStateRequest {});
                let mut stream = service.stream_state(request).await?.into_inner();
                stream.message().await.map(drop)
            }
            _ => {
                let request = self.ask(v1::StreamPostingsRequest::default());
                let mut stream = service.stream_postings(request).await?.into_inner();
                stream.message().await.map(drop)
            }
        }
    }

    async fn accounts(self, call: Call) -> Result<(), Status> {
        let mut service = AccountServiceClient::new(self.channel.clone());
        let (owner, unit) = (self.target.owner, self.target.unit);
        let account = match call {
            Call::GetMemberAccount | Call::ListMemberPostings => AccountId::Member(owner),
            Call::GetFundAccount => AccountId::FundCash,
            _ => AccountId::Pool(unit),
        };
        let name = ACCOUNTS.name(&account);
        match call {
            Call::ListUnits => {
                let request = self.ask(v1::ListUnitsRequest::default());
                service.list_units(request).await.map(drop)
            }
            Call::ListAccounts => {
                let request = self.ask(v1::ListAccountsRequest::default());
                service.list_accounts(request).await.map(drop)
            }
            Call::GetMember => {
                let name = MEMBERS.name(&owner);
                let request = self.ask(v1::GetMemberRequest { name });
                service.get_member(request).await.map(drop)
            }
            Call::ListMembers => {
                let parent = UNITS.name(&unit);
                let request = self.ask(v1::ListMembersRequest {
                    parent,
                    ..Default::default()
                });
                service.list_members(request).await.map(drop)
            }
            Call::ListMemberPostings | Call::ListPoolPostings => {
                let request = self.ask(v1::ListPostingsRequest {
                    parent: name,
                    ..Default::default()
                });
                service.list_postings(request).await.map(drop)
            }
            _ => {
                let request = self.ask(v1::GetAccountRequest { name });
                service.get_account(request).await.map(drop)
            }
        }
    }

    async fn care(self, call: Call) -> Result<(), Status> {
        let mut service = CareServiceClient::new(self.channel.clone());
        match call {
            Call::ListDue => {
                let request = self.ask(v1::ListDueRequest::default());
                service.list_due(request).await.map(drop)
            }
            Call::ListSuggestions => {
                let request = self.ask(v1::ListSuggestionsRequest {
                    parent: SERVICES.name(&self.target.open),
                    page_size: 0,
                });
                service.list_suggestions(request).await.map(drop)
            }
            Call::ListOpenRequests => {
                let parent = UNITS.name(&self.target.unit);
                let request = self.ask(v1::ListOpenRequestsRequest {
                    parent,
                    ..Default::default()
                });
                service.list_open_requests(request).await.map(drop)
            }
            Call::ListOpenServices => {
                let parent = MEMBERS.name(&self.target.owner);
                let request = self.ask(v1::ListOpenServicesRequest {
                    parent,
                    ..Default::default()
                });
                service.list_open_services(request).await.map(drop)
            }
            _ => {
                let is_open = call == Call::GetOpenService;
                let id = [self.target.booked, self.target.open][usize::from(is_open)];
                let name = SERVICES.name(&id);
                let request = self.ask(v1::GetServiceRequest { name });
                service.get_service(request).await.map(drop)
            }
        }
    }

    async fn fund(self, call: Call) -> Result<(), Status> {
        let mut service = FundServiceClient::new(self.channel.clone());
        match call {
            Call::GetFund => {
                let request = self.ask(v1::GetFundRequest {});
                service.get_fund(request).await.map(drop)
            }
            Call::ListProposals => {
                let parent = UNITS.name(&self.target.unit);
                let request = self.ask(v1::ListProposalsRequest {
                    parent,
                    ..Default::default()
                });
                service.list_proposals(request).await.map(drop)
            }
            _ => {
                let is_open = call == Call::GetProposal;
                let id = [self.target.closed, self.target.proposal][usize::from(is_open)];
                let name = PROPOSALS.name(&id);
                let request = self.ask(v1::GetProposalRequest { name });
                service.get_proposal(request).await.map(drop)
            }
        }
    }
}
