//! The addresses of tiles and bundles: C2SP tlog-tiles, sections Merkle Tree and Log entries.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::tile::{TileId, Width};

/// What a path below the log's prefix names; `Display` and `FromStr` are the path itself, such as
/// `tile/0/x001/x234/067` or `tile/entries/273.p/112`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// A tile of hashes.
    Hashes {
        /// Level 0 to 63, and index.
        tile: TileId,
        /// Less than full if the path ends in `.p/<width>`.
        width: Width,
    },
    /// A bundle of records, which has the index of the level-0 tile with their hashes.
    Entries {
        /// 0-based.
        index: u64,
        /// Less than full if the path ends in `.p/<width>`.
        width: Width,
    },
}

/// The text is not the one spelling of a tile's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected tile/<0 to 63 or \"entries\">/<index in groups of three>[.p/<1 to 255>]")]
pub struct TilePathError;

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match *self {
            Self::Hashes { tile, width } => {
                write!(f, "tile/{}/", tile.level)?;
                (tile.index, width)
            }
            Self::Entries { index, width } => {
                write!(f, "tile/entries/")?;
                (index, width)
            }
        };
        write_index(f, index)?;
        if width == Width::FULL {
            Ok(())
        } else {
            write!(f, ".p/{}", width.get())
        }
    }
}

/// Writes 1234067 as `x001/x234/067`.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    if index >= 1000 {
        write_leading_groups(f, index / 1000)?;
    }
    write!(f, "{:03}", index % 1000)
}

fn write_leading_groups(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    if index >= 1000 {
        write_leading_groups(f, index / 1000)?;
    }
    write!(f, "x{:03}/", index % 1000)
}

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        // Read generously, then compare: whatever is not the canonical spelling differs from it.
        let path = read(text).ok_or(TilePathError)?;
        if path.to_string() == text {
            Ok(path)
        } else {
            Err(TilePathError)
        }
    }
}

fn read(text: &str) -> Option<TilePath> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, Width::new(width.parse().ok()?)?),
        None => (rest, Width::FULL),
    };
    let index = index.replace(['x', '/'], "").parse().ok()?;
    if kind == "entries" {
        return Some(TilePath::Entries { index, width });
    }
    let level = kind.parse().ok().filter(|level| *level < 64)?;
    Some(TilePath::Hashes {
        tile: TileId { level, index },
        width,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(level: u8, index: u64, width: u16) -> TilePath {
        let width = Width::new(width).unwrap();
        TilePath::Hashes {
            tile: TileId { level, index },
            width,
        }
    }

    fn entries(index: u64, width: u16) -> TilePath {
        TilePath::Entries {
            index,
            width: Width::new(width).unwrap(),
        }
    }

    #[test]
    fn paths_are_written_as_specified_and_read_back() {
        let cases = [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(0, 273, 112), "tile/0/273.p/112"),
            (hashes(1, 999, 1), "tile/1/999.p/1"),
            (hashes(2, 1000, 255), "tile/2/x001/000.p/255"),
            (hashes(63, 1_234_067, 256), "tile/63/x001/x234/067"),
            (entries(0, 256), "tile/entries/000"),
            (entries(1_234_067, 5), "tile/entries/x001/x234/067.p/5"),
            (
                hashes(7, u64::MAX, 256),
                "tile/7/x018/x446/x744/x073/x709/x551/615",
            ),
        ];
        for (path, text) in cases {
            assert_eq!(path.to_string(), text);
            assert_eq!(text.parse(), Ok(path));
        }
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let refused = [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile//000",
            "Tile/0/000",
            "tile/00/000",
            "tile/+0/000",
            "tile/-1/000",
            "tile/64/000",
            "tile/256/000",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/1000",
            "tile/0/x000/001",
            "tile/0/x001/x000",
            "tile/0/001/000",
            "tile/0/x001000",
            "tile/0/x1/000",
            "tile/0/x001//000",
            "tile/0/000/",
            "tile/0/+00",
            "tile/0/00a",
            "tile/0/xx001/000",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/0/000.p/1/",
            "tile/0/000.p/1.p/1",
            "tile/0/000 ",
            "tile/0/000\n",
            "tile/0/../000",
            "tile/Entries/000",
            "tile/data/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "checkpoint",
        ];
        for text in refused {
            assert_eq!(text.parse::<TilePath>(), Err(TilePathError), "{text:?}");
        }
    }
}
