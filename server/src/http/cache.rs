//! The files of the log that were asked for last: a tile that is here costs no
//! read of the database.
//!
//! They never change, so that nothing has to be taken back. What is kept is
//! bounded by bytes in two generations: when the young one is full it becomes
//! the old one, and what was old is forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderValue;
use ledger::log::{TilePath, leaf_hash};

use super::encoding::Encoding;

/// Bytes in one generation; there are two. A full tile has 8 KiB.
const GENERATION_BYTES: usize = 32 * 1024 * 1024;
/// What a file costs beside its own bytes.
const FILE_BYTES: usize = 256;

/// A file as it goes out. A clone shares the bytes.
#[derive(Debug, Clone)]
pub(super) struct Served {
    /// The body.
    pub(super) bytes: Bytes,
    /// How it is packed.
    pub(super) encoding: Encoding,
    /// Its tag: a hash of the body, so that every server has the same.
    pub(super) etag: HeaderValue,
}

impl Served {
    /// Tags a body.
    pub(super) fn new(bytes: Bytes, encoding: Encoding) -> Self {
        let tag = hex::encode(&leaf_hash(&bytes).as_bytes()[..16]);
        let etag = format!("\"{tag}\"").parse();
        let etag = etag.expect("hex digits may stand in a header");
        Self {
            bytes,
            encoding,
            etag,
        }
    }
}

type Files = HashMap<(TilePath, Encoding), Served>;

/// The cache.
#[derive(Default)]
pub(super) struct Cache(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: Files,
    young_bytes: usize,
    old: Files,
}

impl Cache {
    /// A file that is here.
    pub(super) fn find(&self, path: TilePath, encoding: Encoding) -> Option<Served> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(served) = generations.young.get(&(path, encoding)) {
            return Some(served.clone());
        }
        let served = generations.old.remove(&(path, encoding))?;
        generations.keep(path, served.clone(), GENERATION_BYTES);
        Some(served)
    }

    /// Keeps a file for a while.
    pub(super) fn keep(&self, path: TilePath, served: Served) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.keep(path, served, GENERATION_BYTES);
    }
}

impl Generations {
    fn keep(&mut self, path: TilePath, served: Served, bytes_max: usize) {
        let bytes = served.bytes.len() + FILE_BYTES;
        if self.young_bytes + bytes > bytes_max {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if self.young.insert((path, served.encoding), served).is_none() {
            self.young_bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(index: u64) -> TilePath {
        format!("tile/0/{index:03}").parse().unwrap()
    }

    fn served(index: u64) -> Served {
        let bytes = vec![u8::try_from(index).unwrap(); 1_000];
        Served::new(bytes.into(), Encoding::Identity)
    }

    #[test]
    fn what_is_asked_for_again_stays_and_the_rest_goes() {
        let mut generations = Generations::default();
        let most = 3 * (1_000 + FILE_BYTES);
        for index in 0..3 {
            generations.keep(path(index), served(index), most);
        }
        generations.keep(path(3), served(3), most);
        assert_eq!((generations.young.len(), generations.old.len()), (1, 3));
        // The same again takes no more room.
        generations.keep(path(3), served(3), most);
        assert_eq!(generations.young_bytes, 1_000 + FILE_BYTES);
        let cache = Cache(Mutex::new(generations));
        let kept = cache.find(path(1), Encoding::Identity).unwrap();
        assert_eq!(kept.bytes, served(1).bytes);
        assert!(cache.find(path(1), Encoding::Gzip).is_none());
        let mut generations = cache.0.into_inner().unwrap();
        for index in 4..6 {
            generations.keep(path(index), served(index), most);
        }
        let cache = Cache(Mutex::new(generations));
        for (index, is_kept) in [(0, false), (1, true), (2, false), (3, true), (5, true)] {
            let found = cache.find(path(index), Encoding::Identity);
            assert_eq!(found.is_some(), is_kept, "{index}");
        }
    }

    #[test]
    fn a_tag_tells_bodies_apart() {
        assert_ne!(served(1).etag, served(2).etag);
        assert_eq!(served(1).etag, served(1).etag);
        assert_eq!(served(1).etag.len(), 34);
    }
}
