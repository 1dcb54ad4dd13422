//! A witness that does as it is told: honest, or wrong in any way.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use ledger::SecretKey;
use ledger::log::witness::{Cosigned, Refusal, SIZE_MEDIA_TYPE, judge};
use ledger::log::{AddCheckpoint, Checkpoint, Cosigner, MlDsaSecretKey, TreeSize, VerifierKey};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const TIME_S: u64 = 1_767_000_000;

/// What it answers to one request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// What a witness has to.
    Honest,
    /// The same, after it was told to go on.
    HonestAfter(watch::Receiver<bool>),
    /// That it has cosigned so many records, when they are named.
    ConflictAfter(watch::Receiver<u64>),
    /// A good cosignature by its key, of another tree.
    OtherTree,
    /// What stands here: status, further headers, body.
    Fixed(u16, &'static str, String),
    /// Nothing, with the connection open.
    Never,
    /// Nothing, with the connection closed.
    HangUp,
}

/// What it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// From which size.
    pub(crate) old: u64,
    /// To which.
    pub(crate) size: u64,
}

/// A witness on a port of its own.
pub(crate) struct Scripted {
    /// Its submission prefix.
    pub(crate) url: String,
    /// Its Ed25519 key.
    pub(crate) key: VerifierKey,
    /// Its ML-DSA-44 key.
    pub(crate) second_key: VerifierKey,
    /// All that it was asked so far.
    pub(crate) asked: watch::Receiver<Vec<Asked>>,
}

/// What the answers depend on.
struct State {
    cosigners: [Cosigner; 2],
    log: VerifierKey,
    script: Box<dyn Fn(usize) -> Reply + Send + Sync>,
    cosigned: Mutex<Option<Cosigned>>,
    asked: watch::Sender<Vec<Asked>>,
}

impl Scripted {
    /// A witness of a log, named by a number, with a reply to the request of each
    /// number from 0 on.
    pub(crate) async fn start(
        number: u8,
        log: &VerifierKey,
        script: impl Fn(usize) -> Reply + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let name = || format!("witness.example/s{number}").parse();
        let cosigners = [
            Cosigner::new(name()?, SecretKey::from_seed(&[number; 32])),
            Cosigner::ml_dsa44(name()?, MlDsaSecretKey::from_seed(&[number; 32])),
        ];
        let [key, second_key] = cosigners.each_ref().map(Cosigner::verifier_key);
        let (asked, askings) = watch::channel(Vec::new());
        let state = Arc::new(State {
            cosigners,
            log: log.clone(),
            script: Box::new(script),
            cosigned: Mutex::default(),
            asked,
        });
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                // Whoever hangs up gets no answer.
                tokio::spawn(async move { state.answer(line).await });
            }
        });
        Ok(Self {
            url,
            key,
            second_key,
            asked: askings,
        })
    }

    /// An honest one.
    pub(crate) async fn honest(number: u8, log: &VerifierKey) -> Result<Self> {
        Self::start(number, log, |_| Reply::Honest).await
    }

    /// Its line in a policy.
    pub(crate) fn line(&self, name: &str) -> String {
        format!("witness {name} {} {}\n", self.key, self.url)
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }
}

impl State {
    async fn answer(&self, mut line: TcpStream) -> Result<()> {
        let body = read_request(&mut line).await?;
        let request = AddCheckpoint::parse(&body)?;
        let checkpoint: Checkpoint = request.checkpoint.unverified_text().parse()?;
        if checkpoint.size() == TreeSize::ZERO {
            // What a server wants to know before it signs anything is no question
            // of the script, whose numbers are those of a log that grows.
            return self.say(&mut line, self.judge(&request)).await;
        }
        let mut number = 0;
        self.asked.send_modify(|asked| {
            number = asked.len();
            asked.push(Asked {
                old: request.old.get(),
                size: checkpoint.size().get(),
            });
        });
        let answer = match (self.script)(number) {
            Reply::Honest => self.judge(&request),
            Reply::HonestAfter(mut word) => {
                word.wait_for(|word| *word).await?;
                self.judge(&request)
            }
            Reply::ConflictAfter(mut size) => {
                let size = *size.wait_for(|size| *size > 0).await?;
                conflict(TreeSize::new(size))
            }
            Reply::OtherTree => {
                let root = ledger::log::leaf_hash(b"other");
                let other = Checkpoint::new(checkpoint.origin().clone(), checkpoint.size(), root);
                (200, String::new(), self.cosigners[0].sign(&other, TIME_S))
            }
            Reply::Fixed(status, headers, body) => (status, headers.to_owned(), body),
            Reply::Never => std::future::pending().await,
            Reply::HangUp => return Ok(()),
        };
        self.say(&mut line, answer).await
    }

    async fn say(
        &self,
        line: &mut TcpStream,
        (status, headers, body): (u16, String, String),
    ) -> Result<()> {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} As told\r\n{headers}Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        line.write_all(head.as_bytes()).await?;
        Ok(line.write_all(body.as_bytes()).await?)
    }

    /// Decides, remembers and cosigns.
    fn judge(&self, request: &AddCheckpoint) -> (u16, String, String) {
        let mut cosigned = self.cosigned.lock().unwrap_or_else(PoisonError::into_inner);
        match judge(request, std::slice::from_ref(&self.log), *cosigned) {
            Ok(accepted) => {
                let checkpoint = accepted.checkpoint;
                let (size, root) = (checkpoint.size(), checkpoint.root());
                *cosigned = Some(Cosigned { size, root });
                let lines = self.cosigners.each_ref();
                let lines = lines.map(|one| one.sign(&checkpoint, TIME_S));
                (200, String::new(), lines.concat())
            }
            Err(Refusal::Conflict { latest }) => conflict(latest),
            Err(refusal) => (refusal.status(), String::new(), refusal.to_string()),
        }
    }
}

fn conflict(latest: TreeSize) -> (u16, String, String) {
    let kind = format!("Content-Type: {SIZE_MEDIA_TYPE}\r\n");
    (409, kind, format!("{latest}\n"))
}

/// The body of a request whose head says how long it is.
async fn read_request(line: &mut TcpStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&bytes[..end])?.to_lowercase();
            anyhow::ensure!(head.starts_with("post /add-checkpoint http/1.1"), "{head}");
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.context("a length")?.parse()?;
            if bytes.len() >= end + 4 + length {
                return Ok(bytes[end + 4..end + 4 + length].to_vec());
            }
        }
        anyhow::ensure!(line.read_buf(&mut bytes).await? > 0, "cut off");
    }
}
