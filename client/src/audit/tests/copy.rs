//! Copies of a ledger, and ledgers that grow while they are read.

use super::*;

#[tokio::test]
async fn a_saved_copy_audits_like_the_original_and_can_be_taken_up_again() {
    let saved = Saved::new();
    let copy = Folder::new();
    let (source, key) = (
        FolderSource::new(saved.folder.path()),
        signer().verifier_key(),
    );
    for _ in 0..2 {
        let size = export::save(&source, &key, copy.path(), |_| {})
            .await
            .unwrap();
        assert_eq!(size, TreeSize::new(RECORDS));
    }
    let original = saved.audit().await.unwrap();
    let copied = audit(FolderSource::new(copy.path()), &key, |_| {})
        .await
        .unwrap();
    assert_eq!(
        AuditReport {
            duration_ms: original.duration_ms,
            ..copied
        },
        original
    );
}

#[tokio::test]
async fn a_partial_tile_that_was_filled_since_is_read_from_the_full_one() {
    let mut saved = Saved::of(300);
    let checkpoint = fs::read(saved.path(CHECKPOINT_FILE)).unwrap();
    let (state, postings) = (
        fs::read(saved.path(STATE_FILE)).unwrap(),
        fs::read(saved.path(POSTINGS_FILE)).unwrap(),
    );
    fs::remove_dir_all(saved.path("tile")).unwrap();
    saved.street.grow(600);
    saved.street.write(saved.folder.path());
    for (name, bytes) in [
        (CHECKPOINT_FILE, checkpoint),
        (STATE_FILE, state),
        (POSTINGS_FILE, postings),
    ] {
        fs::write(saved.path(name), bytes).unwrap();
    }
    fs::rename(saved.path("tile/1/000.p/2"), saved.path("tile/1/000.p/1")).unwrap();
    saved.change("tile/1/000.p/1", |tile| tile.truncate(32));
    assert!(
        Tile::from_bytes(&fs::read(saved.path("tile/0/001")).unwrap())
            .unwrap()
            .is_full()
    );
    assert_eq!(saved.audit().await.unwrap().tree_size, TreeSize::new(300));
}
