//! The calls about openings.

use proto::name::{OFFERS, OPENINGS};
use proto::v1;
use proto::v1::directory_service_client::DirectoryServiceClient;
use tonic::Status;

use super::{Call, Caller};

impl Caller<'_> {
    pub(super) async fn directory(self, call: Call) -> Result<(), Status> {
        let mut service = DirectoryServiceClient::new(self.channel.clone());
        let is_official = matches!(call, Call::GetOfficialOpening | Call::EraseOfficialOpening);
        let entry = [self.target.entry, self.target.official][usize::from(is_official)];
        let name = OPENINGS.name(&entry);
        match call {
            Call::PutOpening => {
                let (salt, value) = (self.target.note.salt(), self.target.note.value());
                let request = self.ask(v1::PutOpeningRequest {
                    name,
                    salt: salt.to_vec(),
                    value: value.to_vec(),
                });
                service.put_opening(request).await.map(drop)
            }
            Call::PutOffer => {
                let offer = Some(v1::Offer {
                    name: OFFERS.name(&self.target.owner),
                    ..Default::default()
                });
                let request = self.ask(v1::PutOfferRequest { offer });
                service.put_offer(request).await.map(drop)
            }
            Call::GetOffer => {
                let name = OFFERS.name(&self.target.owner);
                let request = self.ask(v1::GetOfferRequest { name });
                service.get_offer(request).await.map(drop)
            }
            Call::DeleteOffer => {
                let name = OFFERS.name(&self.target.owner);
                let request = self.ask(v1::DeleteOfferRequest { name });
                service.delete_offer(request).await.map(drop)
            }
            Call::FindPeople => {
                let request = self.ask(v1::FindPeopleRequest {
                    document_kind: "id-card".to_owned(),
                    document_number: "1".to_owned(),
                });
                service.find_people(request).await.map(drop)
            }
            Call::ListOpeningReads => {
                let request = self.ask(v1::ListOpeningReadsRequest {
                    parent: name,
                    ..Default::default()
                });
                service.list_opening_reads(request).await.map(drop)
            }
            Call::GetPersonalOpening | Call::GetOfficialOpening => {
                let request = self.ask(v1::GetOpeningRequest { name });
                service.get_opening(request).await.map(drop)
            }
            _ => {
                let request = self.ask(v1::EraseOpeningRequest { name });
                service.erase_opening(request).await.map(drop)
            }
        }
    }
}
