//! The queue before the sequencer: bounded by the entries that wait in it.
//!
//! Whoever brings an entry takes a place before anything costly is done for it, and
//! keeps it until the entry is judged and answered. Without a place a single call is
//! refused at once, which is cheap; a stream waits, which holds its sender back.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::api::error::EdgeError;
use crate::sequencer::{Admitted, Outcome, Submission};

/// The way to the sequencer; cheap to clone.
#[derive(Clone)]
pub struct Queue {
    sender: mpsc::UnboundedSender<Submission>,
    places: Arc<Semaphore>,
    places_max: usize,
}

/// Room for entries.
#[derive(Debug)]
pub struct Place(OwnedSemaphorePermit);

impl Queue {
    /// A queue in which so many entries may wait, and its end.
    pub fn new(places_max: usize) -> (Self, mpsc::UnboundedReceiver<Submission>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Self {
            sender,
            places: Arc::new(Semaphore::new(places_max)),
            places_max,
        };
        (queue, receiver)
    }

    /// Room for one entry.
    ///
    /// # Errors
    /// [`EdgeError::QueueFull`] if there is none.
    pub fn take_place(&self) -> Result<Place, EdgeError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map(Place).map_err(|_| EdgeError::QueueFull)
    }

    /// Room for some entries, when those who came before have theirs. More than may
    /// wait at once take all places.
    ///
    /// # Panics
    /// Never: places are never closed.
    pub async fn wait_for_place(&self, entries: usize) -> Place {
        let places = entries.min(self.places_max);
        let places = u32::try_from(places).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.places).acquire_many_owned(places).await;
        Place(place.expect("places are never closed"))
    }

    /// Hands entries to the sequencer. What it answers is missing if the outcome is
    /// unknown.
    ///
    /// # Errors
    /// [`EdgeError::ShuttingDown`] if the sequencer has ended.
    pub fn put(
        &self,
        place: Place,
        entries: Vec<Admitted>,
    ) -> Result<oneshot::Receiver<Vec<Outcome>>, EdgeError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission {
            entries,
            reply,
            place,
        };
        let sent = self.sender.send(submission);
        sent.map(|()| answer).map_err(|_| EdgeError::ShuttingDown)
    }
}

impl Place {
    /// Room for some of the entries, taken out of this; what is left of it, if that is
    /// less.
    ///
    /// # Panics
    /// Never: it does not ask for more than there are.
    #[must_use]
    pub fn split(&mut self, entries: usize) -> Self {
        let places = entries.min(self.0.num_permits());
        Self(self.0.split(places).expect("it has so many"))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_a_call_and_holds_a_stream_back() {
        let (queue, mut end) = Queue::new(5);
        let mut all = queue.wait_for_place(5).await;
        assert_eq!(queue.take_place().unwrap_err(), EdgeError::QueueFull);
        assert!(queue.wait_for_place(2).now_or_never().is_none());
        // A place is free again once its submission is done with.
        let _answer = queue.put(all.split(2), Vec::new()).unwrap();
        assert_eq!(queue.take_place().unwrap_err(), EdgeError::QueueFull);
        drop(end.recv().await);
        assert!(queue.wait_for_place(2).now_or_never().is_some());
        drop(all);
        assert!(queue.wait_for_place(5).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_message_that_is_longer_than_the_queue_has_it_to_itself() {
        let (queue, _end) = Queue::new(5);
        let mut all = queue.wait_for_place(8).await;
        assert_eq!(queue.take_place().unwrap_err(), EdgeError::QueueFull);
        let parts = [all.split(3), all.split(3), all.split(2)];
        assert_eq!(queue.take_place().unwrap_err(), EdgeError::QueueFull);
        drop(parts);
        assert!(queue.wait_for_place(5).now_or_never().is_some());
    }

    #[tokio::test]
    async fn nothing_is_put_into_a_queue_without_an_end() {
        let (queue, end) = Queue::new(5);
        drop(end);
        let place = queue.take_place().unwrap();
        assert_eq!(
            queue.put(place, Vec::new()).unwrap_err(),
            EdgeError::ShuttingDown
        );
    }
}
