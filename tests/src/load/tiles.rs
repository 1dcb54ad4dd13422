//! A tile of the log over HTTP/1.1, served by the server from its cache and by
//! nginx from a file: the same bytes, to the same readers, in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Field;
use super::peers::installed;
use crate::bank::fresh_folder;

/// Readers, each on a connection that it keeps.
const READERS: usize = 32;
/// What all of them read in one run.
const REQUESTS: usize = 60_000;
/// Where the first full tile is, below the address.
const TILE: &str = "/log/tile/0/000";

/// How many tiles a second the server serves, and how many nginx does; `None`
/// without nginx.
pub(super) async fn rates(field: &Field) -> Result<Option<(f64, f64)>> {
    let Some(program) = installed("nginx", PathBuf::from("/usr/sbin")) else {
        eprintln!("  NOT MEASURED: there is no nginx (Debian: nginx-light)");
        return Ok(None);
    };
    let expected = body_of(&field.bank.address).await?;
    let nginx = Nginx::start(&program, &expected).await?;
    let served = rate(&field.bank.address, &expected).await?;
    let peer = rate(&nginx.address, &expected).await?;
    Ok(Some((served, peer)))
}

/// The other server; killed when dropped.
struct Nginx {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Nginx {
    /// Serves one file as nginx does it best: two workers, sendfile, no log.
    async fn start(program: &Path, tile: &[u8]) -> Result<Self> {
        let folder = fresh_folder()?;
        let path = folder.join(TILE.trim_start_matches('/'));
        fs::create_dir_all(path.parent().context("a tile lies in a folder")?)?;
        fs::write(&path, tile)?;
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let here = folder.display();
        let config = format!(
            "daemon off; worker_processes 2; user root; pid {here}/pid; error_log stderr crit;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;\n\
             open_file_cache max=100; default_type application/octet-stream;\n\
             client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;\n\
             fastcgi_temp_path {here}/fastcgi; uwsgi_temp_path {here}/uwsgi;\n\
             scgi_temp_path {here}/scgi;\n\
             server {{ listen 127.0.0.1:{port}; root {here}; }} }}\n"
        );
        fs::write(folder.join("nginx.conf"), config)?;
        let child = Command::new(program)
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .spawn()?;
        let nginx = Self {
            child,
            address: format!("127.0.0.1:{port}"),
            folder,
        };
        nginx.wait().await?;
        Ok(nginx)
    }

    #[expect(clippy::disallowed_methods, reason = "another program is waited for")]
    async fn wait(&self) -> Result<()> {
        for _ in 0..200 {
            if TcpStream::connect(&self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("nginx does not listen")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked to end, it ends its workers too.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Requests a second of all readers together; each body is compared.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn rate(address: &str, expected: &[u8]) -> Result<f64> {
    let start = Instant::now();
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        let (address, expected) = (address.to_owned(), expected.to_vec());
        readers.spawn(async move {
            let mut reader = Reader::connect(&address).await?;
            for _ in 0..REQUESTS / READERS {
                ensure!(reader.tile().await? == expected, "another tile");
            }
            Ok(())
        });
    }
    while let Some(read) = readers.join_next().await {
        read??;
    }
    let requests = u32::try_from(REQUESTS / READERS * READERS)?;
    Ok(f64::from(requests) / start.elapsed().as_secs_f64())
}

async fn body_of(address: &str) -> Result<Vec<u8>> {
    let tile = Reader::connect(address).await?.tile().await?.to_vec();
    ensure!(tile.len() == 8_192, "the tile is not full");
    Ok(tile)
}

/// One connection, with as much of HTTP/1.1 as it takes.
pub(super) struct Reader {
    stream: TcpStream,
    request: String,
    bytes: Vec<u8>,
}

impl Reader {
    pub(super) async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!("GET {TILE} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let bytes = Vec::with_capacity(16 * 1024);
        Ok(Self {
            stream,
            request,
            bytes,
        })
    }

    pub(super) async fn tile(&mut self) -> Result<&[u8]> {
        self.stream.write_all(self.request.as_bytes()).await?;
        self.bytes.clear();
        loop {
            let read = self.stream.read_buf(&mut self.bytes).await?;
            ensure!(read > 0, "the server has hung up");
            let end = self.bytes.windows(4).position(|it| it == b"\r\n\r\n");
            let Some(end) = end else { continue };
            let head = std::str::from_utf8(&self.bytes[..end])?;
            ensure!(head.starts_with("HTTP/1.1 200 "), "{head}");
            let length: usize = header(head, "content-length").context(head.to_owned())?;
            let body = end + 4;
            while self.bytes.len() < body + length {
                let read = self.stream.read_buf(&mut self.bytes).await?;
                ensure!(read > 0, "the server has hung up");
            }
            return Ok(&self.bytes[body..]);
        }
    }
}

fn header(head: &str, wanted: &str) -> Option<usize> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let (_, value) = lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    value.parse().ok()
}
