//! Sealing, unsealing, and what a key file goes through.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread::ScopedJoinHandle;

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("timebank-vault-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn key_file(&self) -> String {
        fs::read_to_string(self.0.join("openings.key")).expect("the key file")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_is_sealed_opens_again_and_only_about_the_same_thing() {
    let folder = Folder::new("opens");
    let vault = Vault::open(&folder.0).expect("a new vault");
    let sealed = vault
        .seal(b"entry 7", b"the bell is broken")
        .expect("sealed");
    assert_eq!(sealed.bytes.len(), 24 + 18 + 16);
    let opened = vault.unseal(b"entry 7", &sealed).expect("it opens");
    assert_eq!(opened, b"the bell is broken");
    let other = vault.unseal(b"entry 8", &sealed);
    assert_eq!(other, Err(UnsealError::Altered));
    for at in 0..sealed.bytes.len() {
        let mut altered = sealed.clone();
        altered.bytes[at] ^= 1;
        let refused = vault.unseal(b"entry 7", &altered);
        assert_eq!(refused, Err(UnsealError::Altered), "byte {at}");
    }
    let mut short = sealed.clone();
    short.bytes.truncate(23);
    assert_eq!(vault.unseal(b"entry 7", &short), Err(UnsealError::Altered));
    let again = vault
        .seal(b"entry 7", b"the bell is broken")
        .expect("sealed");
    assert_ne!(again.bytes, sealed.bytes, "a nonce is used once");
}

#[test]
fn the_key_is_its_owners_alone_and_the_same_at_the_next_start() {
    let folder = Folder::new("start");
    let vault = Vault::open(&folder.0).expect("a new vault");
    let sealed = vault.seal(b"", b"yes").expect("sealed");
    let file = fs::metadata(folder.0.join("openings.key")).expect("the key file");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    let beside = Vault::open(&folder.0).expect("another server");
    assert_eq!(beside.unseal(b"", &sealed), Ok(b"yes".to_vec()));
    drop((vault, beside));
    let later = Vault::open(&folder.0).expect("the next start");
    assert_eq!(later.unseal(b"", &sealed), Ok(b"yes".to_vec()));
}

#[test]
fn a_first_start_that_was_cut_off_and_one_beside_it_block_no_later_one() {
    let folder = Folder::new("first");
    assert!(Vault::find(&folder.0).expect("a folder").is_none());
    fs::write(folder.0.join("openings.key.0011223344556677.new"), "").expect("cut off");
    let vaults: Vec<_> = std::thread::scope(|scope| {
        let open = || Vault::open(&folder.0).expect("one of eight");
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        let opened = starts.into_iter().map(ScopedJoinHandle::join);
        opened.map(|vault| vault.expect("no panic")).collect()
    });
    for vault in &vaults {
        assert_eq!(vault.newest(), vaults[0].newest(), "they share one key");
    }
    let found = Vault::find(&folder.0).expect("a file").expect("a key");
    assert_eq!(found.newest(), vaults[0].newest());
    let left = fs::read_dir(&folder.0).expect("the folder").count();
    assert_eq!(left, 2, "nothing is left beside it but what was there");
}

#[test]
fn a_rotation_cut_off_anywhere_loses_nothing_and_its_end_loses_the_old_key() {
    let folder = Folder::new("rotation");
    let mut vault = Vault::open_alone(&folder.0).expect("a new vault");
    let first = folder.key_file();
    let old = vault.seal(b"", b"old").expect("sealed");
    vault.renew().expect("a new key");
    assert_ne!(vault.newest(), old.key_id);
    assert!(folder.key_file().ends_with(&first), "the old one stays");
    drop(vault);
    let mut vault = Vault::open_alone(&folder.0).expect("it was cut off here");
    let new = vault.seal(b"", b"new").expect("sealed");
    assert_eq!(vault.unseal(b"", &old), Ok(b"old".to_vec()));
    vault.forget_old().expect("the old key is destroyed");
    assert!(!folder.key_file().contains(first.trim()));
    let gone = Err(UnsealError::KeyUnknown(old.key_id));
    assert_eq!(vault.unseal(b"", &old), gone);
    drop(vault);
    let vault = Vault::open(&folder.0).expect("the next start");
    assert_eq!(vault.unseal(b"", &old), gone);
    assert_eq!(vault.unseal(b"", &new), Ok(b"new".to_vec()));
}

#[test]
fn servers_and_a_rotation_keep_out_of_each_others_way() {
    let folder = Folder::new("lock");
    let server = Vault::open(&folder.0).expect("a server");
    let refused = Vault::open_alone(&folder.0).err().expect("it is in use");
    assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    drop(server);
    let rotation = Vault::open_alone(&folder.0).expect("nobody uses it");
    let refused = Vault::open(&folder.0).err().expect("it is being rotated");
    assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    drop(rotation);
    Vault::open(&folder.0).expect("a server again");
}

#[test]
fn a_file_without_keys_is_refused_and_left_alone() {
    let folder = Folder::new("damaged");
    for text in ["", "\n", "00ff\n", "a key\n"] {
        fs::write(folder.0.join("openings.key"), text).expect("written");
        let refused = Vault::open(&folder.0).err().expect("no keys");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{text:?}");
        assert_eq!(folder.key_file(), text);
    }
}
