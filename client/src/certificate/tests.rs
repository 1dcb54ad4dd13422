//! A log that takes in what no rules allow: a certificate that rests on it is
//! refused, although every receipt is good.

use ledger::act::{Act, Approve, Certify, ConfirmService, GrantSource, LogService, RecordEvent};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::event::{Attendance, Roster};
use ledger::log::{
    Checkpoint, Hash, NoteSigner, Policy, Receipt, Tree, TreeSize, leaf_hash, node_hash,
};
use ledger::service::ItemCode;
use ledger::{Entry, EntryId, MemberId, Millis, Minutes, SecretKey, SignedEntry, UnitId};

use super::*;

const ORIGIN: &str = "street.example/ledger";
const NOW: Millis = Millis::new(1_772_438_400_000);
const VOLUNTEER: MemberId = MemberId::from_bytes([7; 16]);
const RECIPIENT: MemberId = MemberId::from_bytes([8; 16]);
const SALT: [u8; 32] = [9; 32];

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

/// A log of three records at most: each receipt is of the newest.
#[derive(Default)]
struct Log {
    hashes: Vec<Hash>,
}

impl Log {
    fn take(&mut self, author: MemberId, act: impl Into<Act>) -> String {
        let entry = Entry {
            ledger: ORIGIN.to_owned(),
            id: EntryId::new(NOW, [u8::try_from(self.hashes.len()).unwrap(); 10]),
            author,
            on_behalf_of: None,
            seen: None,
            act: act.into(),
        };
        let key = SecretKey::from_seed(&[5; 32]);
        let signed = SignedEntry::sign(proto::encode(&entry), &key);
        let leaf = proto::encode_leaf(&signed, NOW);
        let path = match self.hashes[..] {
            [] => Vec::new(),
            [first] => vec![first],
            [first, second, ..] => vec![node_hash(&first, &second)],
        };
        let position = TreeSize::new(self.hashes.len() as u64).next_position();
        self.hashes.push(leaf_hash(&leaf));
        let mut tree = Tree::new();
        tree.extend(self.hashes.iter().copied());
        let origin = ORIGIN.parse().unwrap();
        let checkpoint = Checkpoint::new(origin, tree.size(), tree.root());
        Receipt {
            extra: Some(proto::encode_extra(leaf, Some(&key.public()))),
            position,
            path,
            checkpoint: checkpoint.sign(&[signer()]).unwrap(),
        }
        .to_string()
    }
}

fn stated() -> LogService {
    LogService {
        service: EntryId::new(NOW, [1; 10]),
        start: NOW,
        minutes: Minutes::parse(60).unwrap(),
        evidence: None,
    }
}

fn settled() -> ConfirmService {
    ConfirmService {
        service: stated().service,
        minutes: stated().minutes,
    }
}

/// The file over these two receipts, as an operator issues it.
fn certified(log: &mut Log, [stated, settled]: [String; 2]) -> Vec<u8> {
    let body = Body {
        ledger: ORIGIN.to_owned(),
        scheme: String::new(),
        unit: String::new(),
        member: VOLUNTEER.to_string(),
        person: None,
        from: "2026-03".to_owned(),
        to: "2026-03".to_owned(),
        visits: vec![Visit {
            item: "walk".to_owned(),
            unit: String::new(),
            minutes: 60,
            stated,
            settled,
        }],
        minutes: 60,
    };
    let body = serde_json::to_string(&body).unwrap();
    let opening = Opening::new(SALT, committed(&body)).unwrap();
    let certify = Certify {
        member: VOLUNTEER,
        certificate: ItemCode::parse(CODE.to_owned()).unwrap(),
        until: NOW.plus_days(1),
        papers: Some(opening.commitment(CommitmentKind::Identity)),
    };
    let receipt = log.take(MemberId::from_bytes([1; 16]), certify);
    let file = Certificate {
        timebank_certificate: 1,
        body,
        salt: hex::encode(SALT),
        receipt,
    };
    serde_json::to_vec(&file).unwrap()
}

fn checked(file: &[u8]) -> Result<i64, String> {
    let policy = Policy::of_log(signer().verifier_key());
    let certified = verify(file, &policy);
    certified
        .map(|it| it.body.minutes)
        .map_err(|error| error.to_string())
}

const OTHER: &str = "the receipt of visit 1 is for another entry";

#[test]
fn a_visit_that_two_people_stand_for_is_certified() {
    let mut log = Log::default();
    let both = [
        log.take(VOLUNTEER, stated()),
        log.take(RECIPIENT, settled()),
    ];
    assert_eq!(checked(&certified(&mut log, both)), Ok(60));
}

#[test]
fn a_visit_that_one_person_stands_for_is_not() {
    let mut log = Log::default();
    let both = [
        log.take(VOLUNTEER, stated()),
        log.take(VOLUNTEER, settled()),
    ];
    assert_eq!(checked(&certified(&mut log, both)), Err(OTHER.to_owned()));
}

#[test]
fn nor_one_that_was_confirmed_before_it_was_stated() {
    let mut log = Log::default();
    let settled = log.take(RECIPIENT, settled());
    let both = [log.take(VOLUNTEER, stated()), settled];
    assert_eq!(checked(&certified(&mut log, both)), Err(OTHER.to_owned()));
}

/// The first entry of a log: a roster with the volunteer, or with another.
fn roster(volunteer: MemberId) -> RecordEvent {
    let minutes = stated().minutes;
    RecordEvent {
        unit: UnitId::from_bytes([2; 16]),
        item: ItemCode::parse("walk".to_owned()).unwrap(),
        start: NOW,
        roster: Roster::new(vec![Attendance { volunteer, minutes }]).unwrap(),
        source: GrantSource::Issue,
        evidence: None,
    }
}

/// What is said of an event that these people have stated and approved.
fn event(volunteer: MemberId, [one, other]: [MemberId; 2], number: u8) -> Result<i64, String> {
    let mut log = Log::default();
    let proposal = EntryId::new(NOW, [number; 10]);
    let both = [
        log.take(one, roster(volunteer)),
        log.take(other, Approve { proposal }),
    ];
    checked(&certified(&mut log, both))
}

const STAFF: [MemberId; 2] = [MemberId::from_bytes([3; 16]), MemberId::from_bytes([4; 16])];

#[test]
fn an_event_that_two_others_stand_for_is_certified() {
    assert_eq!(event(VOLUNTEER, STAFF, 0), Ok(60));
}

#[test]
fn an_event_is_not_certified_of_somebody_else_or_by_one_or_by_oneself() {
    let refused = Err(OTHER.to_owned());
    let [one, other] = STAFF;
    assert_eq!(event(RECIPIENT, STAFF, 0), refused, "not on the roster");
    assert_eq!(event(VOLUNTEER, STAFF, 1), refused, "another proposal");
    assert_eq!(event(VOLUNTEER, [one, one], 0), refused);
    assert_eq!(event(VOLUNTEER, [VOLUNTEER, other], 0), refused);
    assert_eq!(event(VOLUNTEER, [one, VOLUNTEER], 0), refused);
}
