//! `ListPostings`: a statement, newest first.
//!
//! Postings of an account are linked, each to the one before. A page token is
//! the next link; as anybody can make one, it must lead to a posting of this
//! account.

use std::collections::HashMap;

use ledger::account::PostingRef;
use ledger::log::Position;
use ledger::{Account, MemberId, Posting};
use proto::name::ACCOUNTS;
use proto::view::Cause;
use proto::{v1, view};

use super::require_account;
use crate::api::error::Failure;
use crate::api::named;
use crate::api::page::{INVALID, Page};
use crate::api::row::find;
use crate::context::Context;
use crate::store::StoreError;

/// Bytes of a link: position and line.
const LINK_BYTES: usize = 10;

pub(super) async fn postings(
    context: &Context,
    reader: MemberId,
    request: v1::ListPostingsRequest,
) -> Result<v1::ListPostingsResponse, Failure> {
    let v1::ListPostingsRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let account = named("parent", ACCOUNTS.parse(&parent))?;
    let page = Page::parse(&format!("ListPostings {parent}"), page_size, &page_token)?;
    let link = page
        .fixed()?
        .map(|link| read_link(link).ok_or(INVALID))
        .transpose()?;
    require_account(context, reader, account).await?;
    let newest = match link {
        Some(link) => Some(link),
        None => find::<Account>(&*context.store, &account)
            .await?
            .and_then(|row| row.last),
    };
    let Some(from) = newest else {
        return Ok(v1::ListPostingsResponse::default());
    };
    let postings = context.store.statement(from, page.size).await?;
    if postings
        .first()
        .is_none_or(|first| first.account != account)
    {
        return Err(INVALID.into());
    }
    let next = postings.last().and_then(|last| last.previous);
    Ok(v1::ListPostingsResponse {
        postings: with_causes(context, &postings).await?,
        next_page_token: next
            .map(|next| page.token(&write_link(next)))
            .unwrap_or_default(),
    })
}

/// The postings with what the records say of them, read at once.
async fn with_causes(
    context: &Context,
    postings: &[Posting],
) -> Result<Vec<v1::Posting>, StoreError> {
    let mut positions: Vec<Position> = postings.iter().map(|posting| posting.at.position).collect();
    positions.dedup();
    let leaves = context.store.leaves_at(&positions).await?;
    let causes = leaves
        .iter()
        .map(|(position, leaf)| Ok((*position, cause(*position, leaf)?)));
    let causes = causes.collect::<Result<HashMap<_, _>, StoreError>>()?;
    let with_cause = |posting: &Posting| {
        let position = posting.at.position;
        let cause = causes.get(&position).ok_or_else(|| {
            StoreError::Corrupt(format!(
                "a posting is of the record {position}, which is missing"
            ))
        })?;
        Ok(view::posting_with_cause(posting, cause))
    };
    postings.iter().map(with_cause).collect()
}

fn cause(position: Position, leaf: &[u8]) -> Result<Cause, StoreError> {
    let (_, record) = proto::decode_leaf(position, leaf).map_err(|error| {
        StoreError::Corrupt(format!("the record {position} cannot be read: {error}"))
    })?;
    let (act, entry) = (record.entry.act.name(), record.entry.id);
    Ok(Cause {
        recorded: record.recorded,
        act,
        entry,
    })
}

fn write_link(link: PostingRef) -> [u8; LINK_BYTES] {
    let mut bytes = [0; LINK_BYTES];
    bytes[..8].copy_from_slice(&link.position.get().to_be_bytes());
    bytes[8..].copy_from_slice(&link.line.to_be_bytes());
    bytes
}

/// A link; none if the store has no such number.
fn read_link(bytes: [u8; LINK_BYTES]) -> Option<PostingRef> {
    let (position, line) = bytes.split_first_chunk()?;
    let position = u64::from_be_bytes(*position);
    i64::try_from(position).ok()?;
    let line = u16::from_be_bytes(line.try_into().ok()?);
    Some(PostingRef {
        position: Position::new(position),
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_back() {
        let link = PostingRef {
            position: Position::new(70_000),
            line: 3,
        };
        assert_eq!(read_link(write_link(link)), Some(link));
        assert_eq!(read_link([0xff; LINK_BYTES]), None);
    }
}
