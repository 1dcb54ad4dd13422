//! Every file in which a database and its server keep bytes, to look into.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::site::{Kind, Site};
use crate::sql::Sql;

/// All files below some folders.
pub(super) struct Files(Vec<PathBuf>);

impl Files {
    /// The data folder of a site; on PostgreSQL that of the cluster too, with
    /// its write-ahead log and its own log, after all is written to the disk.
    pub(super) async fn of(site: &Site, sql: &mut Sql) -> Result<Self> {
        let mut folders = vec![site.plan.data.clone()];
        if site.kind == Kind::Postgres {
            sql.run("CHECKPOINT").await?;
            let query = "SELECT current_setting('data_directory')::bytea";
            let cluster = String::from_utf8(sql.bytes(query).await?)?;
            let cluster = PathBuf::from(cluster);
            ensure!(cluster.join("pg_wal").is_dir() && cluster.join("base").is_dir());
            folders.push(cluster.parent().unwrap_or(&cluster).join("log"));
            folders.push(cluster);
        }
        Ok(Self(folders))
    }

    /// These and all below another folder.
    pub(super) fn and(mut self, folder: &Path) -> Self {
        self.0.push(folder.to_owned());
        self
    }

    /// Whether any of them holds these bytes.
    pub(super) fn have(&self, needle: &[u8]) -> Result<bool> {
        for folder in &self.0 {
            if holds(folder, needle)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A file that goes away meanwhile holds nothing.
fn holds(path: &Path, needle: &[u8]) -> Result<bool> {
    let Ok(meta) = fs::symlink_metadata(path) else {
        return Ok(false);
    };
    if meta.is_dir() {
        for inner in fs::read_dir(path)? {
            if holds(&inner?.path(), needle)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let is_read = meta.is_file();
    let content = if is_read {
        fs::read(path).unwrap_or_default()
    } else {
        Vec::new()
    };
    let (first, rest) = needle.split_first().expect("something to look for");
    let mut left = content.as_slice();
    while let Some(at) = left.iter().position(|byte| byte == first) {
        left = &left[at + 1..];
        if left.starts_with(rest) {
            return Ok(true);
        }
    }
    Ok(false)
}
