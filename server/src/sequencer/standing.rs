//! How the database stands to what others have seen, while the sequencer runs.

use std::sync::Arc;
use std::time::Duration;

use ledger::log::TreeSize;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Sequencer, Stopped, Submission};
use crate::ahead::{Behind, Claim, Source, Standing, weigh};
use crate::guard::{Guarded, Remembered};
use crate::store::StoreError;

/// How often a server that is behind looks whether another one has adopted the
/// state.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

impl Sequencer {
    /// The next submission; none when the queue has ended. What is claimed
    /// meanwhile is weighed first.
    pub(super) async fn next(
        &mut self,
        queue: &mut mpsc::UnboundedReceiver<Submission>,
    ) -> Result<Option<Submission>, Stopped> {
        loop {
            let is_behind = !self.unmet.is_empty();
            let patience = if is_behind { LOOK_AGAIN } else { Duration::MAX };
            tokio::select! {
                biased;
                Some(claim) = self.claims.recv() => self.take_in(claim),
                first = timeout(patience, queue.recv()) => if let Ok(first) = first {
                    return Ok(first);
                },
            }
            match self.weigh_unmet().await {
                Err(Stopped::Store(StoreError::Unavailable(error))) => {
                    tracing::warn!(%error, "the database is not available; a claim waits");
                }
                weighed => weighed?,
            }
        }
    }

    /// Has the database weighed against the tree in memory, which was signed: it
    /// may be another one by now, such as a standby that had not followed. Before
    /// each time that the head is loaded anew.
    pub(super) fn doubt(&mut self) {
        let believed = self.believed();
        self.take_in(believed.into());
    }

    /// The tree in memory.
    fn believed(&self) -> Remembered {
        let (size, root) = (self.tree.size(), self.tree.root());
        Remembered {
            tree: Guarded { size, root },
            declared: self.declared.clone(),
        }
    }

    fn take_in(&mut self, claim: Claim) {
        if !self.unmet.contains(&claim) {
            self.unmet.push(claim);
        }
    }

    /// Weighs the claims that the database did not meet, if any, at the head as
    /// it is now: another server may have appended or adopted.
    pub(super) async fn weigh_unmet(&mut self) -> Result<(), Stopped> {
        if self.unmet.is_empty() {
            return Ok(());
        }
        self.doubt();
        self.load_head().await?;
        self.weigh().await
    }

    /// Weighs every claim at the head in memory, and tells the outcome.
    pub(super) async fn weigh(&mut self) -> Result<(), Stopped> {
        self.end_guarding().await?;
        let found = self.tree.size();
        let (mut unmet, mut guard_is_given_up) = (Vec::new(), false);
        for claim in &self.unmet {
            match weigh(&*self.store, claim, found).await? {
                Standing::Extends => {}
                Standing::GivenUp => {
                    let newest = self.guard.newest();
                    guard_is_given_up |= newest.is_some_and(|newest| claim.is_of(&newest));
                }
                Standing::Lacks => unmet.push(claim.clone()),
            }
        }
        let guard_lacks = unmet.iter().any(|claim| claim.source == Source::Guard);
        if guard_is_given_up || !guard_lacks {
            self.move_guard(guard_is_given_up).await?;
        }
        self.tell(Behind::furthest(&unmet, found));
        self.unmet = unmet;
        Ok(())
    }

    /// Has the guard remember the head, whoever has signed it: in place of a tree
    /// that was given up, or because it extends that.
    async fn move_guard(&mut self, is_given_up: bool) -> Result<(), Stopped> {
        let head = self.believed();
        let is_new = self.guard.newest().map(|tree| tree.size) < Some(head.tree.size);
        if !is_given_up && (!is_new || head.tree.size == TreeSize::ZERO) {
            return Ok(());
        }
        let mut guard = self.guard.clone();
        let write = move || {
            if is_given_up {
                guard.go_on_from(head)?;
            } else {
                guard.remember(head)?;
            }
            Ok(guard)
        };
        self.guarding = Some(tokio::task::spawn_blocking(write));
        self.end_guarding().await
    }

    fn tell(&self, behind: Option<Behind>) {
        let behind = behind.map(Arc::new);
        let is_news = self.behind.send_if_modified(|told| {
            let is_news = *told != behind;
            told.clone_from(&behind);
            is_news
        });
        match behind {
            Some(behind) if is_news => {
                tracing::error!(%behind, remedy = behind.remedy(), "serving reads only, signing nothing");
            }
            None if is_news => tracing::info!("the database meets every claim: appending again"),
            _ => {}
        }
    }
}
