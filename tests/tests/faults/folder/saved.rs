//! A ledger that was saved into a folder, to be altered file by file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use client::audit::{FolderSource, ServerSource};
use client::{AuditError, Fault};
use ledger::log::{Position, VerifierKey};
use timebank_tests::bank::fresh_folder;

use crate::site::Site;
use crate::wire;

/// A saved ledger.
pub(super) struct Saved {
    folder: PathBuf,
    key: VerifierKey,
}

impl Saved {
    pub(super) async fn of(site: &Site) -> Result<Self> {
        let bank = site.plan.start()?;
        let client = wire::client_of(&bank.url(), &site.street.auditor).await?;
        let (folder, key) = (fresh_folder()?, client.log().key().clone());
        client::export::save(&ServerSource::new(client), &key, &folder, |_| {}).await?;
        bank.end()?;
        Ok(Self { folder, key })
    }

    pub(super) async fn audit(&self) -> Result<client::AuditReport, AuditError> {
        let source = FolderSource::new(&self.folder);
        client::audit(source, &self.key, |_| {}).await
    }

    /// What the audit finds when a file is altered; it is put back afterwards.
    pub(super) async fn altered(
        &self,
        name: &str,
        change: impl FnOnce(&mut Vec<u8>),
    ) -> Result<AuditError> {
        let path = self.folder.join(name);
        let kept = fs::read(&path).with_context(|| name.to_owned())?;
        let mut bytes = kept.clone();
        change(&mut bytes);
        ensure!(bytes != kept, "{name} was not altered");
        fs::write(&path, bytes)?;
        let found = self.audit().await;
        fs::write(&path, kept)?;
        found
            .err()
            .with_context(|| format!("{name}: nobody has noticed"))
    }

    pub(super) async fn expect(
        &self,
        name: &str,
        reason: &str,
        position: Option<u64>,
        change: impl FnOnce(&mut Vec<u8>),
    ) -> Result<()> {
        let error = self.altered(name, change).await?;
        let fault: &Fault = match &error {
            AuditError::Fault(fault) => fault,
            other => bail!("{name}: {other}"),
        };
        let found = (fault.reason(), fault.position().map(Position::get));
        ensure!(
            found == (reason, position),
            "{name}: found {found:?}: {fault}"
        );
        Ok(())
    }

    pub(super) fn files(&self) -> Result<Vec<String>> {
        let mut files = Vec::new();
        list(&self.folder, &mut files)?;
        let name = |path: PathBuf| Ok(path.strip_prefix(&self.folder)?.display().to_string());
        let mut files: Vec<String> = files.into_iter().map(name).collect::<Result<_>>()?;
        files.sort_unstable();
        Ok(files)
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        // What is left over there is nobody's.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
