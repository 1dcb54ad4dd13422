//! Callers that mean no good: each takes what it can get, and somebody else's entry is
//! recorded all the same.

use std::time::Duration;

use anyhow::{Result, ensure};
use proto::v1;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_stream::StreamExt;

use super::narrow;
use crate::site::{Kind, Site};
use crate::wire;

/// The beginning of every HTTP/2 connection (RFC 9113 section 3.4), and empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
/// Frame types of RFC 9113 section 6.
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const CONTINUATION: u8 = 9;

/// A frame (RFC 9113 section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes()[1..]
        .to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Somebody else's entry is recorded within some seconds.
async fn is_served(site: &Site, url: &str, number: usize) -> Result<()> {
    let gift = site.gift(number);
    let served = async {
        let mut service = wire::service(url).await?;
        anyhow::Ok(wire::submit_one(&mut service, &gift).await?)
    };
    tokio::time::timeout(Duration::from_secs(20), served).await??;
    Ok(())
}

fn address(url: &str) -> &str {
    url.trim_start_matches("http://")
}

/// Reads until the server has closed the connection.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 4096];
    let closed = async {
        loop {
            match stream.read(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), closed)
        .await
        .is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resets_without_end_close_their_own_connection() -> Result<()> {
    let (site, bank) = narrow(Kind::Sqlite, &[]).await?;
    let mut hostile = TcpStream::connect(address(&bank.url())).await?;
    hostile.write_all(PREFACE).await?;
    // :method POST, :scheme http, :path / from the static table of HPACK (RFC 7541).
    let headers = [0x83, 0x86, 0x84];
    let mut is_cut_off = false;
    for number in 0..100_000_u32 {
        let stream = 2 * number + 1;
        let mut bytes = frame(HEADERS, 0x4, stream, &headers);
        bytes.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
        if hostile.write_all(&bytes).await.is_err() {
            is_cut_off = true;
            break;
        }
    }
    ensure!(
        is_cut_off || is_closed(&mut hostile).await,
        "it is still connected"
    );
    is_served(&site, &bank.url(), 0).await?;
    bank.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_without_end_are_not_kept() -> Result<()> {
    let (site, bank) = narrow(Kind::Sqlite, &[]).await?;
    let before = bank.resident_bytes()?;
    let mut hostile = TcpStream::connect(address(&bank.url())).await?;
    hostile.write_all(PREFACE).await?;
    // A field that is never indexed, of 16 KB, again and again, and the end never comes.
    let mut field = vec![0x10, 1, b'a', 0x7f, 0x81, 0x7c];
    field.resize(field.len() + 16_000, b'b');
    hostile.write_all(&frame(HEADERS, 0, 1, &field)).await?;
    for _ in 0..4_000 {
        if hostile
            .write_all(&frame(CONTINUATION, 0, 1, &field))
            .await
            .is_err()
        {
            break;
        }
    }
    ensure!(is_closed(&mut hostile).await, "it is still connected");
    let more = bank.resident_bytes()?.saturating_sub(before);
    ensure!(more < 32 * 1024 * 1024, "{more} bytes are kept of 64 MB");
    is_served(&site, &bank.url(), 0).await?;
    bank.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_request_takes_up_no_more_than_its_connection() -> Result<()> {
    let (site, bank) = narrow(Kind::Sqlite, &["--connections-max", "300"]).await?;
    let mut hostile = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(address(&bank.url())).await?;
        let part: &[u8] = if number % 2 == 0 {
            b"GET /log/checkpoint HTTP/1.1\r\nHost: a"
        } else {
            &PREFACE[..20]
        };
        stream.write_all(part).await?;
        hostile.push(stream);
    }
    is_served(&site, &bank.url(), 0).await?;
    // The headers of HTTP/1.1 have half a minute.
    ensure!(is_closed(&mut hostile[0]).await, "it may be slow for ever");
    bank.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_no_answers_is_not_answered_without_end() -> Result<()> {
    let (site, bank) = narrow(Kind::Sqlite, &[]).await?;
    let (sender, messages) = tokio::sync::mpsc::channel(1);
    let messages = tokio_stream::wrappers::ReceiverStream::new(messages);
    let mut service = wire::service(&bank.url()).await?;
    let _unread = service.submit_entries(messages).await?;
    // One entry, again and again: every answer tells the same place.
    let message = wire::message(&vec![site.gift(0); 1_000]);
    let before = bank.resident_bytes()?;
    let mut sent = 0;
    let sending = tokio_stream::iter(0..2_000).then(|_| sender.send(message.clone()));
    let mut sending = std::pin::pin!(sending);
    while let Ok(Some(Ok(()))) = tokio::time::timeout(Duration::from_secs(5), sending.next()).await
    {
        sent += 1;
    }
    ensure!(sent < 2_000, "all was taken in, with nobody reading");
    let more = bank.resident_bytes()?.saturating_sub(before);
    ensure!(
        more < 256 * 1024 * 1024,
        "{more} bytes for answers that nobody reads"
    );
    is_served(&site, &bank.url(), 1).await?;
    drop(bank);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_file_handles_wait_and_the_ledger_goes_on() -> Result<()> {
    let mut site = Site::new(Kind::Sqlite, 10)?;
    // As many handles as the ledger itself keeps, and 20 more.
    site.plan.under = ["sh", "-c", "ulimit -n 148 && exec \"$@\"", "sh"]
        .map(str::to_owned)
        .to_vec();
    let bank = site.open_ledger().await?;
    let mut service = wire::service(&bank.url()).await?;
    let mut others = Vec::new();
    for _ in 0..100 {
        // The system takes the connection, whether the server does or not.
        others.push(TcpStream::connect(address(&bank.url())).await?);
    }
    for number in 0..50 {
        wire::submit_one(&mut service, &site.gift(number)).await?;
    }
    drop(others);
    is_served(&site, &bank.url(), 50).await?;
    let newest = service.get_checkpoint(v1::GetCheckpointRequest {}).await?;
    ensure!(!newest.into_inner().signed_note.is_empty());
    site.audit(&bank.url()).await?;
    bank.end()
}
