//! The folder of a witness: one process, whole files, and nothing that begins anew by accident.

use super::*;

#[test]
fn a_second_process_is_kept_out() {
    let stand = Stand::new(false);
    let witness = stand.open();
    let second = Witness::open(&stand.folder(), Clock::system());
    assert!(matches!(second.err(), Some(FolderError::Locked(_))));
    let added = stand
        .folder()
        .add_logs(&[signer("three.example").verifier_key()]);
    assert!(matches!(added, Err(FolderError::Locked(_))));
    assert_eq!(stand.folder().list().unwrap().len(), 2);
    drop(witness);
    stand.open();
}

#[test]
fn a_log_with_a_damaged_state_is_closed_and_the_others_go_on() {
    let stand = Stand::new(false);
    grows(&stand.open(), "one.example", 0, 5);
    let path = stand.state("one.example");
    let kept = fs::read_to_string(&path).unwrap();
    let not_cosigned = note("one.example", 3, SAME).as_str().to_owned();
    let damages = [
        Some(String::new()),
        Some(kept[..kept.len() / 2].to_owned()),
        Some(kept.replace("\n5\n", "\n4\n")),
        Some(kept.replace("one.example\n", "two.example\n")),
        Some(not_cosigned),
        Some("nothing\n".to_owned()),
        None,
    ];
    for damage in damages {
        match &damage {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let witness = stand.open();
        assert_eq!(witness.closed().len(), 1, "{damage:?}");
        for (old, size) in [(0, 6), (5, 6), (0, 1)] {
            let answer = witness.add_checkpoint(&request("one.example", old, size, SAME));
            assert_eq!(answer.status, 503, "{damage:?}");
            assert!(answer.says.unwrap().contains("NOTHING IS COSIGNED"));
        }
        let hash = origin_hash(&"one.example".parse().unwrap());
        assert_eq!(witness.checkpoint(&hash).status, 503);
        let other = request("two.example", 0, 1, SAME);
        assert!([200, 409].contains(&status(&witness, &other)), "{damage:?}");
        drop(witness);
        // Adding the log again does not help it to begin anew.
        stand
            .folder()
            .add_logs(&[signer("one.example").verifier_key()])
            .unwrap();
        assert!(
            stand.folder().list().unwrap()[0].fault.is_some(),
            "{damage:?}"
        );
    }
    fs::write(&path, kept).unwrap();
    grows(&stand.open(), "one.example", 5, 6);
}

#[test]
fn the_state_of_another_log_or_of_another_witness_is_not_taken() {
    let (stand, other) = (Stand::new(false), Stand::new(false));
    grows(&stand.open(), "one.example", 0, 5);
    grows(&other.open(), "one.example", 0, 2);
    fs::copy(other.state("one.example"), stand.state("one.example")).unwrap();
    assert_eq!(stand.open().closed().len(), 1);
    fs::copy(other.state("one.example"), other.state("two.example")).unwrap();
    assert_eq!(other.open().closed().len(), 1);
}

#[test]
fn what_is_not_stored_is_not_answered_and_closes_the_log() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 5);
    let (state, aside) = (
        stand.folder().path().join("state"),
        stand.home.path().join("aside"),
    );
    fs::rename(&state, &aside).unwrap();
    let answer = witness.add_checkpoint(&request("one.example", 5, 6, SAME));
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains('—'));
    fs::rename(&aside, &state).unwrap();
    // Nobody knows what the disk has until it is read again.
    assert_eq!(status(&witness, &request("one.example", 5, 6, SAME)), 503);
    drop(witness);
    grows(&stand.open(), "one.example", 5, 6);
}

#[cfg(unix)]
#[test]
fn the_keys_are_for_their_owner_alone_and_are_never_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let stand = Stand::new(true);
    let key = stand.folder().path().join("witness.key");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(stand.folder().path())), (0o600, 0o700));
    let before = fs::read(&key).unwrap();
    let again = stand
        .folder()
        .create(&"witness.example/w".parse().unwrap(), false);
    assert!(matches!(again, Err(FolderError::Exists(_))));
    assert_eq!(fs::read(&key).unwrap(), before);
}
