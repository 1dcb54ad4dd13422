//! Somebody who submits all the time, and remembers what was acknowledged.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Result, bail};
use ledger::act::{AcceptCare, ConfirmService, LogService, RequestCare};
use ledger::service::ItemCode;
use ledger::{Millis, Minutes, SignedEntry};
use proto::v1;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::site::Site;
use crate::wire::{self, Service};

/// Entries of one message of the stream.
const BATCH: usize = 8;
/// Messages of the stream that are not answered.
const IN_FLIGHT: usize = 4;

/// How a teller works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// One gift a call.
    Gifts,
    /// One act of a visit a call, in order.
    Visits,
    /// Batches of visits on one stream, several in flight.
    Stream,
}

/// An entry that the server has said to be recorded.
#[derive(Debug, Clone)]
pub(super) struct Acknowledged {
    pub(super) signed: SignedEntry,
    pub(super) place: v1::Recorded,
    /// The whole answer to a call of its own.
    pub(super) answer: Option<v1::SubmitEntryResponse>,
    /// A checkpoint that the server has shown with it.
    pub(super) checkpoint: Vec<u8>,
}

/// One of those who submit.
pub(super) struct Teller {
    site: Arc<Site>,
    number: usize,
    manner: Manner,
    count: usize,
    /// Signed, and not acknowledged yet: the first ones may have been sent.
    pub(super) waiting: VecDeque<SignedEntry>,
    pub(super) acknowledged: Vec<Acknowledged>,
}

impl Teller {
    pub(super) fn new(site: Arc<Site>, number: usize, manner: Manner) -> Self {
        Self {
            site,
            number,
            manner,
            count: 0,
            waiting: VecDeque::new(),
            acknowledged: Vec::new(),
        }
    }

    /// Submits until the server is gone.
    pub(super) async fn work(mut self, url: String) -> Result<Self> {
        if let Ok(mut service) = wire::service(&url).await {
            match self.manner {
                Manner::Stream => self.stream(&mut service).await?,
                Manner::Gifts | Manner::Visits => while self.call(&mut service).await? {},
            }
        }
        Ok(self)
    }

    /// Submits what is still waiting to a server that stays.
    pub(super) async fn finish(&mut self, url: &str) -> Result<()> {
        let mut service = wire::service(url).await?;
        while !self.waiting.is_empty() {
            if !self.call(&mut service).await? {
                bail!("the server is gone");
            }
        }
        Ok(())
    }

    /// Submits the first entry; false if the server is gone.
    async fn call(&mut self, service: &mut Service) -> Result<bool> {
        self.provide(1);
        let signed = self.waiting[0].clone();
        match wire::submit_one(service, &signed).await {
            Ok(answer) => {
                let (position, recorded_ms) = (answer.position, answer.recorded_ms);
                self.waiting.pop_front();
                self.acknowledged.push(Acknowledged {
                    signed,
                    place: v1::Recorded {
                        position,
                        recorded_ms,
                    },
                    checkpoint: answer.checkpoint.clone(),
                    answer: Some(answer),
                });
                Ok(true)
            }
            Err(status) if wire::is_lost(&status) => Ok(false),
            Err(status) => bail!("teller {}: {status}", self.number),
        }
    }

    async fn stream(&mut self, service: &mut Service) -> Result<()> {
        let (requests, receiver) = mpsc::channel(IN_FLIGHT);
        let mut sent = 0;
        let mut answers = match service.submit_entries(ReceiverStream::new(receiver)).await {
            Ok(answers) => answers.into_inner(),
            Err(status) if wire::is_lost(&status) => return Ok(()),
            Err(status) => return Err(status.into()),
        };
        loop {
            while sent < IN_FLIGHT {
                self.provide((sent + 1) * BATCH);
                let batch: Vec<_> = self
                    .waiting
                    .range(sent * BATCH..(sent + 1) * BATCH)
                    .cloned()
                    .collect();
                if requests.send(wire::message(&batch)).await.is_err() {
                    break;
                }
                sent += 1;
            }
            match answers.message().await {
                Ok(Some(answer)) => self.acknowledge(answer)?,
                Ok(None) => return Ok(()),
                Err(status) if wire::is_lost(&status) => return Ok(()),
                Err(status) => bail!("teller {}: {status}", self.number),
            }
            sent -= 1;
        }
    }

    /// Remembers the answer to the first batch.
    fn acknowledge(&mut self, answer: v1::SubmitEntriesResponse) -> Result<()> {
        let checkpoint = answer.checkpoint.clone();
        for place in wire::all_recorded(answer)? {
            let Some(signed) = self.waiting.pop_front() else {
                bail!("an answer to nothing");
            };
            self.acknowledged.push(Acknowledged {
                signed,
                place,
                answer: None,
                checkpoint: checkpoint.clone(),
            });
        }
        Ok(())
    }

    /// Signs new entries until so many are waiting.
    fn provide(&mut self, entries: usize) {
        while self.waiting.len() < entries {
            self.count += 1;
            match self.manner {
                Manner::Gifts => {
                    let gift = self.site.gift(self.number + self.count);
                    self.waiting.push_back(gift);
                }
                Manner::Visits | Manner::Stream => {
                    let visit = visit(&self.site, self.number + self.count);
                    self.waiting.extend(visit);
                }
            }
        }
    }
}

/// A visit from the request to the confirmation.
fn visit(site: &Site, number: usize) -> [SignedEntry; 4] {
    let (pen, members) = (&site.street.pen, &site.street.members);
    let (one, other) = (number % members.len(), (number + 1) % members.len());
    let (recipient, volunteer) = (&members[one], &members[other]);
    let minutes = Minutes::parse(60).expect("positive");
    let start = Millis::new(pen.now().get() - 2 * 3_600_000);
    let request = RequestCare {
        unit: site.street.station_of(one),
        item: ItemCode::parse("companionship".to_owned()).expect("a code"),
        start,
        minutes,
        note: None,
    };
    let (service, requested) = pen.sign(recipient, request);
    let log = LogService {
        service,
        start,
        minutes,
        evidence: None,
    };
    let confirm = ConfirmService { service, minutes };
    [
        requested,
        pen.sign(volunteer, AcceptCare { service }).1,
        pen.sign(volunteer, log).1,
        pen.sign(recipient, confirm).1,
    ]
}
