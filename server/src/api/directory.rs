//! `DirectoryService`: what is kept outside the log. So far the openings of
//! commitments; they are sealed here and opened here, and nowhere else.

mod concern;
pub(crate) mod offer;
pub(crate) mod person;

use ledger::commitment::Opening;
use ledger::{EntryId, MemberId, Millis};
use proto::name::{MEMBERS, OPENINGS};
use proto::v1::directory_service_server::DirectoryService;
use proto::{v1, view};
use tonic::{Request, Response, Status};

use self::concern::Concern;
use super::error::{EdgeError, Failure, ReadError};
use super::named;
use super::page::{INVALID, Page};
use crate::access::{Resource, authorization, identify, require};
use crate::context::Context;
use crate::store::openings::{Content, Mark, StoredOpening};
use crate::vault::Sealed;

/// The service.
pub struct Directory {
    context: Context,
}

impl Directory {
    /// A service over a store and a vault.
    pub fn new(context: Context) -> Self {
        Self { context }
    }
}

#[tonic::async_trait]
impl DirectoryService for Directory {
    async fn put_opening(
        &self,
        request: Request<v1::PutOpeningRequest>,
    ) -> Result<Response<v1::Opening>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(put(&self.context, caller, request).await?))
    }

    async fn get_opening(
        &self,
        request: Request<v1::GetOpeningRequest>,
    ) -> Result<Response<v1::Opening>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(opening(&self.context, caller, &name).await?))
    }

    async fn erase_opening(
        &self,
        request: Request<v1::EraseOpeningRequest>,
    ) -> Result<Response<v1::Opening>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(erase(&self.context, caller, &name).await?))
    }

    async fn find_people(
        &self,
        request: Request<v1::FindPeopleRequest>,
    ) -> Result<Response<v1::FindPeopleResponse>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            person::find(&self.context, caller, &request).await?,
        ))
    }

    async fn put_offer(
        &self,
        request: Request<v1::PutOfferRequest>,
    ) -> Result<Response<v1::Offer>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(
            offer::put(&self.context, caller, request).await?,
        ))
    }

    async fn get_offer(
        &self,
        request: Request<v1::GetOfferRequest>,
    ) -> Result<Response<v1::Offer>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        Ok(Response::new(
            offer::get(&self.context, caller, &name).await?,
        ))
    }

    async fn delete_offer(
        &self,
        request: Request<v1::DeleteOfferRequest>,
    ) -> Result<Response<v1::DeleteOfferResponse>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        offer::delete(&self.context, caller, &name).await?;
        Ok(Response::new(v1::DeleteOfferResponse {}))
    }

    async fn list_opening_reads(
        &self,
        request: Request<v1::ListOpeningReadsRequest>,
    ) -> Result<Response<v1::ListOpeningReadsResponse>, Status> {
        let caller = identify(&self.context, authorization(request.metadata())).await?;
        let request = request.into_inner();
        Ok(Response::new(reads(&self.context, caller, request).await?))
    }
}

async fn put(
    context: &Context,
    caller: MemberId,
    request: v1::PutOpeningRequest,
) -> Result<v1::Opening, Failure> {
    let v1::PutOpeningRequest { name, salt, value } = request;
    let entry = named("name", OPENINGS.parse(&name))?;
    let concern = Concern::find(context, caller, entry, |_| Resource::Deposit).await?;
    require(context, caller, &concern.depositing()).await?;
    let opening = parse(salt, value, &concern)?;
    let before = context.store.opening(entry).await?;
    let before = match before {
        Some(before) if is_there(context, entry, &before)? => before,
        _ => {
            person::tag(context, entry, concern.kind, opening.value()).await?;
            let sealed = seal(context, entry, &opening)?;
            let put = mark(context, caller);
            if !context.store.put_opening(entry, &sealed, put).await? {
                context.store.untag_person(entry).await?;
                return Err(EdgeError::OpeningErased.into());
            }
            StoredOpening {
                put: before.and_then(|before| before.put).or(Some(put)),
                content: Content::Sealed(sealed),
            }
        }
    };
    Ok(shown(entry, &concern, Some(&before)))
}

/// Reads an opening that must open the commitment of an entry.
fn parse(salt: Vec<u8>, value: Vec<u8>, concern: &Concern) -> Result<Opening, EdgeError> {
    let salt = salt.try_into();
    let salt = salt.map_err(|_| EdgeError::OpeningWrong { field: "salt" })?;
    let opening = Opening::new(salt, value).map_err(|_| EdgeError::OpeningTooLong {
        field: "value",
        bytes_max: Opening::VALUE_BYTES_MAX,
    })?;
    if opening.opens(concern.kind, &concern.commitment) {
        Ok(opening)
    } else {
        Err(EdgeError::OpeningWrong { field: "value" })
    }
}

/// Whether an opening need not be kept again: it can be read. One that was
/// sealed under a lost key, or given up with it, is kept anew.
fn is_there(context: &Context, entry: EntryId, kept: &StoredOpening) -> Result<bool, EdgeError> {
    match &kept.content {
        Content::Erased(_) => Err(EdgeError::OpeningErased),
        Content::Sealed(sealed) => Ok(unseal(context, entry, sealed).is_ok()),
    }
}

async fn opening(context: &Context, caller: MemberId, name: &str) -> Result<v1::Opening, Failure> {
    let entry = named("name", OPENINGS.parse(name))?;
    let concern = Concern::find(context, caller, entry, concern::reading_of).await?;
    let reading = concern.reading();
    require(context, caller, &reading).await?;
    let Some(kept) = context.store.opening(entry).await? else {
        let what = reading.resource;
        return Err(ReadError::NotFound { what }.into());
    };
    let mut shown = shown(entry, &concern, Some(&kept));
    if let Content::Sealed(sealed) = &kept.content {
        let opening = unseal(context, entry, sealed)?;
        // Before the answer: nobody reads what is not written down.
        let read = mark(context, caller);
        context.store.keep_read(entry, read).await?;
        shown.salt = opening.salt().to_vec();
        shown.value = opening.value().to_vec();
    }
    Ok(shown)
}

async fn erase(context: &Context, caller: MemberId, name: &str) -> Result<v1::Opening, Failure> {
    let entry = named("name", OPENINGS.parse(name))?;
    let concern = Concern::find(context, caller, entry, concern::erasure_of).await?;
    require(context, caller, &concern.erasing()).await?;
    let erased = mark(context, caller);
    context.store.untag_person(entry).await?;
    context.store.erase_opening(entry, erased).await?;
    let left = context.store.opening(entry).await?;
    Ok(shown(entry, &concern, left.as_ref()))
}

async fn reads(
    context: &Context,
    caller: MemberId,
    request: v1::ListOpeningReadsRequest,
) -> Result<v1::ListOpeningReadsResponse, Failure> {
    let v1::ListOpeningReadsRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let entry = named("parent", OPENINGS.parse(&parent))?;
    let query = format!("ListOpeningReads {parent}");
    let page = Page::parse(&query, page_size, &page_token)?;
    let concern = Concern::find(context, caller, entry, |_| Resource::OpeningReads).await?;
    require(context, caller, &concern.reading_reads()).await?;
    let after = page.after.as_deref().map(place).transpose()?;
    // One more than asked for tells whether there is a next page.
    let limit = page.size + 1;
    let mut marks = context.store.opening_reads(entry, after, limit).await?;
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = marks.len() > size;
    marks.truncate(size);
    let last = marks.last().filter(|_| has_more);
    let next_page_token = last.map(|mark| page.token(&bytes(mark)));
    let read = |mark: &Mark| v1::OpeningRead {
        reader: MEMBERS.name(&mark.by),
        read_ms: mark.at.get(),
    };
    Ok(v1::ListOpeningReadsResponse {
        reads: marks.iter().map(read).collect(),
        next_page_token: next_page_token.unwrap_or_default(),
    })
}

/// A mark as the place where a page ends.
fn bytes(mark: &Mark) -> Vec<u8> {
    let at = mark.at.get().to_be_bytes();
    [at.as_slice(), mark.by.as_bytes()].concat()
}

fn place(bytes: &[u8]) -> Result<Mark, ReadError> {
    let (at, by) = bytes.split_first_chunk().ok_or(INVALID)?;
    let by = by.try_into().map_err(|_| INVALID)?;
    Ok(Mark {
        at: Millis::new(i64::from_be_bytes(*at)),
        by: MemberId::from_bytes(by),
    })
}

fn mark(context: &Context, by: MemberId) -> Mark {
    let at = context.clock.now();
    Mark { at, by }
}

/// An opening without salt and value.
fn shown(entry: EntryId, concern: &Concern, kept: Option<&StoredOpening>) -> v1::Opening {
    let mut opening = view::opening(&entry, concern.kind, &concern.commitment);
    let Some(StoredOpening { put, content }) = kept else {
        return opening;
    };
    if let Some(put) = put {
        (opening.put_ms, opening.put_by) = (put.at.get(), MEMBERS.name(&put.by));
    }
    if let Content::Erased(erased) = content {
        (opening.erased_ms, opening.erased_by) = (erased.at.get(), MEMBERS.name(&erased.by));
    }
    opening
}

/// What a sealed opening is about: it opens in the place of no other.
pub(crate) fn about(entry: EntryId) -> Vec<u8> {
    [b"timebank/opening/v1\n".as_slice(), entry.as_bytes()].concat()
}

fn seal(context: &Context, entry: EntryId, opening: &Opening) -> Result<Sealed, EdgeError> {
    let text = [opening.salt().as_slice(), opening.value()].concat();
    let sealed = context.vault.seal(&about(entry), &text);
    sealed.map_err(|error| EdgeError::internal(&error))
}

fn unseal(context: &Context, entry: EntryId, sealed: &Sealed) -> Result<Opening, EdgeError> {
    let text = context.vault.unseal(&about(entry), sealed);
    let text = text.map_err(|error| EdgeError::internal(&error))?;
    let (salt, value) = text
        .split_first_chunk()
        .ok_or_else(|| EdgeError::internal(&"the opening was given up with a lost key"))?;
    Opening::new(*salt, value.to_vec()).map_err(|error| EdgeError::internal(&error))
}
