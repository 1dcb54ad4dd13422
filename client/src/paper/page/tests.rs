//! What stands on the page, and what an entry cannot make of it.

use ledger::act::OpenLedger;
use ledger::entry::NewKey;
use ledger::log::{Position, Standing, TreeSize};
use ledger::{Entry, EntryId, KeyId, MemberId, Millis, Rules, SecretKey, UnitId, YearMonth};

use super::*;
use crate::paper::testing::{ORIGIN, file, log, quantum_witness};
use crate::paper::{join, split, symbols};
use crate::verify::Proven;
use crate::words::Zone;

fn page(scheme_name: &str) -> String {
    let (now, author) = (
        Millis::new(1_772_438_400_000),
        MemberId::from_bytes([7; 16]),
    );
    let open = OpenLedger {
        unit: UnitId::from_bytes([6; 16]),
        scheme_name: scheme_name.to_owned(),
        hour_name: "hour".to_owned(),
        rules: Box::new(Rules::default()),
        key: NewKey::prove(&SecretKey::from_seed(&[9; 32]), ORIGIN, &author),
        birth_month: YearMonth::parse(1960, 5).unwrap(),
    };
    let entry = Entry {
        ledger: ORIGIN.to_owned(),
        id: EntryId::new(now, [3; 10]),
        author,
        on_behalf_of: None,
        seen: None,
        act: open.into(),
    };
    let proven = Proven {
        origin: ORIGIN.to_owned(),
        position: Position::ZERO,
        tree_size: TreeSize::new(1),
        recorded: now,
        key_id: KeyId::from_bytes([4; 16]),
        is_signature_verified: true,
        entry,
        standing: Standing::Logged,
        log_keys: vec![log().verifier_key()],
        witnesses: Vec::new(),
        missing: Vec::new(),
    };
    let parts = split(&file(20)).unwrap();
    let policy = Policy::of_log(log().verifier_key());
    Page {
        statement: &Statement::of(&proven, &Zone::utc()),
        entry: proven.entry.id.to_string(),
        symbols: &symbols(&parts).unwrap(),
        parts: &parts,
        keys: PrintedKey::of(&policy, ORIGIN),
    }
    .to_string()
}

/// The text of a page between its tags.
fn without_tags(page: &str) -> String {
    let pieces = page.split('<').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn nothing_that_an_entry_says_becomes_markup() {
    let hostile = "<script>alert('1')</script>&amp;\"><img src=x onerror=y>";
    let (page, plain) = (page(hostile), page("Sunshine"));
    let tags = |page: &str| page.matches('<').count();
    assert_eq!(tags(&page), tags(&plain));
    assert!(page.contains(
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;&quot;&gt;&lt;img src=x onerror=y&gt;"
    ));
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let page = page("Sunshine");
    for foreign in [
        "<script", "<link", "<img", "<iframe", "url(", "@import", "href=", "src=",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(page.matches("<svg").count(), 3);
}

#[test]
fn the_letters_on_the_page_are_those_of_the_codes() {
    let text = without_tags(&page("Sunshine"));
    for part in split(&file(20)).unwrap() {
        assert!(text.contains(&part), "{part}");
    }
    assert_eq!(join(&text), Ok(file(20)));
    assert!(text.contains(&log().verifier_key().to_string()));
}

#[test]
fn a_long_key_is_printed_by_its_hash() {
    let long = quantum_witness().verifier_key();
    let policy = format!(
        "log {}\nwitness late {long}\nquorum late\n",
        log().verifier_key()
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let keys = PrintedKey::of(&policy, ORIGIN);
    assert_eq!(keys[0].key, log().verifier_key().to_string());
    assert_eq!(keys[1].owner.chinese, "见证人 late");
    let hash = hex::encode(Sha256::digest(long.to_string()));
    assert!(keys[1].key.ends_with(&format!("SHA-256 {hash})")));
    assert!(
        keys[1]
            .key
            .starts_with(&format!("{}+{}+", long.name(), long.id()))
    );
    assert!(PrintedKey::of(&policy, "other.example").len() == 1);
}
