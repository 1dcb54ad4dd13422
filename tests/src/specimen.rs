//! Made-up logs of chosen sizes, as folders in the layout of C2SP tlog-tiles, for
//! other people's programs to check. They come from `ledger` alone: no server,
//! no clock, the same bytes every time.
//!
//! Beside what a log serves, a folder has `policy` (C2SP tlog-policy), `old/`
//! with earlier checkpoints, and `receipts/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use ledger::SecretKey;
use ledger::log::{
    Checkpoint, Cosigner, Hash, KeyName, MlDsaSecretKey, NoteSigner, Position, Receipt, SignedNote,
    Tile, TileId, TilePath, Tree, TreeSize, consistency_proof, encode_bundle, inclusion_proof,
    leaf_hash, root_from_tiles, tiles,
};

/// Around every border of the tiles, on three levels.
pub const SIZES: [u64; 14] = [
    0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000,
];

const ORIGIN: &str = "hours.example/specimen";

/// When the witnesses cosign, in seconds since 1970.
const COSIGNED_S: u64 = 1_767_225_600;

/// How many records of a log get a receipt.
const RECEIPTS_MAX: u64 = 40;

/// Options of `timebank-lab specimen`.
#[derive(Args, Debug)]
pub struct Options {
    /// The numbers of records, each of which becomes a folder
    #[arg(long, value_delimiter = ',', default_values_t = SIZES)]
    sizes: Vec<u64>,
    /// Where to write the folders; a new folder
    #[arg(long)]
    out: PathBuf,
}

/// One growing log, of which every state can be published.
#[derive(Debug)]
pub struct Specimen {
    records: Vec<Vec<u8>>,
    tiles: BTreeMap<TileId, Tile>,
}

/// Writes a folder for each size.
///
/// # Errors
/// Those of the file system.
pub fn run(options: &Options) -> Result<()> {
    let largest = options.sizes.iter().max().copied().unwrap_or(0);
    let specimen = Specimen::grow(largest);
    for size in &options.sizes {
        let folder = options.out.join(size.to_string());
        specimen.publish(*size, &folder)?;
        println!("{}", folder.display());
    }
    Ok(())
}

/// The log's key.
pub fn log_signer() -> NoteSigner {
    NoteSigner::new(name(ORIGIN), SecretKey::from_seed(&[9; 32]))
}

/// The log's second key, ML-DSA-44.
pub fn log_cosigner() -> Cosigner {
    Cosigner::ml_dsa44(name(ORIGIN), MlDsaSecretKey::from_seed(&[5; 32]))
}

/// The witnesses `w1` to `w4` of the policy. The third one never cosigns, the last
/// one does so with ML-DSA-44.
pub fn witnesses() -> [Cosigner; 4] {
    let named = |number| name(&format!("witness.example/w{number}"));
    let ed25519 = |number| Cosigner::new(named(number), SecretKey::from_seed(&[number; 32]));
    let ml_dsa44 = Cosigner::ml_dsa44(named(4), MlDsaSecretKey::from_seed(&[4; 32]));
    [ed25519(1), ed25519(2), ed25519(3), ml_dsa44]
}

/// The policy that asks for the log's signature and two cosignatures.
pub fn policy() -> String {
    let (first, second) = (log_signer().verifier_key(), log_cosigner().verifier_key());
    let [w1, w2, w3, w4] = witnesses().map(|witness| witness.verifier_key().to_string());
    format!(
        "# A made-up log.\nlog {first}\nlog {second}\n\n\
         witness w1 {w1}\nwitness w2 {w2}\nwitness w3 {w3}\nwitness w4 {w4}\n\
         group enough 2 w1 w2 w3 w4\nquorum enough\n"
    )
}

/// The checkpoint with both signatures of the log and all cosignatures.
///
/// # Errors
/// None: every line is well formed.
pub fn cosigned(checkpoint: &Checkpoint) -> Result<SignedNote> {
    let [w1, w2, _, w4] = witnesses();
    let lines = [log_cosigner(), w1, w2, w4].map(|one| one.sign(checkpoint, COSIGNED_S));
    let signed = checkpoint.sign(&[log_signer()])?;
    Ok(signed.with_lines(&lines.concat())?)
}

impl Specimen {
    /// A log of so many records, of many lengths: the empty one and the longest
    /// that a bundle can hold are among them.
    pub fn grow(size: u64) -> Self {
        let records: Vec<Vec<u8>> = (0..size).map(record).collect();
        let mut tree = Tree::new();
        let tiles = tree.extend(records.iter().map(|record| leaf_hash(record)));
        Self {
            records,
            tiles: tiles.into_iter().collect(),
        }
    }

    /// What the log signs when it has so many records.
    ///
    /// # Errors
    /// If it has never had so many.
    pub fn checkpoint(&self, size: u64) -> Result<Checkpoint> {
        let size = TreeSize::new(size);
        let root = root_from_tiles(size, |id| self.tiles.get(&id))?;
        Ok(Checkpoint::new(name(ORIGIN), size, root))
    }

    /// That the log has grown from one size to another.
    ///
    /// # Errors
    /// If it has not.
    pub fn growth(&self, old: u64, new: u64) -> Result<Vec<Hash>> {
        let (old, new) = (TreeSize::new(old), TreeSize::new(new));
        Ok(consistency_proof(old, new, |id| self.tiles.get(&id))?)
    }

    /// Writes all that a log of so many records serves, and what goes with it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn publish(&self, size: u64, folder: &Path) -> Result<()> {
        for (tile, width) in tiles(TreeSize::new(size)) {
            let served = self.tiles.get(&tile).and_then(|tile| tile.prefix(width));
            let served = served.context("the log has had so many records")?;
            let path = TilePath::Hashes { tile, width };
            write(folder, &path.to_string(), &served.to_bytes())?;
            if tile.level == 0 {
                let index = tile.index;
                let path = TilePath::Entries { index, width };
                let first = usize::try_from(index * 256)?;
                let records = &self.records[first..first + usize::from(width.get())];
                write(folder, &path.to_string(), &encode_bundle(records)?)?;
            }
        }
        for old in SIZES.into_iter().filter(|old| *old <= size) {
            let signed = self.checkpoint(old)?.sign(&[log_signer()])?;
            write(folder, &format!("old/{old}"), signed.as_bytes())?;
        }
        let signed = cosigned(&self.checkpoint(size)?)?;
        for index in (0..size).filter(|index| has_receipt(*index, size)) {
            let receipt = self.receipt(index, size, &signed)?;
            let path = format!("receipts/{index}.tlog-proof");
            write(folder, &path, receipt.to_string().as_bytes())?;
        }
        write(folder, "policy", policy().as_bytes())?;
        write(folder, "checkpoint", signed.as_bytes())
    }

    fn receipt(&self, index: u64, size: u64, signed: &SignedNote) -> Result<Receipt> {
        let (position, size) = (Position::new(index), TreeSize::new(size));
        let record = self.records[usize::try_from(index)?].clone();
        Ok(Receipt {
            extra: Some(proto::encode_extra(record, None)),
            position,
            path: inclusion_proof(position, size, |id| self.tiles.get(&id))?,
            checkpoint: signed.clone(),
        })
    }
}

/// The first, the last, and some evenly between.
fn has_receipt(index: u64, size: u64) -> bool {
    index.is_multiple_of(size / RECEIPTS_MAX + 1) || index + 1 == size
}

fn record(index: u64) -> Vec<u8> {
    let length = match index {
        2 => u16::MAX.into(),
        _ => usize::try_from(index * 37 % 90).expect("below 90"),
    };
    format!("record {index} ")
        .bytes()
        .cycle()
        .take(length)
        .collect()
}

fn name(text: &str) -> KeyName {
    text.parse().expect("a name without spaces and plus signs")
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, bytes).with_context(|| path.display().to_string())
}
