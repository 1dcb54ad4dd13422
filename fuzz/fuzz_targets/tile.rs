//! A tile is its hashes and nothing else.
#![no_main]

use ledger::log::Tile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let tile = Tile::from_bytes(bytes);
    let is_tile = bytes.len().is_multiple_of(32) && (32..=8192).contains(&bytes.len());
    assert_eq!(tile.is_ok(), is_tile);
    if let Ok(tile) = tile {
        assert_eq!(tile.to_bytes(), bytes);
        assert_eq!(tile.prefix(tile.width()), Some(tile));
    }
});
