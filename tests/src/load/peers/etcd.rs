//! Puts into etcd, of one node, synchronised to the disk as it is by default: over gRPC
//! by the same client library as the ledger's.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::net::{TcpListener, TcpStream};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic_prost::ProstCodec;

use super::{Asking, BATCH, installed, not_measured};
use crate::bank::fresh_folder;
use crate::load::drive::per_second;

const CONNECTIONS: usize = 8;
const PUTS: usize = 30_000;
/// About as many bytes as a record has.
const VALUE_BYTES: usize = 300;
/// Batches that are in flight.
const BATCHES_IN_FLIGHT: usize = 4;

/// etcdserverpb.PutRequest.
#[derive(Clone, PartialEq, prost::Message)]
struct Put {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// etcdserverpb.RequestOp with a put.
#[derive(Clone, PartialEq, prost::Message)]
struct Operation {
    #[prost(message, optional, tag = "2")]
    put: Option<Put>,
}

/// etcdserverpb.TxnRequest without conditions.
#[derive(Clone, PartialEq, prost::Message)]
struct Transaction {
    #[prost(message, repeated, tag = "2")]
    success: Vec<Operation>,
}

/// An answer of which nothing is read but that it came.
#[derive(Clone, PartialEq, prost::Message)]
struct Answer {}

/// Entries a second; `None` without etcd.
pub(super) async fn rate(asking: Asking) -> Result<Option<f64>> {
    let Some(program) = program() else {
        not_measured("etcd", "it is not installed: bash tests/run peers");
        return Ok(None);
    };
    let etcd = Etcd::start(&program).await?;
    let puts: Vec<Put> = (0..PUTS).map(put).collect();
    let rate = match asking {
        Asking::One(in_flight) => {
            let path = PathAndQuery::from_static("/etcdserverpb.KV/Put");
            etcd.ask(path, puts, in_flight).await?
        }
        Asking::Batches => {
            let path = PathAndQuery::from_static("/etcdserverpb.KV/Txn");
            let operation = |put: &Put| Operation {
                put: Some(put.clone()),
            };
            let batch = |puts: &[Put]| Transaction {
                success: puts.iter().map(operation).collect(),
            };
            let batches = puts.chunks(BATCH).map(batch).collect();
            let entries = u32::try_from(BATCH).context("a batch is short")?;
            etcd.ask(path, batches, BATCHES_IN_FLIGHT).await? * f64::from(entries)
        }
    };
    Ok(Some(rate))
}

fn put(number: usize) -> Put {
    Put {
        key: number.to_be_bytes().to_vec(),
        value: vec![b'v'; VALUE_BYTES],
    }
}

fn program() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    installed("etcd", target.join("test-peers/bin"))
}

/// A running etcd; killed when dropped.
struct Etcd {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Etcd {
    #[expect(clippy::disallowed_methods, reason = "another program is waited for")]
    async fn start(program: &PathBuf) -> Result<Self> {
        let folder = fresh_folder()?;
        let (address, peers) = (free_address().await?, free_address().await?);
        let (client_url, peer_url) = (format!("http://{address}"), format!("http://{peers}"));
        let child = Command::new(program)
            .arg("--data-dir")
            .arg(&folder)
            .args(["--listen-client-urls", &client_url])
            .args(["--advertise-client-urls", &client_url])
            .args(["--listen-peer-urls", &peer_url])
            .args(["--initial-advertise-peer-urls", &peer_url])
            .args(["--initial-cluster", &format!("default={peer_url}")])
            .args(["--log-level", "error", "--max-txn-ops", "500"])
            .stderr(Stdio::null())
            .spawn()?;
        let etcd = Self {
            child,
            address,
            folder,
        };
        for _ in 0..500 {
            if TcpStream::connect(&etcd.address).await.is_ok() {
                return Ok(etcd);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("etcd does not listen")
    }

    /// Sends messages, so many in flight. Messages a second.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn ask<M: prost::Message + Default + Clone + 'static>(
        &self,
        path: PathAndQuery,
        messages: Vec<M>,
        in_flight: usize,
    ) -> Result<f64> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            let endpoint = Endpoint::from_shared(format!("http://{}", self.address))?;
            channels.push(endpoint.tcp_nodelay(true).connect().await?);
        }
        let total = messages.len();
        let (messages, next) = (Arc::new(messages), Arc::new(AtomicUsize::new(0)));
        let start = Instant::now();
        let workers: Vec<_> = (0..in_flight)
            .map(|worker| {
                let mut client: Grpc<Channel> = Grpc::new(channels[worker % CONNECTIONS].clone());
                let (messages, next, path) = (messages.clone(), next.clone(), path.clone());
                tokio::spawn(async move {
                    while let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
                        client.ready().await?;
                        let codec: ProstCodec<M, Answer> = ProstCodec::default();
                        let request = tonic::Request::new(message.clone());
                        client.unary(request, path.clone(), codec).await?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for worker in workers {
            worker.await??;
        }
        Ok(per_second(total, start.elapsed()))
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        // What is left over there is nobody's.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An address that nobody listens on just now.
async fn free_address() -> Result<String> {
    let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    ensure!(address.port() != 0);
    Ok(address.to_string())
}
