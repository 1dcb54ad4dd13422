//! Exporting a ledger into a folder: beside a running server, again and again,
//! cut off anywhere, and into a folder of another history.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use client::audit::FolderSource;
use ledger::log::{TilePath, Width, tiles};
use server::export::{Export, ExportError, Exported, export};
use server::store::{Store, connect_to_read};
use timebank_tests::bank::{ORIGIN, fresh_folder};
use timebank_tests::faulty::Faulty;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(
    an_export_is_audited_and_goes_on_as_the_log_grows,
    an_export_that_was_cut_off_anywhere_goes_on,
    a_folder_of_another_history_is_left_alone,
    hashes_alone_tell_nothing_of_members,
);

fn options(folder: &Path) -> Export {
    Export {
        out: folder.to_owned(),
        no_entries: false,
        no_books: false,
    }
}

async fn run(site: &Site, options: &Export) -> Result<Exported, ExportError> {
    let store = connect_to_read(&site.database_url(), ORIGIN).await?;
    let origin = ORIGIN.parse().expect("a name");
    export(&*store, &origin, options, |_, _| {}).await
}

fn log_key(site: &Site) -> Result<ledger::log::VerifierKey> {
    let signer = server::serve::log_key(&site.plan.data, &ORIGIN.parse()?)?;
    Ok(signer.verifier_key())
}

async fn audit(site: &Site, folder: &Path) -> Result<u64> {
    let source = FolderSource::new(folder);
    let report = client::audit(source, &log_key(site)?, |_| {}).await?;
    Ok(report.tree_size.get())
}

/// Every file of the log's layout for a size, and no part of a full one.
fn check_layout(folder: &Path, size: u64) -> Result<()> {
    for (tile, width) in tiles(ledger::log::TreeSize::new(size)) {
        let hashes = TilePath::Hashes { tile, width };
        let index = tile.index;
        let entries = (tile.level == 0).then_some(TilePath::Entries { index, width });
        for path in std::iter::once(hashes).chain(entries) {
            ensure!(folder.join(path.to_string()).is_file(), "{path}");
            let parts = folder.join(format!("{path}.p"));
            ensure!(width != Width::FULL || !parts.exists(), "{path}.p");
        }
    }
    Ok(())
}

async fn an_export_is_audited_and_goes_on_as_the_log_grows(kind: Kind) -> Result<()> {
    let place = Site::finished(kind, 4, 250).await?;
    let folder = fresh_folder()?;
    // Without a server.
    let first = run(&place, &options(&folder)).await?;
    ensure!((first.size.get(), first.is_published) == (250, false));
    ensure!(audit(&place, &folder).await? == 250);
    let again = run(&place, &options(&folder)).await?;
    ensure!(again.files == 0, "{again:?}");
    // Beside one.
    let bank = place.plan.start()?;
    let mut size = 250;
    for grown in [5, 1, 300] {
        let gifts: Vec<_> = (0..grown).map(|number| place.gift(number)).collect();
        wire::submit(&bank.url(), &gifts).await?;
        size += grown as u64;
        let next = run(&place, &options(&folder)).await?;
        ensure!(next.size.get() == size, "{next:?}");
        check_layout(&folder, size)?;
        ensure!(audit(&place, &folder).await? == size);
    }
    ensure!(folder.join("tile/0/002.p/44").is_file(), "the log has 556");
    served_by_any_web_server(&folder).await?;
    bank.end()?;
    Ok(fs::remove_dir_all(folder)?)
}

/// A web server that knows nothing of logs; killed when dropped.
struct Web(Child);

impl Drop for Web {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Every file of the layout comes back under its path, as it is in the folder.
async fn served_by_any_web_server(folder: &Path) -> Result<()> {
    let mut child = Command::new("python3")
        .args([
            "-u",
            "-m",
            "http.server",
            "0",
            "--bind",
            "127.0.0.1",
            "--directory",
        ])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("starting a web server")?;
    let stdout = child.stdout.take().context("piped")?;
    let web = Web(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let port = line
        .split(" port ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let port: u16 = port.context("a port")?.parse()?;
    for name in [
        "checkpoint",
        "tile/0/000",
        "tile/0/002.p/44",
        "tile/1/000.p/2",
        "tile/entries/001",
    ] {
        let mut line = TcpStream::connect(("127.0.0.1", port)).await?;
        let request = format!("GET /{name} HTTP/1.0\r\n\r\n");
        line.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).await?;
        ensure!(answer.starts_with(b"HTTP/1.0 200"), "{name}");
        ensure!(answer.ends_with(&fs::read(folder.join(name))?), "{name}");
    }
    drop(web);
    Ok(())
}

async fn an_export_that_was_cut_off_anywhere_goes_on(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 520).await?;
    let store = connect_to_read(&site.database_url(), ORIGIN).await?;
    let (faulty, origin) = (Faulty::around(store), ORIGIN.parse()?);
    let folder = fresh_folder()?;
    let mut cuts = 0;
    loop {
        // One read further each time, in a folder that keeps what was written.
        faulty.calm();
        faulty.fail_read_after(cuts);
        let store: &dyn Store = &*faulty;
        let cut = export(store, &origin, &options(&folder), |_, _| {}).await;
        if cut.is_ok() {
            break;
        }
        ensure!(!folder.join("checkpoint").exists(), "it promises too much");
        cuts += 1;
    }
    ensure!(cuts > 8, "it was cut off {cuts} times");
    ensure!(audit(&site, &folder).await? == 520);
    Ok(fs::remove_dir_all(folder)?)
}

async fn a_folder_of_another_history_is_left_alone(kind: Kind) -> Result<()> {
    let (site, other) = (
        Site::finished(kind, 4, 300).await?,
        Site::finished(kind, 4, 310).await?,
    );
    let folder = fresh_folder()?;
    run(&other, &options(&folder)).await?;
    let checkpoint = fs::read(folder.join("checkpoint"))?;
    let refused = run(&site, &options(&folder)).await;
    ensure!(
        matches!(refused, Err(ExportError::Shrunk { .. })),
        "{refused:?}"
    );
    let bank = site.plan.start()?;
    let gifts: Vec<_> = (0..20).map(|number| site.gift(number)).collect();
    wire::submit(&bank.url(), &gifts).await?;
    bank.end()?;
    let refused = run(&site, &options(&folder)).await;
    ensure!(
        matches!(refused, Err(ExportError::OtherHistory(_))),
        "{refused:?}"
    );
    ensure!(fs::read(folder.join("checkpoint"))? == checkpoint);
    // What another export left before its checkpoint is noticed too.
    fs::remove_file(folder.join("checkpoint"))?;
    let refused = run(&site, &options(&folder)).await;
    ensure!(
        matches!(refused, Err(ExportError::Differs(_))),
        "{refused:?}"
    );
    fs::write(folder.join("checkpoint"), "a note of somebody's\n")?;
    let refused = run(&site, &options(&folder)).await;
    ensure!(
        matches!(refused, Err(ExportError::OtherLedger(_))),
        "{refused:?}"
    );
    Ok(fs::remove_dir_all(folder)?)
}

async fn hashes_alone_tell_nothing_of_members(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 300).await?;
    let folder = fresh_folder()?;
    let mut hashes = options(&folder);
    hashes.no_entries = true;
    run(&site, &hashes).await?;
    let is_there = |name: &str| folder.join(name).exists();
    ensure!(is_there("checkpoint") && is_there("tile/1/000.p/1"));
    ensure!(!is_there("tile/entries") && !is_there("timebank/state"));
    // The rest is added when it is asked for, and what it states goes again.
    let added = run(&site, &options(&folder)).await?;
    ensure!(added.files == 2, "{added:?}");
    ensure!(audit(&site, &folder).await? == 300);
    hashes.no_entries = false;
    hashes.no_books = true;
    run(&site, &hashes).await?;
    ensure!(is_there("tile/entries/000") && !is_there("timebank/postings"));
    Ok(fs::remove_dir_all(folder)?)
}

#[tokio::test]
async fn nothing_is_made_where_there_is_no_ledger() -> Result<()> {
    let nowhere: PathBuf = fresh_folder()?;
    let url = format!("sqlite:{}", nowhere.join("ledger.db").display());
    ensure!(connect_to_read(&url, ORIGIN).await.is_err());
    ensure!(fs::read_dir(&nowhere)?.next().is_none(), "a file was made");
    Ok(fs::remove_dir_all(nowhere)?)
}
