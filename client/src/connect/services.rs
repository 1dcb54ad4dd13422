//! The services of a server, each over the one channel.

use proto::v1::account_service_client::AccountServiceClient;
use proto::v1::care_service_client::CareServiceClient;
use proto::v1::directory_service_client::DirectoryServiceClient;
use proto::v1::fund_service_client::FundServiceClient;
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::report_service_client::ReportServiceClient;
use tonic::transport::Channel;

use super::Connection;

impl Connection {
    /// The ledger's service.
    pub fn ledger(&self) -> LedgerServiceClient<Channel> {
        LedgerServiceClient::new(self.channel.clone())
    }

    /// Members, units, balances.
    pub fn accounts(&self) -> AccountServiceClient<Channel> {
        AccountServiceClient::new(self.channel.clone())
    }

    /// Care.
    pub fn care(&self) -> CareServiceClient<Channel> {
        CareServiceClient::new(self.channel.clone())
    }

    /// What is kept outside the log.
    pub fn directory(&self) -> DirectoryServiceClient<Channel> {
        DirectoryServiceClient::new(self.channel.clone())
    }

    /// What a supervisor looks at.
    pub fn reports(&self) -> ReportServiceClient<Channel> {
        ReportServiceClient::new(self.channel.clone())
    }

    /// The fund.
    pub fn fund(&self) -> FundServiceClient<Channel> {
        FundServiceClient::new(self.channel.clone())
    }
}
