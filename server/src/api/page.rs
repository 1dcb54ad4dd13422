//! Pages of lists (AIP-158): sizes, tokens, and reading on where the last page
//! ended.
//!
//! A token is opaque: base64url of eight bytes of a hash over the query and the
//! place after which the next page begins. The hash keeps it to its query; it
//! is no secret, so whoever reads on checks the place like any other argument.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::log::leaf_hash;
use ledger::state::{Key, Row, Scope};

use super::error::{Failure, ReadError};
use crate::store::{Store, StoreError};

/// Items on a page when the caller does not say.
const SIZE_DEFAULT: u32 = 100;
/// Most items on a page.
pub const SIZE_MAX: u32 = 1000;
/// Bytes of the hash over the query.
const QUERY_BYTES: usize = 8;

const SIZE_FIELD: &str = "page_size";
const TOKEN_FIELD: &str = "page_token";

/// One page of a list that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many items at most.
    pub size: u32,
    /// The place after which it begins; none on the first page.
    pub after: Option<Vec<u8>>,
    query: [u8; QUERY_BYTES],
}

impl Page {
    /// Reads the size and token of a call. The query is the call with all that
    /// decides what is in the list.
    ///
    /// # Errors
    /// [`ReadError::PageSizeInvalid`] below zero, [`ReadError::PageTokenInvalid`].
    pub fn parse(query: &str, size: i32, token: &str) -> Result<Self, ReadError> {
        let size = u32::try_from(size);
        let size = match size.map_err(|_| ReadError::PageSizeInvalid { field: SIZE_FIELD })? {
            0 => SIZE_DEFAULT,
            size => size.min(SIZE_MAX),
        };
        let query = hash(query);
        let after = if token.is_empty() {
            None
        } else {
            Some(place(query, token).ok_or(INVALID)?)
        };
        Ok(Self { size, after, query })
    }

    /// The token for the page after this one.
    pub fn token(&self, place: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode([&self.query, place].concat())
    }

    /// The place after which the page begins, in a fixed number of bytes.
    ///
    /// # Errors
    /// [`ReadError::PageTokenInvalid`] if it has another number.
    pub fn fixed<const N: usize>(&self) -> Result<Option<[u8; N]>, ReadError> {
        let place = self.after.as_deref().map(<[u8; N]>::try_from);
        place.transpose().map_err(|_| INVALID)
    }
}

/// What is said of a token that does not fit.
pub const INVALID: ReadError = ReadError::PageTokenInvalid { field: TOKEN_FIELD };

fn hash(query: &str) -> [u8; QUERY_BYTES] {
    let mut head = [0; QUERY_BYTES];
    head.copy_from_slice(&leaf_hash(query.as_bytes()).as_bytes()[..QUERY_BYTES]);
    head
}

fn place(query: [u8; QUERY_BYTES], token: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    Some(bytes.strip_prefix(&query)?.to_vec())
}

/// State rows on a page, and the token for the next.
pub type Rows = (Vec<(Key, Row)>, String);

/// Reads a page of a list of state rows.
///
/// # Errors
/// [`ReadError::PageTokenInvalid`] for a place outside the list, or as
/// [`Store::scan`].
pub async fn scan(store: &dyn Store, scope: Scope, page: &Page) -> Result<Rows, Failure> {
    let after = page.after.clone();
    if after
        .as_ref()
        .is_some_and(|after| !after.starts_with(&scope.prefix()))
    {
        return Err(INVALID.into());
    }
    // One more than asked for tells whether there is a next page.
    let mut rows = store.scan(scope, after, page.size + 1).await?;
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| has_more);
    let next = last
        .map(|(key, _)| page.token(&key.encode()))
        .unwrap_or_default();
    Ok((rows, next))
}

/// Reads a whole list that is short by nature.
///
/// # Errors
/// As [`Store::scan`].
pub async fn scan_all(store: &dyn Store, scope: Scope) -> Result<Vec<(Key, Row)>, StoreError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let rows = store.scan(scope, after.take(), SIZE_MAX).await?;
        let is_last = rows.len() < usize::try_from(SIZE_MAX).unwrap_or(usize::MAX);
        all.extend(rows);
        after = all.last().map(|(key, _)| key.encode());
        if is_last {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_on_in_its_own_query() {
        let first = Page::parse("ListMembers units/1", 10, "").expect("a page");
        assert_eq!((first.size, &first.after), (10, &None));
        let token = first.token(b"place");
        let next = Page::parse("ListMembers units/1", 20, &token).expect("a page");
        assert_eq!((next.size, next.after), (20, Some(b"place".to_vec())));
    }

    #[test]
    fn a_token_of_another_query_is_refused() {
        let token = Page::parse("ListMembers units/1", 10, "")
            .expect("a page")
            .token(b"place");
        for query in ["ListMembers units/2", "ListOpenRequests units/1", ""] {
            assert_eq!(Page::parse(query, 10, &token), Err(INVALID), "{query}");
        }
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let token = Page::parse("ListUnits", 0, "")
            .expect("a page")
            .token(b"place");
        let altered = [
            format!("{token}="),
            format!(" {token}"),
            token[1..].to_owned(),
        ];
        for token in altered.iter().map(String::as_str).chain(["x", "AAAA", "…"]) {
            assert_eq!(Page::parse("ListUnits", 0, token), Err(INVALID), "{token}");
        }
    }

    #[test]
    fn a_place_has_its_own_length() {
        let first = Page::parse("ListPostings", 0, "").expect("a page");
        assert_eq!(first.fixed::<10>(), Ok(None));
        let next = Page::parse("ListPostings", 0, &first.token(&[7; 10])).expect("a page");
        assert_eq!(next.fixed(), Ok(Some([7; 10])));
        assert_eq!(next.fixed::<9>(), Err(INVALID));
    }

    #[test]
    fn sizes_are_brought_within_their_limits() {
        let size = |size| Page::parse("ListUnits", size, "").map(|page| page.size);
        assert_eq!(size(0), Ok(SIZE_DEFAULT));
        assert_eq!(size(1), Ok(1));
        assert_eq!(size(1000), Ok(1000));
        assert_eq!(size(i32::MAX), Ok(SIZE_MAX));
        assert_eq!(
            size(-1),
            Err(ReadError::PageSizeInvalid { field: "page_size" })
        );
    }
}
