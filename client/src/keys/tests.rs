//! Key files are private, whole and never overwritten.

use super::*;
use crate::testing::Folder;

fn identity() -> Identity {
    Identity {
        member: MemberId::from_bytes([7; 16]),
        key: SecretKey::from_seed(&[9; 32]),
    }
}

#[test]
fn a_key_is_read_back_as_it_was_written() {
    let home = Folder::new();
    let keys = KeyFolder::in_home(home.path());
    keys.create("default", &identity(), Some("street.example/ledger"))
        .unwrap();
    let key = keys.load("default").unwrap();
    assert_eq!(key.identity.member, identity().member);
    assert_eq!(key.identity.key.seed(), identity().key.seed());
    assert_eq!(key.origin.as_deref(), Some("street.example/ledger"));
    assert_eq!(keys.list().unwrap(), ["default"]);
}

#[test]
fn a_key_is_never_overwritten() {
    let home = Folder::new();
    let keys = KeyFolder::in_home(home.path());
    keys.create("default", &identity(), None).unwrap();
    let again = keys.create("default", &identity(), None);
    assert!(matches!(again, Err(KeyFileError::Exists(_))));
}

#[test]
fn a_name_cannot_leave_the_folder() {
    let home = Folder::new();
    let keys = KeyFolder::in_home(home.path());
    for name in ["", "../default", "a b", "a.json"] {
        assert!(
            matches!(keys.load(name), Err(KeyFileError::Name(_))),
            "{name}"
        );
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_key_and_a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Folder::new();
    let keys = KeyFolder::in_home(&home.path().join("deep/client"));
    keys.create("default", &identity(), None).unwrap();
    let file = home.path().join("deep/client/keys/default.json");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&home.path().join("deep/client/keys")), 0o700);
    for exposed in [0o640, 0o604, 0o620] {
        fs::set_permissions(&file, fs::Permissions::from_mode(exposed)).unwrap();
        assert!(matches!(
            keys.load("default"),
            Err(KeyFileError::Exposed(_))
        ));
    }
}

#[test]
fn a_seed_that_was_damaged_is_noticed() {
    let home = Folder::new();
    let keys = KeyFolder::in_home(home.path());
    keys.create("default", &identity(), None).unwrap();
    let file = home.path().join("keys/default.json");
    let damaged = fs::read_to_string(&file)
        .unwrap()
        .replacen("0909", "0908", 1);
    fs::write(&file, damaged).unwrap();
    assert!(matches!(
        keys.load("default"),
        Err(KeyFileError::Malformed { .. })
    ));
}
