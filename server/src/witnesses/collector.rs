//! The collector: rounds of asking all witnesses about one checkpoint.
//!
//! A quorum counts cosignatures of *one* checkpoint, so witnesses are asked about
//! the same one: a round is about the newest there is, and ends when it is
//! published, or when nobody is left who may still answer. Then the next is about
//! whatever is newest then. Whoever is slow is asked about one checkpoint at a
//! time; what comes too late for the quorum is added to what is published.

mod round;
mod standing;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ledger::log::{SignedNote, TreeSize};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use self::round::Round;
use self::standing::Standing;
use super::conversation::{Failure, Question, ask};
use super::publish::publish;
use super::{Ahead, Witnesses, newest};
use crate::ahead::Behind;
use crate::store::StoreError;

/// From the begin of a round to that of the next, at least: a busy log asks for
/// few cosignatures, and publishes few checkpoints.
const ROUND_EVERY: Duration = Duration::from_secs(1);
/// How long the collector waits for news before it looks by itself: nothing tells
/// it what other servers append.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What a collector tells while it runs.
#[derive(Debug, Clone)]
pub struct Collecting {
    /// Told at every change: how many records the newest published checkpoint of
    /// this process covers.
    pub published: watch::Receiver<TreeSize>,
    /// The last witness that said it has cosigned what this database does not
    /// have.
    pub ahead: watch::Receiver<Option<Ahead>>,
}

/// Asks and publishes.
pub(super) struct Collector {
    witnesses: Witnesses,
    standings: Vec<Standing>,
    round: Option<Round>,
    events: JoinSet<Event>,
    published: watch::Sender<TreeSize>,
    ahead: watch::Sender<Option<Ahead>>,
    /// What each witness that was ahead has said last.
    told: HashMap<usize, Option<TreeSize>>,
    behind: watch::Receiver<Option<Arc<Behind>>>,
}

/// What the collector waits for.
enum Event {
    /// A conversation has ended.
    Answered {
        witness: usize,
        question: Question,
        answer: Result<String, Failure>,
    },
    /// A witness that has failed may be asked again.
    Rested { witness: usize },
    /// The next round may begin.
    Paced,
}

impl Collector {
    /// Begins, on a task of its own.
    pub(super) fn start(
        witnesses: Witnesses,
        sizes: watch::Receiver<TreeSize>,
        behind: watch::Receiver<Option<Arc<Behind>>>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> (Collecting, JoinHandle<()>) {
        let (published, published_sizes) = watch::channel(TreeSize::ZERO);
        let (ahead, aheads) = watch::channel(None);
        let named = witnesses.roster.witnesses().iter();
        let collector = Self {
            standings: named.cloned().map(Standing::new).collect(),
            witnesses,
            round: None,
            events: JoinSet::new(),
            published,
            ahead,
            told: HashMap::new(),
            behind,
        };
        let collecting = Collecting {
            published: published_sizes,
            ahead: aheads,
        };
        (collecting, tokio::spawn(collector.run(sizes, stop)))
    }

    async fn run(mut self, mut sizes: watch::Receiver<TreeSize>, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            if let Err(error) = self.go_on().await {
                tracing::warn!(%error, "cannot go on publishing; trying again");
            }
            tokio::select! {
                () = &mut stop => return,
                Some(event) = self.events.join_next() => {
                    self.take(event.expect("no conversation panics")).await;
                }
                grown = sizes.changed() => if grown.is_err() { return },
                changed = self.behind.changed() => if changed.is_err() { return },
                () = pause(LOOK_EVERY) => {}
            }
        }
    }

    /// Begins a round if one is due, asks whoever is free, and publishes what is
    /// enough.
    async fn go_on(&mut self) -> Result<(), StoreError> {
        // What the log's key may not sign, it does not sign a second time either.
        if self.behind.borrow().is_some() {
            return Ok(());
        }
        let is_anyone_asked = self.standings.iter().any(Standing::is_asked);
        let is_due = |round: &Round| round.may_be_followed(is_anyone_asked);
        if self.round.as_ref().is_none_or(is_due) {
            self.begin_round().await?;
        }
        self.ask();
        self.publish().await
    }

    async fn begin_round(&mut self) -> Result<(), StoreError> {
        let time = self.witnesses.clock.now();
        let Some(newest) = newest(&*self.witnesses.store).await? else {
            return Ok(());
        };
        if self
            .round
            .as_ref()
            .is_some_and(|round| round.size() == newest.size)
        {
            return Ok(());
        }
        if self.round.is_none() {
            self.remember_published().await?;
        }
        let further = &self.witnesses.signers.further;
        self.round = Some(Round::begin(newest, further, time)?);
        self.events.spawn(async {
            pause(ROUND_EVERY).await;
            Event::Paced
        });
        Ok(())
    }

    /// After a start: what a witness has cosigned is the best guess at what it
    /// knows.
    async fn remember_published(&mut self) -> Result<(), StoreError> {
        if let Some(note) = self.witnesses.store.newest_published().await? {
            let (note, checkpoint) = crate::api::ledger::read_checkpoint(&note)?;
            for standing in &mut self.standings {
                standing.guess(&note, checkpoint.size());
            }
        }
        Ok(())
    }

    /// Begins a conversation with everybody who is free and has not cosigned the
    /// checkpoint of this round.
    fn ask(&mut self) {
        let (Some(round), Some(http)) = (&self.round, &self.witnesses.http) else {
            return;
        };
        for (number, standing) in self.standings.iter_mut().enumerate() {
            let Some(old) = standing.begin(round.size()) else {
                continue;
            };
            let witness = Arc::clone(&standing.witness);
            let (http, store) = (http.clone(), Arc::clone(&self.witnesses.store));
            let (question, timeout) = (round.question(old), self.witnesses.timeout);
            self.events.spawn(async move {
                let answer = ask(&http, &*store, &witness, &question);
                let answer = tokio::time::timeout(timeout, answer).await;
                Event::Answered {
                    witness: number,
                    answer: answer.unwrap_or(Err(Failure::Late)),
                    question,
                }
            });
        }
    }

    async fn take(&mut self, event: Event) {
        match event {
            Event::Rested { witness } => self.standings[witness].rested(),
            Event::Paced => {
                if let Some(round) = &mut self.round {
                    round.paced();
                }
            }
            Event::Answered {
                witness,
                question,
                answer,
            } => match answer {
                Ok(lines) => {
                    self.standings[witness].cosigned(question.size);
                    self.add(&question, &lines).await;
                }
                Err(failure) => self.fail(witness, failure).await,
            },
        }
    }

    /// Adds cosignatures to the round, or to what an earlier one has published.
    async fn add(&mut self, question: &Question, lines: &str) {
        if let Some(round) = &mut self.round
            && round.size() == question.size
        {
            round.add(lines);
            return;
        }
        let late = question.note.with_lines(lines);
        let late = late.expect("the lines of an answer were verified");
        if let Err(error) = self.put(question.size, &late).await {
            tracing::warn!(%error, "late cosignatures are lost");
        }
    }

    /// Lets a witness rest that has failed, unless it only was shown too little.
    async fn fail(&mut self, witness: usize, failure: Failure) {
        let standing = &mut self.standings[witness];
        if let Failure::Larger(size) = failure {
            match self.witnesses.store.head().await {
                // Another server of this database has shown it more.
                Ok(head) if size <= head.size => return standing.overtaken(size),
                Ok(_) => self.tell_ahead(witness, Some(size)),
                Err(error) => tracing::warn!(%error, "cannot tell whether a witness is ahead"),
            }
        } else if matches!(failure, Failure::OtherTree(_)) {
            self.tell_ahead(witness, None);
        }
        let rest = self.standings[witness].failed(&failure);
        self.events.spawn(async move {
            pause(rest).await;
            Event::Rested { witness }
        });
    }

    /// Tells of a witness; a log line only if it says something new: what it has
    /// cosigned stays so when its loss is declared.
    fn tell_ahead(&mut self, witness: usize, size: Option<TreeSize>) {
        let is_news = self.told.insert(witness, size) != Some(size);
        let witness = self.standings[witness].witness.name.clone();
        if is_news {
            tracing::error!(
                witness,
                size = size.map(TreeSize::get),
                "a witness has cosigned what this database does not have: it was put back to \
                 an older state, or something else signs with the log's key"
            );
        }
        self.ahead.send_replace(Some(Ahead { witness, size }));
    }

    /// Publishes the round's checkpoint as far as it is signed, if that is new.
    async fn publish(&mut self) -> Result<(), StoreError> {
        let Some((size, note)) = self.round.as_ref().and_then(Round::unpublished) else {
            return Ok(());
        };
        let is_published = self.put(size, &note).await?;
        if let Some(round) = &mut self.round {
            round.put(is_published);
        }
        Ok(())
    }

    async fn put(&self, size: TreeSize, note: &SignedNote) -> Result<bool, StoreError> {
        let (store, policy) = (&*self.witnesses.store, self.witnesses.roster.policy());
        let is_published = publish(store, policy, size, note).await?;
        if is_published {
            tracing::debug!(size = size.get(), "published");
            self.published
                .send_modify(|newest| *newest = size.max(*newest));
        }
        Ok(is_published)
    }
}

async fn pause(duration: Duration) {
    // Nothing can happen meanwhile but that the time is over.
    let _ = tokio::time::timeout(duration, std::future::pending::<()>()).await;
}
