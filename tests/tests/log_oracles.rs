//! The log against other people's implementations of the same specifications.
//!
//! `ct-merkle` follows RFC 6962; Cloudflare's `tlog_tiles` and `signed_note` are ports of Go's
//! modules and follow C2SP. They must accept all that we make, and we all that they make, byte by
//! byte where the format is fixed. They share no code with `ledger`.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof};
use ledger::key::SecretKey;
use ledger::log::{
    Checkpoint, Hash, NoteSigner, Position, SignedNote, Tile, TileId, TilePath, Tree, TreeSize,
    VerifierKey, Width, consistency_proof, decode_bundle, encode_bundle, inclusion_proof,
    leaf_hash, tiles, verify_consistency, verify_inclusion,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sha2::Sha256;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{HashReader, TileHashReader, TileReader};

/// Around the borders of tiles: one level, two levels, three.
const SIZES: [u64; 7] = [0, 1, 2, 255, 256, 257, 65_537];

/// A generator whose seed a failing test shows.
fn random() -> StdRng {
    let seed = RandomState::new().hash_one(());
    println!("seed {seed}");
    StdRng::seed_from_u64(seed)
}

/// One list of records in three implementations.
struct Logs {
    records: Vec<Vec<u8>>,
    tree: Tree,
    tiles: BTreeMap<TileId, Tile>,
    ct: MemoryBackedTree<Sha256, Vec<u8>>,
    go: Stored,
}

impl Logs {
    /// Random records; ours come in random batches.
    fn grow(size: u64, random: &mut StdRng) -> Self {
        let records: Vec<Vec<u8>> = (0..size).map(|_| record(random)).collect();
        let (mut tree, mut tiles, mut rest) = (Tree::new(), BTreeMap::new(), records.as_slice());
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(random.random_range(1..=rest.len().min(700)));
            tiles.extend(tree.extend(batch.iter().map(|record| leaf_hash(record))));
            rest = after;
        }
        let (mut ct, mut go) = (MemoryBackedTree::new(), Stored(Vec::new()));
        for (index, record) in (0..).zip(&records) {
            ct.push(record.clone());
            let hashes = tlog_tiles::stored_hashes(index, record, &go).unwrap();
            go.0.extend(hashes);
        }
        Self {
            records,
            tree,
            tiles,
            ct,
            go,
        }
    }

    fn leaf(&self, position: Position) -> Hash {
        leaf_hash(&self.records[usize::try_from(position.get()).unwrap()])
    }

    /// Every position of a small tree, the ends and a sample of a large one.
    fn positions(&self, random: &mut StdRng) -> BTreeSet<u64> {
        let size = self.tree.size().get();
        match size {
            0..1000 => (0..size).collect(),
            _ => (0..40)
                .map(|_| random.random_range(0..size))
                .chain([0, size - 1])
                .collect(),
        }
    }
}

fn record(random: &mut StdRng) -> Vec<u8> {
    let mut record = vec![0; random.random_range(0..40)];
    random.fill(record.as_mut_slice());
    record
}

/// The storage of Go's `tlog`: every node in one list.
struct Stored(Vec<tlog_tiles::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).unwrap()])
            .collect())
    }
}

/// Our tiles, for Go's client.
struct Served(BTreeMap<TileId, Tile>);

impl TileReader for Served {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, wanted: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        Ok(wanted.iter().map(|tile| self.read(tile)).collect())
    }

    fn save_tiles(&self, _tiles: &[tlog_tiles::Tile], _data: &[Vec<u8>]) {}
}

impl Served {
    fn read(&self, wanted: &tlog_tiles::Tile) -> Vec<u8> {
        let width = Width::new(wanted.width().try_into().unwrap()).unwrap();
        self.0[&id_of(wanted)].prefix(width).unwrap().to_bytes()
    }
}

fn id_of(tile: &tlog_tiles::Tile) -> TileId {
    TileId {
        level: tile.level(),
        index: tile.level_index(),
    }
}

fn theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes
        .iter()
        .map(|hash| tlog_tiles::Hash(*hash.as_bytes()))
        .collect()
}

fn ours(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash::from_bytes(hash.0)).collect()
}

fn joined(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}

#[test]
fn roots_agree() {
    let mut random = random();
    for size in SIZES {
        let logs = Logs::grow(size, &mut random);
        assert_eq!(
            logs.tree.root().as_bytes(),
            &logs.ct.root().as_bytes()[..],
            "{size}"
        );
        let root = tlog_tiles::tree_hash(size, &logs.go).unwrap();
        // Go calls the root of the empty tree all zeros; RFC 6962 does not.
        let root = if size == 0 {
            tlog_tiles::EMPTY_HASH
        } else {
            root
        };
        assert_eq!(logs.tree.root().as_bytes(), &root.0, "{size}");
    }
}

#[test]
fn inclusion_proofs_are_the_same_bytes_and_pass_each_others_checks() {
    let mut random = random();
    for size in SIZES {
        let logs = Logs::grow(size, &mut random);
        let (root, size) = (logs.tree.root(), logs.tree.size());
        for index in logs.positions(&mut random) {
            let position = Position::new(index);
            let path = inclusion_proof(position, size, |id| logs.tiles.get(&id)).unwrap();
            let leaf = logs.leaf(position);

            let go = tlog_tiles::prove_record(size.get(), index, &logs.go).unwrap();
            assert_eq!(path, ours(&go), "{index} in {size}");
            assert_eq!(
                verify_inclusion(leaf, position, size, &ours(&go), root),
                Ok(())
            );
            let (go_root, go_leaf) = (theirs(&[root])[0], theirs(&[leaf])[0]);
            tlog_tiles::check_record(&theirs(&path), size.get(), go_root, index, go_leaf).unwrap();

            let at = usize::try_from(index).unwrap();
            assert_eq!(joined(&path), logs.ct.prove_inclusion(at).as_bytes());
            let proof = InclusionProof::try_from_bytes(joined(&path)).unwrap();
            logs.ct
                .root()
                .verify_inclusion(&logs.records[at], index, &proof)
                .unwrap();
        }
    }
}

#[test]
fn consistency_proofs_are_the_same_bytes_and_pass_each_others_checks() {
    let mut random = random();
    for size in SIZES {
        let logs = Logs::grow(size, &mut random);
        let (new, new_root) = (logs.tree.size(), logs.tree.root());
        for index in logs.positions(&mut random) {
            let old = TreeSize::new(index + 1);
            let proof = consistency_proof(old, new, |id| logs.tiles.get(&id)).unwrap();
            let old_root = tlog_tiles::tree_hash(old.get(), &logs.go).unwrap();

            let go = tlog_tiles::prove_tree(size, old.get(), &logs.go).unwrap();
            assert_eq!(proof, ours(&go), "{old} to {new}");
            let our_old_root = ours(&[old_root])[0];
            assert_eq!(
                verify_consistency(old, our_old_root, new, new_root, &ours(&go)),
                Ok(())
            );
            let go_root = theirs(&[new_root])[0];
            tlog_tiles::check_tree(&theirs(&proof), size, go_root, old.get(), old_root).unwrap();

            let added = usize::try_from(size - old.get()).unwrap();
            assert_eq!(joined(&proof), logs.ct.prove_consistency(added).as_bytes());
            let proof = ConsistencyProof::try_from_bytes(joined(&proof)).unwrap();
            let digest = (*our_old_root.as_bytes()).into();
            let old_root = ct_merkle::RootHash::new(digest, old.get());
            logs.ct
                .root()
                .verify_consistency(&old_root, &proof)
                .unwrap();
        }
    }
}

#[test]
fn tiles_are_the_same_bytes() {
    let mut random = random();
    for size in SIZES {
        let logs = Logs::grow(size, &mut random);
        let wanted = tlog_tiles::Tile::new_tiles(8, 0, size);
        let listed: BTreeSet<(TileId, u32)> = tiles(logs.tree.size())
            .map(|(id, width)| (id, width.get().into()))
            .collect();
        assert_eq!(
            listed,
            wanted
                .iter()
                .map(|tile| (id_of(tile), tile.width()))
                .collect()
        );
        for tile in wanted {
            assert_eq!(
                logs.tiles[&id_of(&tile)].to_bytes(),
                tile.read_data(&logs.go).unwrap()
            );
        }
    }
}

#[test]
fn growth_changes_the_tiles_that_go_would_publish() {
    let mut random = random();
    let mut tree = Tree::new();
    while tree.size().get() < 140_000 {
        let (old, batch) = (tree.size().get(), random.random_range(0..3_000));
        let changed = tree.extend((0..batch).map(|_| leaf_hash(b"")));
        let ours: Vec<_> = changed
            .iter()
            .map(|(id, tile)| (*id, u32::from(tile.width().get())))
            .collect();
        let theirs = tlog_tiles::Tile::new_tiles(8, old, old + batch);
        let theirs: BTreeSet<_> = theirs
            .iter()
            .map(|tile| (id_of(tile), tile.width()))
            .collect();
        assert_eq!(ours.len(), theirs.len(), "{old} + {batch}");
        assert_eq!(BTreeSet::from_iter(ours), theirs, "{old} + {batch}");
    }
}

#[test]
fn a_foreign_client_verifies_our_tiles_and_notices_a_changed_one() {
    let mut random = random();
    for size in SIZES.into_iter().filter(|size| *size > 0) {
        let logs = Logs::grow(size, &mut random);
        let (root, index) = (theirs(&[logs.tree.root()])[0], random.random_range(0..size));
        let mut served = Served(logs.tiles.clone());
        let client = TileHashReader::new(size, root, &served);
        let proof = tlog_tiles::prove_record(size, index, &client).unwrap();
        let leaf = theirs(&[logs.leaf(Position::new(index))])[0];
        tlog_tiles::check_record(&proof, size, root, index, leaf).unwrap();

        let id = TileId {
            level: 0,
            index: index / 256,
        };
        let mut bytes = served.0[&id].to_bytes();
        bytes[32 * usize::try_from(index % 256).unwrap()] ^= 1;
        served.0.insert(id, Tile::from_bytes(&bytes).unwrap());
        let client = TileHashReader::new(size, root, &served);
        let at = tlog_tiles::stored_hash_index(0, index);
        assert!(client.read_hashes(&[at]).is_err(), "{index} in {size}");
    }
}

#[test]
fn paths_are_the_same_text() {
    let mut random = random();
    for _ in 0..10_000 {
        let (level, width) = (random.random_range(0..64), random.random_range(1..=256));
        let index = random.random::<u64>() >> random.random_range(0..64);
        let our_width = Width::new(width).unwrap();
        let hashes = TilePath::Hashes {
            tile: TileId { level, index },
            width: our_width,
        };
        let entries = TilePath::Entries {
            index,
            width: our_width,
        };
        let tile = tlog_tiles::Tile::new(8, level, index, width.into(), false);
        let data = tlog_tiles::Tile::new(8, 0, index, width.into(), true);
        // Go writes the height of its tiles, which C2SP fixes at 8, and says data for entries.
        for (ours, theirs) in [(hashes, tile), (entries, data)] {
            let path = theirs
                .path()
                .replace("tile/8/", "tile/")
                .replace("/data/", "/entries/");
            assert_eq!(ours.to_string(), path);
            assert_eq!(path.parse(), Ok(ours));
        }
    }
}

#[test]
fn bundles_hold_the_records_that_foreign_tiles_commit_to() {
    let mut random = random();
    for size in SIZES {
        let logs = Logs::grow(size, &mut random);
        let level_0 = tlog_tiles::Tile::new_tiles(8, 0, size).into_iter();
        let level_0: Vec<_> = level_0.filter(|tile| tile.level() == 0).collect();
        assert_eq!(level_0.len(), logs.records.chunks(256).count());
        for (tile, records) in level_0.iter().zip(logs.records.chunks(256)) {
            let width = Width::new(tile.width().try_into().unwrap()).unwrap();
            let bundle = encode_bundle(records).unwrap();
            let read = decode_bundle(&bundle, width).unwrap();
            let hashes: Vec<u8> = read
                .iter()
                .flat_map(|record| tlog_tiles::record_hash(record).0)
                .collect();
            assert_eq!(hashes, tile.read_data(&logs.go).unwrap());
        }
    }
}

#[test]
fn checkpoints_are_the_same_text() {
    let mut random = random();
    for _ in 0..200 {
        let (size, root) = (random.random::<u64>(), random.random::<[u8; 32]>());
        let origin = "hours.example/ledger";
        let tree_size = TreeSize::new(size);
        let ours = Checkpoint::new(origin.parse().unwrap(), tree_size, Hash::from_bytes(root));
        let theirs = tlog_tiles::Checkpoint::new(origin, size, tlog_tiles::Hash(root), "").unwrap();
        assert_eq!(ours.to_string().as_bytes(), theirs.to_bytes());
        let read = tlog_tiles::Checkpoint::from_bytes(ours.to_string().as_bytes()).unwrap();
        assert_eq!(
            (read.origin(), read.size(), read.hash().0),
            (origin, size, root)
        );
        assert_eq!(
            String::from_utf8(theirs.to_bytes()).unwrap().parse(),
            Ok(ours)
        );
    }
}

#[test]
fn notes_signed_here_verify_there_and_the_other_way_round() {
    let mut random = random();
    for _ in 0..50 {
        let secret = SecretKey::from_seed(&random.random());
        let signer = NoteSigner::new("hours.example/ledger".parse().unwrap(), secret);
        let (skey, vkey) = (signer.to_skey(), signer.verifier_key().to_string());
        let text = format!(
            "a text of {}\n\nand an empty line\n",
            random.random::<u64>()
        );

        let ours = SignedNote::sign(&text, std::slice::from_ref(&signer)).unwrap();
        let their_note = Note::from_bytes(ours.as_bytes()).unwrap();
        let verifier = || Box::new(StandardVerifier::new(&vkey).unwrap());
        let known = VerifierList::new(vec![verifier()]);
        assert_eq!(their_note.verify(&known).unwrap().0.len(), 1);

        let mut their_note = Note::new(text.as_bytes(), &[]).unwrap();
        their_note
            .add_sigs(&[&StandardSigner::new(&skey).unwrap()])
            .unwrap();
        // Ed25519 is deterministic, and the format leaves no choice.
        assert_eq!(their_note.to_bytes(), ours.as_bytes());
        let read = SignedNote::parse(&their_note.to_bytes()).unwrap();
        let keys: [VerifierKey; 1] = [vkey.parse().unwrap()];
        assert_eq!(read.verify(&keys), Ok(text.as_str()));

        let changed = ours.as_str().replacen("text", "test", 1);
        assert!(
            SignedNote::parse(changed.as_bytes())
                .unwrap()
                .verify(&keys)
                .is_err()
        );
        assert!(
            Note::from_bytes(changed.as_bytes())
                .unwrap()
                .verify(&known)
                .is_err()
        );
    }
}

#[test]
fn keys_made_there_are_read_here() {
    let mut random = random();
    for _ in 0..50 {
        let seed: [u8; 32] = random.random();
        let key = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
        let bytes = [&[1], key.as_bytes().as_slice()].concat();
        let id = signed_note::key_id("n", &bytes);
        let ours = NoteSigner::new("n".parse().unwrap(), SecretKey::from_seed(&seed));
        let vkey = ours.verifier_key();
        assert_eq!(vkey.id().to_string(), format!("{id:08x}"));
        let theirs = StandardVerifier::new(&vkey.to_string()).unwrap();
        assert_eq!(signed_note::Verifier::key_id(&theirs), id);
    }
}
