//! A street's ledger, signed for real and written into a folder as a server
//! would state it.

use std::fs;
use std::path::Path;

use ledger::act::{Act, EnrolMember, Give, Grant, GrantSource, OpenLedger, OpenUnit};
use ledger::act::{Appoint, Approve};
use ledger::entry::{NewKey, Seen};
use ledger::log::{
    Checkpoint, Hash, NoteSigner, Position, TilePath, Tree, TreeSize, encode_bundle, leaf_hash,
    tiles,
};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{
    Entry, EntryId, MemberId, Millis, Minutes, Posting, Rules, SecretKey, SignedEntry, State,
    UnitId, YearMonth,
};
use prost::Message;
use proto::v1;

use crate::audit::{CHECKPOINT_FILE, POSTINGS_FILE, STATE_FILE};

const ORIGIN: &str = "street.example/ledger";
const SCHEME: UnitId = UnitId::from_bytes([1; 16]);
const DISTRICT: UnitId = UnitId::from_bytes([2; 16]);
const STATION: UnitId = UnitId::from_bytes([3; 16]);
const OPERATOR: MemberId = MemberId::from_bytes([11; 16]);
const REGULATOR: MemberId = MemberId::from_bytes([12; 16]);
/// Gives an hour and gets it back, again and again.
pub(super) const VOLUNTEER: MemberId = MemberId::from_bytes([13; 16]);
const NEIGHBOUR: MemberId = MemberId::from_bytes([14; 16]);

/// 2026-03-02, 08:00 UTC.
const OPENING: i64 = 1_772_438_400_000;

/// Signs for the log.
pub(super) fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

fn key_of(member: MemberId) -> SecretKey {
    SecretKey::from_seed(&[member.as_bytes()[0]; 32])
}

/// The records and all that follows from them.
pub(super) struct Street {
    pub(super) state: State,
    pub(super) tree: Tree,
    pub(super) postings: Vec<Posting>,
    leaves: Vec<Vec<u8>>,
}

impl Street {
    /// A street with so many records: a few to set it up, then gifts.
    pub(super) fn with_records(records: u64) -> Self {
        let (state, tree) = (State::genesis(), Tree::new());
        let mut street = Self {
            state,
            tree,
            postings: Vec::new(),
            leaves: Vec::new(),
        };
        street.grow(records);
        street
    }

    /// Goes on until there are so many records.
    pub(super) fn grow(&mut self, records: u64) {
        while self.tree.size().get() < records {
            let (by, act) = self.next();
            let seen = (self.tree.size().get().is_multiple_of(3)).then(|| self.seen());
            self.append(by, act, seen);
        }
    }

    fn next(&self) -> (MemberId, Act) {
        let enrol = |member| (OPERATOR, enrolment(member).into());
        let unit = |unit, parent, kind| {
            let display_name = "A unit".to_owned();
            (
                OPERATOR,
                OpenUnit {
                    unit,
                    parent,
                    display_name,
                    kind,
                }
                .into(),
            )
        };
        match self.tree.size().get() {
            0 => (OPERATOR, genesis().into()),
            1 => unit(DISTRICT, SCHEME, UnitKind::District),
            2 => unit(STATION, DISTRICT, UnitKind::Station),
            3 => enrol(REGULATOR),
            4 => enrol(VOLUNTEER),
            5 => enrol(NEIGHBOUR),
            6 => {
                let (member, unit, role) = (REGULATOR, SCHEME, Role::Regulator);
                (OPERATOR, Appoint { member, unit, role }.into())
            }
            7 => (OPERATOR, grant(VOLUNTEER).into()),
            8 => (
                REGULATOR,
                Approve {
                    proposal: entry_id(7),
                }
                .into(),
            ),
            odd if odd % 2 == 1 => (VOLUNTEER, give(NEIGHBOUR).into()),
            _ => (NEIGHBOUR, give(VOLUNTEER).into()),
        }
    }

    fn seen(&self) -> Seen {
        Seen {
            size: self.tree.size(),
            root: self.tree.root(),
        }
    }

    fn append(&mut self, author: MemberId, act: Act, seen: Option<Seen>) {
        let number = self.tree.size().get();
        let id = entry_id(number);
        let ledger = ORIGIN.to_owned();
        let entry = Entry {
            ledger,
            id,
            author,
            on_behalf_of: None,
            seen,
            act,
        };
        let signed = SignedEntry::sign(proto::encode(&entry), &key_of(author));
        let leaf = proto::encode_leaf(&signed, time(number));
        let position = self.tree.size().next_position();
        let (_, record) = proto::decode_leaf(position, &leaf).unwrap();
        self.postings
            .extend(self.state.apply(&record).unwrap().postings);
        self.push(leaf);
    }

    fn push(&mut self, leaf: Vec<u8>) {
        self.tree.extend([leaf_hash(&leaf)]);
        self.leaves.push(leaf);
    }

    /// Puts another member's signature under a record; tree and checkpoint are
    /// made to fit.
    pub(super) fn forge_signature(&mut self, number: usize) {
        let position = Position::new(number as u64);
        let (signed, record) = proto::decode_leaf(position, &self.leaves[number]).unwrap();
        let forged = SignedEntry::sign(signed.bytes, &SecretKey::from_seed(&[77; 32]));
        let forged = SignedEntry {
            key_id: signed.key_id,
            ..forged
        };
        self.leaves[number] = proto::encode_leaf(&forged, record.recorded);
        self.rebuild();
    }

    /// Dates the last record a millisecond later.
    pub(super) fn alter_time_of_last(&mut self) {
        let position = self.tree.size().last_position().unwrap();
        let leaf = self.leaves.pop().unwrap();
        let (signed, record) = proto::decode_leaf(position, &leaf).unwrap();
        let later = Millis::new(record.recorded.get() + 1);
        self.leaves.push(proto::encode_leaf(&signed, later));
        self.rebuild();
    }

    /// Records the newest entry again.
    pub(super) fn record_twice(&mut self) {
        let newest = self.leaves.last().unwrap().clone();
        self.push(newest);
    }

    /// Records an act whose author signs to have seen a tree that never was.
    pub(super) fn give_having_seen_another_tree(&mut self) -> Position {
        let position = self.tree.size().next_position();
        let seen = Seen {
            size: TreeSize::new(500),
            root: Hash::from_bytes([9; 32]),
        };
        self.append(VOLUNTEER, give(NEIGHBOUR).into(), Some(seen));
        position
    }

    fn rebuild(&mut self) {
        self.tree = Tree::new();
        self.tree
            .extend(self.leaves.iter().map(|leaf| leaf_hash(leaf)));
    }

    /// Writes everything that a server states.
    pub(super) fn write(&self, folder: &Path) {
        let size = self.tree.size();
        let put = |name: &str, bytes: Vec<u8>| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        for (index, records) in (0..).zip(self.leaves.chunks(256)) {
            let tile = ledger::log::TileId { level: 0, index };
            let width = tile.width_in(size).unwrap();
            let path = TilePath::Entries { index, width };
            put(&path.to_string(), encode_bundle(records).unwrap());
        }
        let mut grown = Tree::new();
        let made = grown.extend(self.leaves.iter().map(|leaf| leaf_hash(leaf)));
        for (tile, width) in tiles(size) {
            let (_, hashes) = made.iter().rfind(|(id, _)| *id == tile).unwrap();
            put(
                &TilePath::Hashes { tile, width }.to_string(),
                hashes.to_bytes(),
            );
        }
        put(STATE_FILE, self.stated_state());
        let postings = self.postings.iter().map(proto::view::posting).collect();
        put(
            POSTINGS_FILE,
            v1::PostingChunk { postings }.encode_length_delimited_to_vec(),
        );
        let origin = ORIGIN.parse().unwrap();
        let note = Checkpoint::new(origin, size, self.tree.root())
            .sign(&[signer()])
            .unwrap();
        put(CHECKPOINT_FILE, note.as_bytes().to_vec());
    }

    fn stated_state(&self) -> Vec<u8> {
        let rows = self.state.rows();
        let row = |(key, row): (&ledger::state::Key, &ledger::state::Row)| v1::StateRow {
            key: key.encode(),
            value: row.encode(),
        };
        let mut rows: Vec<v1::StateRow> = rows.map(row).collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        let tree_size = i64::try_from(self.tree.size().get()).unwrap();
        v1::StateChunk { tree_size, rows }.encode_length_delimited_to_vec()
    }
}

fn time(number: u64) -> Millis {
    Millis::new(OPENING + 1000 * i64::try_from(number).unwrap())
}

fn entry_id(number: u64) -> EntryId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    EntryId::new(time(number), random)
}

fn new_key(member: MemberId) -> NewKey {
    NewKey::prove(&key_of(member), ORIGIN, &member)
}

fn genesis() -> OpenLedger {
    OpenLedger {
        unit: SCHEME,
        scheme_name: "A street".to_owned(),
        hour_name: "hour".to_owned(),
        rules: Box::new(Rules::default()),
        key: new_key(OPERATOR),
        birth_month: YearMonth::parse(1970, 1).unwrap(),
    }
}

fn enrolment(member: MemberId) -> EnrolMember {
    EnrolMember {
        member,
        unit: STATION,
        birth_month: YearMonth::parse(1950, 1).unwrap(),
        need: NeedCategory::None,
        key: Some(new_key(member)),
        identity: None,
    }
}

fn grant(recipient: MemberId) -> Grant {
    let minutes = Minutes::parse(6000).unwrap();
    Grant {
        unit: DISTRICT,
        recipient,
        minutes,
        source: GrantSource::Issue,
        reason: None,
    }
}

fn give(recipient: MemberId) -> Give {
    Give {
        recipient,
        minutes: Minutes::parse(60).unwrap(),
    }
}
