//! What one record costs the log: hashing, growing the tree, proving, signing and checking.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ledger::key::{BatchVerifier, PublicKey, SecretKey};
use ledger::log::{
    Checkpoint, Hash, NoteSigner, Position, Tile, TileId, Tree, TreeSize, inclusion_proof,
    leaf_hash, node_hash, verify_inclusion,
};

/// So many records are in the log before anything is measured.
const RECORDS: u64 = 1_000_000;

fn leaves(range: std::ops::Range<u64>) -> impl Iterator<Item = Hash> {
    range.map(|index| leaf_hash(&index.to_be_bytes()))
}

fn grown() -> (Tree, BTreeMap<TileId, Tile>) {
    let mut tree = Tree::new();
    let tiles = tree.extend(leaves(0..RECORDS)).into_iter().collect();
    (tree, tiles)
}

fn hashing(c: &mut Criterion) {
    let record = [7; 300];
    c.bench_function("leaf hash of 300 bytes", |b| {
        b.iter(|| leaf_hash(black_box(&record)));
    });
    let (left, right) = (leaf_hash(b"l"), leaf_hash(b"r"));
    c.bench_function("node hash", |b| {
        b.iter(|| node_hash(black_box(&left), black_box(&right)));
    });
}

fn growing(c: &mut Criterion) {
    let (tree, _) = grown();
    for batch in [1, 500] {
        let new: Vec<Hash> = leaves(RECORDS..RECORDS + batch).collect();
        let mut group = c.benchmark_group("tree");
        group.throughput(Throughput::Elements(batch));
        group.bench_function(format!("extend by {batch}"), |b| {
            let new = || (tree.clone(), new.clone());
            b.iter_batched(
                new,
                |(mut tree, new)| tree.extend(new),
                BatchSize::SmallInput,
            );
        });
    }
    c.bench_function("root", |b| b.iter(|| black_box(&tree).root()));
}

fn proving(c: &mut Criterion) {
    let (tree, tiles) = grown();
    let (position, size) = (Position::new(RECORDS / 3), tree.size());
    let prove = || inclusion_proof(position, size, |id| tiles.get(&id)).expect("all tiles");
    c.bench_function("make an inclusion proof", |b| b.iter(prove));
    let (leaf, root, path) = (
        leaf_hash(&position.get().to_be_bytes()),
        tree.root(),
        prove(),
    );
    c.bench_function("check an inclusion proof", |b| {
        b.iter(|| verify_inclusion(black_box(leaf), position, size, &path, root));
    });
}

fn signing(c: &mut Criterion) {
    let secret = SecretKey::from_seed(&[1; 32]);
    let (public, message) = (secret.public(), [7; 300]);
    let signature = secret.sign(&message);
    c.bench_function("register a key", |b| {
        b.iter(|| PublicKey::register(black_box(public.as_bytes())));
    });
    c.bench_function("check a signature", |b| {
        b.iter(|| public.verify(black_box(&message), &signature));
    });
    let signer = NoteSigner::new("hours.example/ledger".parse().expect("a name"), secret);
    let origin = signer.verifier_key().name().clone();
    let checkpoint = Checkpoint::new(origin, TreeSize::new(RECORDS), Hash::EMPTY_ROOT);
    c.bench_function("sign a checkpoint", |b| {
        b.iter(|| black_box(&checkpoint).sign(std::slice::from_ref(&signer)));
    });
    let note = checkpoint
        .sign(std::slice::from_ref(&signer))
        .expect("a note");
    let key = signer.verifier_key();
    c.bench_function("check a checkpoint", |b| {
        b.iter(|| Checkpoint::verify(&note, &key));
    });
}

/// What a signature costs in a batch of a ledger's: few keys, each many times.
fn batching(c: &mut Criterion) {
    let secrets: Vec<_> = (0..100)
        .map(|seed| SecretKey::from_seed(&[seed; 32]))
        .collect();
    let signed: Vec<_> = (0..2048_usize)
        .map(|number| {
            let secret = &secrets[number % secrets.len()];
            let message = number.to_be_bytes().repeat(38);
            (secret.sign(&message), message, secret.public())
        })
        .collect();
    for batch in [64, 256, 512, 1024, 2048] {
        let mut group = c.benchmark_group("check signatures together");
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(format!("{batch}"), |b| {
            let each = || {
                let batch = signed[..batch].iter();
                batch.map(|(signature, message, key)| (&**message, signature, key))
            };
            b.iter(|| BatchVerifier::new([0; 32]).verify(each()));
        });
    }
}

criterion_group!(benches, hashing, growing, proving, signing, batching);
criterion_main!(benches);
