//! The log over plain HTTP/1.1, as a witness or a monitor reads it: C2SP
//! tlog-tiles below `/log`.

use std::collections::HashMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use client::batch::Outcome;
use ledger::act::Give;
use ledger::log::{Checkpoint, SignedNote, Tile, Tree, VerifierKey, Width};
use ledger::log::{decode_bundle, leaf_hash};
use signed_note::{Note, StandardVerifier, VerifierList};
use timebank_tests::bank::ORIGIN;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::wire::bearer;
use crate::world::{World, minutes};

on_both!(
    the_checkpoint_verifies_under_the_printed_key,
    full_and_partial_tiles_are_those_of_the_tree,
    bundles_hold_the_records_and_need_a_token,
    what_the_log_does_not_have_is_not_found,
);

/// An answer over HTTP/1.1.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) code: u16,
    /// By their names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Fetches a file of the log, with a token if there is one.
pub(crate) async fn get(world: &World, path: &str, token: Option<&str>) -> Result<Answer> {
    let authorization: Vec<_> = token
        .map(|token| ("authorization", token))
        .into_iter()
        .collect();
    ask(world, "GET", path, &authorization).await
}

/// Asks for a file of the log by any method, with any headers.
pub(crate) async fn ask(
    world: &World,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<Answer> {
    let address = world.url().trim_start_matches("http://");
    let mut line = TcpStream::connect(address).await?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n")?;
    }
    request.push_str("Connection: close\r\n\r\n");
    line.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    line.read_to_end(&mut bytes).await?;
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .context("the end of the headers")?;
    let head = std::str::from_utf8(&bytes[..end])?;
    let mut lines = head.split("\r\n");
    let status = lines.next().context("a status line")?;
    let code = status.split(' ').nth(1).context("a code")?.parse()?;
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    if method != "HEAD" && code != 304 {
        let length: usize = headers.get("content-length").context("a length")?.parse()?;
        ensure!(body.len() == length, "a whole body");
    }
    Ok(Answer {
        code,
        headers,
        body,
    })
}

/// A file that is there, of a content type and kept by caches as stated.
async fn found(world: &World, path: &str, kind: &str, cached: &str) -> Result<Vec<u8>> {
    let answer = get(world, path, None).await?;
    ensure!(answer.code == 200, "{path}: {}", answer.code);
    ensure!(answer.headers["content-type"] == kind, "{path}");
    ensure!(answer.headers["cache-control"].contains(cached), "{path}");
    Ok(answer.body)
}

const BYTES: &str = "application/octet-stream";

async fn the_checkpoint_verifies_under_the_printed_key(world: &mut World) -> Result<()> {
    let note = found(
        world,
        "/log/checkpoint",
        "text/plain; charset=utf-8",
        "max-age=1",
    )
    .await?;
    let verifier = StandardVerifier::new(world.verifier_key())
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let known = VerifierList::new(vec![Box::new(verifier)]);
    let parsed = Note::from_bytes(&note).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let (good, unknown) = parsed
        .verify(&known)
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    assert_eq!((good.len(), unknown.len()), (1, 0));
    let text = std::str::from_utf8(parsed.text())?;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], ORIGIN);
    assert_eq!(lines[1], world.tree_size().await?.to_string());
    assert_eq!(note, world.checkpoint().await?);
    // A byte more or less is noticed.
    let mut altered = note.clone();
    altered[0] ^= 1;
    let altered = Note::from_bytes(&altered).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    assert!(altered.verify(&known).is_err());
    Ok(())
}

/// Makes the log longer than two full tiles.
pub(crate) async fn grow(world: &World) -> Result<()> {
    let mut batch = Vec::new();
    for _ in 0..600 {
        let gift = Give {
            recipient: world.member(1).id,
            minutes: minutes(1)?,
        };
        batch.push(world.street.pen.sign(world.member(0), gift).1);
    }
    let answer = world.client().submit_batch(&batch).await?;
    let recorded = |outcome: &Outcome| outcome.position().is_some();
    ensure!(answer.outcomes.iter().all(recorded), "all are recorded");
    Ok(())
}

async fn full_and_partial_tiles_are_those_of_the_tree(world: &mut World) -> Result<()> {
    grow(world).await?;
    let size = usize::try_from(world.tree_size().await?)?;
    ensure!(size > 512, "two full tiles: {size}");
    let partial = size - 512;
    let mut tree = Tree::new();
    for (path, width) in [
        ("/log/tile/0/000".to_owned(), 256),
        ("/log/tile/0/001".to_owned(), 256),
        (format!("/log/tile/0/002.p/{partial}"), partial),
    ] {
        let bytes = found(world, &path, BYTES, "public").await?;
        let tile = Tile::from_bytes(&bytes)?;
        assert_eq!(tile.hashes().len(), width, "{path}");
        tree.extend(tile.hashes().iter().copied());
    }
    let note = SignedNote::parse(&world.checkpoint().await?)?;
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let checkpoint = Checkpoint::verify(&note, &log_key)?;
    assert_eq!(tree.root(), checkpoint.root());
    // A level above has the roots of the full tiles; a narrower tile of an
    // older tree is the beginning of the full one.
    let above = found(world, "/log/tile/1/000.p/2", BYTES, "immutable").await?;
    assert_eq!(above.len(), 64);
    let full = found(world, "/log/tile/0/000", BYTES, "immutable").await?;
    let first = found(world, "/log/tile/0/000.p/7", BYTES, "immutable").await?;
    assert_eq!(first, full[..7 * 32]);
    Ok(())
}

async fn bundles_hold_the_records_and_need_a_token(world: &mut World) -> Result<()> {
    grow(world).await?;
    let token = bearer(&world.street.auditor, ORIGIN);
    let partial = u16::try_from(world.tree_size().await? - 512)?;
    for (number, width) in [(0, 256), (2, partial)] {
        let suffix = match width {
            256 => String::new(),
            width => format!(".p/{width}"),
        };
        let path = format!("/log/tile/entries/00{number}{suffix}");
        let answer = get(world, &path, Some(&token)).await?;
        assert_eq!(answer.code, 200);
        assert_eq!(answer.headers["content-type"], BYTES);
        // What one reader may have, a cache must not give to another.
        assert!(answer.headers["cache-control"].contains("private"));
        let width = Width::new(width).context("a width")?;
        let leaves = decode_bundle(&answer.body, width)?;
        let path_of_hashes = format!("/log/tile/0/00{number}{suffix}");
        let hashes = found(world, &path_of_hashes, BYTES, "public").await?;
        let tile = Tile::from_bytes(&hashes)?;
        assert_eq!(leaves.len(), tile.hashes().len());
        for (leaf, hash) in leaves.iter().zip(tile.hashes()) {
            assert_eq!(leaf_hash(leaf), *hash);
        }
        let refused = get(world, &path, None).await?;
        assert_eq!(refused.code, 401);
        assert_eq!(refused.headers["www-authenticate"], "Bearer");
        assert_eq!(refused.headers["cache-control"], "no-store");
        let member = bearer(world.member(0), ORIGIN);
        assert_eq!(get(world, &path, Some(&member)).await?.code, 403);
    }
    Ok(())
}

async fn what_the_log_does_not_have_is_not_found(world: &mut World) -> Result<()> {
    let token = bearer(&world.street.auditor, ORIGIN);
    let size = world.tree_size().await?;
    for path in [
        "/log/tile/0/000".to_owned(),
        format!("/log/tile/0/000.p/{}", size + 1),
        "/log/tile/0/000.p/0".to_owned(),
        "/log/tile/0/000.p/256".to_owned(),
        "/log/tile/0/001.p/1".to_owned(),
        "/log/tile/1/000.p/1".to_owned(),
        "/log/tile/64/000".to_owned(),
        "/log/tile/0/0".to_owned(),
        "/log/tile/0/x999/999.p/1".to_owned(),
        format!("/log/tile/entries/000.p/{}", size + 1),
        "/log/tile/entries/001.p/1".to_owned(),
        "/log/tile/entries/x9223372036854775/807".to_owned(),
        "/log".to_owned(),
        "/log/other".to_owned(),
        "/log/tile/../checkpoint".to_owned(),
    ] {
        let answer = get(world, &path, Some(&token)).await?;
        assert_eq!(answer.code, 404, "{path}");
    }
    Ok(())
}
