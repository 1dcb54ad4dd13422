//! Proofs: every record is in the tree, and every tree continues the one before.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use ledger::EntryId;
use ledger::act::Give;
use ledger::log::{
    Checkpoint, Hash, Position, Receipt, SignedNote, Tree, TreeSize, VerifierKey, leaf_hash,
    verify_consistency, verify_inclusion,
};
use proto::name::{ENTRIES, RECORDS};
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::bank::ORIGIN;
use tonic::Code;
use tonic::transport::Channel;

use crate::wire::{Said, bearer, with_authorization};
use crate::world::{World, minutes};

on_both!(
    every_record_is_proven_to_be_in_the_tree,
    every_tree_is_proven_to_begin_with_those_before_it,
    a_receipt_proves_the_record_without_any_server,
    a_proof_of_what_is_not_there_is_refused,
);

/// What the log is made of, read record by record.
struct Log {
    service: LedgerServiceClient<Channel>,
    checkpoint: Checkpoint,
    leaves: Vec<Vec<u8>>,
}

async fn log(world: &World) -> Result<Log> {
    for count in 1..=5 {
        let gift = Give {
            recipient: world.member(1).id,
            minutes: minutes(count)?,
        };
        world.does(world.member(0), gift).await?;
    }
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let note = SignedNote::parse(&world.checkpoint().await?)?;
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let checkpoint = Checkpoint::verify(&note, &log_key)?;
    let request = v1::StreamRecordsRequest::default();
    let request = with_authorization(request, &bearer(&world.street.auditor, ORIGIN))?;
    let mut records = service.stream_records(request).await?.into_inner();
    let mut leaves = Vec::new();
    while let Some(record) = records.message().await? {
        assert_eq!(record.position, i64::try_from(leaves.len())?);
        assert_eq!(record.name, format!("records/{}", record.position));
        leaves.push(record.leaf);
    }
    assert_eq!(leaves.len() as u64, checkpoint.size().get());
    Ok(Log {
        service,
        checkpoint,
        leaves,
    })
}

async fn every_record_is_proven_to_be_in_the_tree(world: &mut World) -> Result<()> {
    let mut log = log(world).await?;
    let (size, root) = (log.checkpoint.size(), log.checkpoint.root());
    for (index, leaf) in log.leaves.iter().enumerate() {
        let request = v1::GetInclusionProofRequest {
            position: i64::try_from(index)?,
            tree_size: 0,
        };
        let proof = log.service.get_inclusion_proof(request).await?.into_inner();
        assert_eq!(proof.tree_size, i64::try_from(size.get())?);
        let hash = leaf_hash(leaf);
        assert_eq!(proof.leaf_hash, hash.as_bytes());
        let path = hashes(&proof.hashes)?;
        let position = Position::new(index as u64);
        verify_inclusion(hash, position, size, &path, root)?;
        let other = leaf_hash(b"another record");
        assert!(verify_inclusion(other, position, size, &path, root).is_err());
    }
    Ok(())
}

async fn every_tree_is_proven_to_begin_with_those_before_it(world: &mut World) -> Result<()> {
    let mut log = log(world).await?;
    let newest = log.checkpoint.size().get();
    let mut roots = BTreeMap::from([(0, Hash::EMPTY_ROOT)]);
    let mut tree = Tree::new();
    for leaf in &log.leaves {
        tree.extend([leaf_hash(leaf)]);
        roots.insert(tree.size().get(), tree.root());
    }
    let mut some: Vec<u64> = vec![1, 2, 3, 7, 8, 16, newest / 2, newest - 1, newest];
    some.sort_unstable();
    for old in some.iter().copied() {
        for new in some.iter().copied().filter(|new| *new >= old) {
            let request = v1::GetConsistencyProofRequest {
                old_tree_size: i64::try_from(old)?,
                new_tree_size: i64::try_from(new)?,
            };
            let proof = log.service.get_consistency_proof(request).await?;
            let proof = hashes(&proof.into_inner().hashes)?;
            let sizes = (TreeSize::new(old), TreeSize::new(new));
            verify_consistency(sizes.0, roots[&old], sizes.1, roots[&new], &proof)?;
            if old < new {
                let forked = leaf_hash(b"another history");
                assert!(verify_consistency(sizes.0, roots[&old], sizes.1, forked, &proof).is_err());
            }
        }
    }
    assert_eq!(roots[&newest], log.checkpoint.root());
    Ok(())
}

async fn a_receipt_proves_the_record_without_any_server(world: &mut World) -> Result<()> {
    let log = log(world).await?;
    let giver = world.member(0);
    let mut service = log.service;
    let mut own = 0;
    let log_key: VerifierKey = world.verifier_key().parse()?;
    for (index, leaf) in log.leaves.iter().enumerate() {
        let position = Position::new(index as u64);
        let (_, record) = proto::decode_leaf(position, leaf)?;
        if record.entry.author != giver.id {
            continue;
        }
        own += 1;
        let name = ENTRIES.name(&record.entry.id);
        let token = bearer(giver, ORIGIN);
        let request = with_authorization(v1::GetReceiptRequest { name }, &token)?;
        let receipt = service.get_receipt(request).await?.into_inner().tlog_proof;
        let proven = client::verify::verify(&receipt, &log_key, &[])?;
        assert_eq!(proven.entry, record.entry);
        assert_eq!(proven.position, position);
        assert!(proven.is_signature_verified);
        // Whoever moves it to another place proves nothing.
        let mut altered = Receipt::parse(&receipt)?;
        altered.position = Position::new(index as u64 + 1);
        let altered = altered.to_string();
        assert!(client::verify::verify(altered.as_bytes(), &log_key, &[]).is_err());
        let request = v1::GetRecordRequest {
            name: RECORDS.name(&position),
        };
        let request = with_authorization(request, &token)?;
        assert_eq!(service.get_record(request).await?.into_inner().leaf, *leaf);
    }
    assert_eq!(own, 5);
    Ok(())
}

async fn a_proof_of_what_is_not_there_is_refused(world: &mut World) -> Result<()> {
    let newest = i64::try_from(world.tree_size().await?)?;
    let mut service = LedgerServiceClient::new(world.channel().await?);
    for (position, tree_size, reason) in [
        (newest, 0, "POSITION_INVALID"),
        (-1, 0, "POSITION_INVALID"),
        (5, 5, "POSITION_INVALID"),
        (i64::MAX, 0, "POSITION_INVALID"),
        (0, newest + 1, "TREE_SIZE_INVALID"),
        (0, -1, "TREE_SIZE_INVALID"),
        (0, i64::MAX, "TREE_SIZE_INVALID"),
    ] {
        let request = v1::GetInclusionProofRequest {
            position,
            tree_size,
        };
        let answer = service.get_inclusion_proof(request).await;
        let said = Said::of(&answer.err().context("it is proven")?)?;
        assert_eq!(
            (said.code, said.reason.as_str()),
            (Code::OutOfRange, reason)
        );
    }
    for (old_tree_size, new_tree_size) in [(newest + 1, 0), (2, 1), (-1, 0), (0, newest + 1)] {
        let request = v1::GetConsistencyProofRequest {
            old_tree_size,
            new_tree_size,
        };
        let answer = service.get_consistency_proof(request).await;
        let said = Said::of(&answer.err().context("it is proven")?)?;
        assert_eq!(said.reason, "TREE_SIZE_INVALID");
    }
    let name = ENTRIES.name(&EntryId::new(world.now(), [9; 10]));
    let token = bearer(&world.street.auditor, ORIGIN);
    let request = with_authorization(v1::GetReceiptRequest { name }, &token)?;
    let answer = service.get_receipt(request).await;
    let said = Said::of(&answer.err().context("there is a receipt")?)?;
    assert_eq!(said.reason, "NOT_FOUND");
    Ok(())
}

fn hashes(found: &[Vec<u8>]) -> Result<Vec<Hash>> {
    let hash = |bytes: &Vec<u8>| Ok(Hash::from_bytes(bytes.as_slice().try_into()?));
    found.iter().map(hash).collect()
}
