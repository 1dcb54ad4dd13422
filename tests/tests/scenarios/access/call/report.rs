//! The calls of `ReportService`.

use proto::name::UNITS;
use proto::v1;
use proto::v1::report_service_client::ReportServiceClient;
use tonic::Status;

use super::{Call, Caller};

impl Caller<'_> {
    pub(super) async fn report(self, call: Call) -> Result<(), Status> {
        let mut service = ReportServiceClient::new(self.channel.clone());
        let parent = UNITS.name(&self.target.unit);
        match call {
            Call::GetReport => {
                let month = String::new();
                let request = self.ask(v1::GetReportRequest { parent, month });
                service.get_report(request).await.map(drop)
            }
            Call::GetDisclosure => {
                let request = self.ask(v1::GetDisclosureRequest {
                    parent,
                    ..Default::default()
                });
                service.get_disclosure(request).await.map(drop)
            }
            Call::ListReportEvents => {
                let request = self.ask(v1::ListReportEventsRequest {
                    parent,
                    ..Default::default()
                });
                service.list_report_events(request).await.map(drop)
            }
            Call::ListSavers => {
                let request = self.ask(v1::ListSaversRequest {
                    parent,
                    ..Default::default()
                });
                service.list_savers(request).await.map(drop)
            }
            Call::ListOpenCases => {
                let request = self.ask(v1::ListOpenCasesRequest {
                    parent,
                    ..Default::default()
                });
                service.list_open_cases(request).await.map(drop)
            }
            Call::ListHonours => {
                let request = self.ask(v1::ListHonoursRequest {
                    parent,
                    ..Default::default()
                });
                service.list_honours(request).await.map(drop)
            }
            Call::ListReviews => {
                let request = self.ask(v1::ListReviewsRequest {
                    parent,
                    ..Default::default()
                });
                service.list_reviews(request).await.map(drop)
            }
            _ => {
                let request = self.ask(v1::DrawSampleRequest { parent, count: 1 });
                service.draw_sample(request).await.map(drop)
            }
        }
    }
}
