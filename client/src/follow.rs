//! Following a log: round after round its checkpoints are fetched wherever they are shown, compared
//! with each other and with all that was seen before, and the new records are audited.
//!
//! It finds a *fork*, a *rollback* and a *late record* (docs/evidence.md), and keeps a file of
//! evidence of each. Trees are compared by tiles that it fetches itself, so that no word of a server
//! is needed; what it has seen it remembers for the next time.

pub(crate) mod compare;
mod find;
mod places;
mod round;
mod times;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use ledger::log::evidence::LATE_TOLERANCE_S;
use ledger::log::{Algorithm, Policy, Position, TreeSize, VerifierKey};

use self::compare::{Compared, compare};
use self::find::is_closed;
use self::places::{LOG, SERVER, View};
pub use self::places::{WitnessPlace, of_policy};
pub use self::round::{Found, Round, Shown};
use self::times::Times;
use crate::audit::{AuditError, Ongoing};
use crate::clock::Clock;
use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
use crate::evidence;
use crate::keys::Identity;
use crate::log::Signed;
use crate::memory::{Memory, MemoryError, parse_remembered};
use crate::token::Tokens;
use crate::web::{Prefix, Web};

/// What to follow.
pub struct Following {
    /// The key of the log.
    pub log: VerifierKey,
    /// Fetches files.
    pub web: Web,
    /// Where the log's files are.
    pub prefix: String,
    /// The log's server, if it is to be called too.
    pub server: Option<Connection>,
    /// Who reads the records, where they are not public: only on the log's own server.
    pub reader: Option<Identity>,
    /// The witnesses to look at.
    pub witnesses: Vec<WitnessPlace>,
    /// Whom to trust about times, and how many must have cosigned.
    pub policy: Option<Policy>,
    /// Where to keep evidence.
    pub evidence: PathBuf,
}

/// Follows a log, and knows what it has seen of it.
pub struct Follower {
    what: Following,
    files: Prefix,
    memory: Arc<Memory>,
    clock: Clock,
    cosigners: Vec<VerifierKey>,
    rounds: u64,
    /// The largest checkpoint that each place has shown.
    shown: BTreeMap<String, Signed>,
    /// Checkpoints that are larger than what the log shows, and where they were seen.
    waiting: Vec<(String, Signed)>,
    times: Times,
    books: Option<Ongoing>,
    told: HashSet<String>,
}

impl Follower {
    /// Begins, with what is remembered of the log.
    pub fn new(what: Following, memory: Arc<Memory>, clock: Clock) -> Self {
        let mut files = Prefix::new(what.web.clone(), &what.prefix);
        if let Some(reader) = &what.reader {
            let origin = what.log.name().to_string();
            files = files.with_tokens(Tokens::new(reader.clone(), origin, clock.clone()));
        }
        let policy = what.policy.as_ref();
        let witnesses = policy.map_or(&[][..], Policy::witnesses).iter();
        let logs = policy.map_or(&[][..], Policy::logs).iter();
        // A log that signs with ML-DSA-44 states times of its own.
        let own = logs.map(|log| &log.key).chain([&what.log]).filter(|key| {
            key.name() == what.log.name() && matches!(key.algorithm(), Algorithm::MlDsa44(_))
        });
        let cosigners = witnesses.map(|witness| &witness.key).chain(own);
        Self {
            cosigners: cosigners.cloned().collect(),
            what,
            files,
            memory,
            clock,
            rounds: 0,
            shown: BTreeMap::new(),
            waiting: Vec::new(),
            times: Times::default(),
            books: None,
            told: HashSet::new(),
        }
    }

    /// Looks everywhere once.
    ///
    /// # Errors
    /// [`MemoryError`]: without its memory it cannot tell what is new.
    pub async fn round(&mut self) -> Result<Round, MemoryError> {
        self.rounds += 1;
        let mut round = Round::begin(self.rounds, self.now_s(), &self.what.log);
        let remembered = self.remembered()?;
        let views = self.views(&mut round, remembered.as_ref()).await;
        self.find_rollbacks(&mut round, &views, remembered.as_ref());
        for signed in views.iter().map(|(_, signed)| signed).chain(&remembered) {
            self.times.add(signed, &self.cosigners);
        }
        let Some(newest) = places::newest_of_log(&views).cloned() else {
            return Ok(round);
        };
        round.newest(&newest.checkpoint);
        // What a call answers may be newer than what is cosigned; the public file is for everybody.
        let public = views.iter().find(|(place, _)| place == LOG);
        let public = public.map_or(&newest, |(_, public)| public);
        let policy = self.what.policy.as_ref();
        let verdict = policy.and_then(|policy| policy.check(&public.note).ok());
        round.standing = verdict.map(|verdict| round::standing(verdict.standing));
        let others = remembered
            .iter()
            .map(|it| ("memory".to_owned(), it.clone()));
        let others = others.chain(views).collect();
        let is_one_history = match self.go_on(&mut round, &newest, others).await {
            Ok(is_one_history) => is_one_history,
            Err(error) => {
                self.failed(&mut round, &error);
                false
            }
        };
        let grown = remembered.as_ref();
        let is_newer = grown.is_none_or(|it| places::rank(it) < places::rank(&newest));
        if is_one_history && is_newer {
            // If another command has remembered more meanwhile, the next round compares with that.
            let _ = self
                .memory
                .advance(grown.map(|it| &it.note), &newest.note, &self.what.log)?;
        }
        Ok(round)
    }

    fn remembered(&self) -> Result<Option<Signed>, MemoryError> {
        let remembered = self.memory.ledger(self.what.log.name().as_str())?;
        let remembered = remembered.and_then(|it| parse_remembered(&it.checkpoint?));
        Ok(remembered.map(|(note, checkpoint)| Signed { note, checkpoint }))
    }

    /// Compares everything with the newest checkpoint of the log, then audits what is new. Whether
    /// all that was seen is of one history.
    async fn go_on(
        &mut self,
        round: &mut Round,
        newest: &Signed,
        others: Vec<(String, Signed)>,
    ) -> Result<bool, AuditError> {
        let mut compared = HashSet::from([newest.checkpoint.to_string()]);
        let mut others: VecDeque<_> = self.waiting.drain(..).chain(others).collect();
        let mut forked = false;
        while let Some((place, other)) = others.pop_front() {
            if !compared.insert(other.checkpoint.to_string()) {
                continue;
            }
            match compare(&self.files, &self.what.log, &other, newest).await {
                Ok(Compared::Agrees) => {}
                Ok(Compared::Larger) => self.wait(round, place, other, newest),
                Ok(Compared::Forked(evidence)) => {
                    forked = true;
                    self.find(round, &evidence);
                }
                Err(error) => {
                    others.push_front((place, other));
                    self.waiting.extend(others);
                    return Err(error);
                }
            }
        }
        // The records of another history are not those that were audited.
        if forked {
            self.books = None;
        } else {
            self.audit(round, newest).await?;
        }
        Ok(!forked)
    }

    /// A larger tree of this log is about. Two of one size are compared now; and if it was cosigned
    /// long ago, the log hides what it had.
    fn wait(&mut self, round: &mut Round, place: String, larger: Signed, newest: &Signed) {
        let other = self
            .waiting
            .iter()
            .map(|(_, other)| other.clone())
            .find(|other| {
                let (one, other) = (&other.checkpoint, &larger.checkpoint);
                one.size() == other.size() && one.root() != other.root()
            });
        if let Some(other) = other {
            let evidence = evidence::fork(&self.what.log, &other, &larger, &[]);
            self.find(round, &evidence);
        }
        let cosigned_s = Times::time_of(&larger, &self.cosigners);
        if cosigned_s.is_some_and(|time_s| time_s.saturating_add(LATE_TOLERANCE_S) < round.time_s) {
            self.rolled_back(round, &larger, newest);
        }
        self.waiting.push((place, larger));
    }

    /// Audits the records that are new, if they can be read.
    async fn audit(&mut self, round: &mut Round, newest: &Signed) -> Result<(), AuditError> {
        let origin = newest.checkpoint.origin().as_str();
        let books = self
            .books
            .take()
            .filter(|it| it.size() <= newest.checkpoint.size());
        let books = books.unwrap_or_else(|| Ongoing::new(origin));
        let from = books.size();
        let times = &self.times;
        let has_key = self.what.reader.is_some();
        let mut is_any_read = from > TreeSize::ZERO;
        let mut late: Option<(Position, Vec<u8>, times::Cosigned)> = None;
        let look = |position, recorded, leaf: &[u8]| {
            is_any_read = true;
            if late.is_none() {
                let cosigned = times.is_late(position, recorded);
                late = cosigned.map(|cosigned| (position, leaf.to_vec(), cosigned.clone()));
            }
        };
        let extended = books
            .extend(self.files.clone(), &newest.checkpoint, look)
            .await;
        let books = match extended {
            Err(error) if !is_any_read && is_closed(&error, has_key) => {
                round.records = Some("the records are not public".to_owned());
                return Ok(());
            }
            books => books?,
        };
        round.audited = Some(books.size());
        round.new_records = books.size().get() - from.get();
        self.times.forget_before(books.size());
        self.books = Some(books);
        if let Some((position, leaf, cosigned)) = late {
            let record = (position, leaf);
            let log = &self.what.log;
            let evidence = compare::late(&self.files, log, &cosigned, record, newest).await?;
            self.find(round, &evidence);
        }
        Ok(())
    }

    /// What every place shows: the witnesses first, so that the log is never behind them for having
    /// been asked before.
    async fn views(
        &mut self,
        round: &mut Round,
        remembered: Option<&Signed>,
    ) -> Vec<(String, Signed)> {
        let log = &self.what.log;
        let mut views: Vec<View> = Vec::new();
        for place in &self.what.witnesses {
            views.push(places::of_witness(&self.what.web, place, log).await);
        }
        views.push(places::of_log(&self.files, log).await);
        if let Some(server) = &self.what.server {
            views.push(places::of_server(server, log).await);
        }
        let mut signed = Vec::new();
        for View { place, shown } in views {
            round.shown(&place, &shown);
            match shown {
                Ok(Some(shown)) => signed.push((place, shown)),
                Err(ClientError::Unverified(why)) => self.not_signed(round, &place, &why),
                // A file may be missing for many reasons; a server says that there is nothing.
                Ok(None) if place == SERVER => {
                    if let Some(known) = remembered.map(|it| it.checkpoint.size()) {
                        self.not_signed(round, &place, &Unverified::Emptied { known });
                    }
                }
                _ => {}
            }
        }
        signed
    }

    fn now_s(&self) -> u64 {
        u64::try_from(self.clock.now().get() / 1000).unwrap_or(0)
    }
}
