//! The PostgreSQL that this machine has: where its programs are, and as whom
//! they run.
//!
//! It installs nothing; `tests/run` does.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The environment variable that names the folder of PostgreSQL's programs,
/// before those on the `PATH` and those of Debian's packages are looked at.
const FOLDER_VARIABLE: &str = "TIMEBANK_TEST_POSTGRES_BIN";

/// What must be in one folder for it to count as a PostgreSQL.
const PROGRAMS: [&str; 4] = ["postgres", "initdb", "createdb", "pg_isready"];

/// The accounts that run the server when the tests are run by root, which
/// PostgreSQL refuses: the first one that the machine has.
const ACCOUNTS: [&str; 2] = ["postgres", "timebank-test"];

/// PostgreSQL's programs, to be run in the folder of one cluster.
#[derive(Debug)]
pub(super) struct Installation {
    programs: PathBuf,
    home: PathBuf,
    account: Option<Account>,
}

impl Installation {
    /// Finds the programs and, for root, hands `home` to an account that may
    /// run them.
    pub(super) fn find(home: &Path) -> Result<Self> {
        let programs = find_programs()?;
        let account = Account::to_run_as(home)?;
        Ok(Self {
            programs,
            home: home.to_owned(),
            account,
        })
    }

    /// The folder of the programs.
    pub(super) fn programs(&self) -> &Path {
        &self.programs
    }

    /// One of PostgreSQL's programs.
    pub(super) fn program(&self, name: &str) -> Command {
        self.command(self.programs.join(name))
    }

    /// Any program, run as PostgreSQL's are: in the cluster's folder, as the
    /// account that owns it, unimpressed by the caller's `PG…` variables.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.home).env_clear();
        command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
        if let Some(Account { uid, gid }) = self.account {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// Runs a command to its end and tells what it wrote.
pub(super) fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{}: {complaint}",
        program.display()
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Somebody other than root.
#[derive(Clone, Copy, Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Nobody else, unless we are root, which the owner of the folder that we
    /// have just made tells; then the folder is handed over.
    fn to_run_as(home: &Path) -> Result<Option<Self>> {
        if fs::metadata(home)?.uid() != 0 {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let account = ACCOUNTS
            .iter()
            .find_map(|name| Self::in_passwd(&passwd, name))
            .with_context(|| {
                format!(
                    "PostgreSQL refuses to be run by root, and this machine has none of the \
                     accounts {ACCOUNTS:?}: run `useradd --system timebank-test`"
                )
            })?;
        chown(home, Some(account.uid), Some(account.gid))?;
        Ok(Some(account))
    }

    fn in_passwd(passwd: &str, name: &str) -> Option<Self> {
        passwd.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [found, _, uid, gid, ..] = fields[..] else {
                return None;
            };
            (found == name).then_some(Self {
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            })
        })
    }
}

/// The folder of PostgreSQL's programs.
pub(super) fn find_programs() -> Result<PathBuf> {
    if let Some(named) = env::var_os(FOLDER_VARIABLE) {
        let folder = PathBuf::from(named);
        ensure!(
            is_complete(&folder),
            "{FOLDER_VARIABLE} is {}, which lacks one of {PROGRAMS:?}",
            folder.display()
        );
        return Ok(folder);
    }
    programs_on_path()
        .or_else(programs_of_debian)
        .with_context(|| {
            format!(
                "no PostgreSQL server found, and the tests do not go without: install it \
             (`apt-get install postgresql`), or run `bash tests/run`, which does, or name the \
             folder of its programs in {FOLDER_VARIABLE}"
            )
        })
}

/// Follows links, since the programs find their libraries from where they are.
fn programs_on_path() -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).find_map(|folder| {
        let server = fs::canonicalize(folder.join("postgres")).ok()?;
        let folder = server.parent()?.to_owned();
        is_complete(&folder).then_some(folder)
    })
}

/// Debian keeps each version in a folder of its own, none of them on the `PATH`.
fn programs_of_debian() -> Option<PathBuf> {
    fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|version| {
            let version = version.ok()?;
            let number: u32 = version.file_name().to_str()?.parse().ok()?;
            let folder = version.path().join("bin");
            is_complete(&folder).then_some((number, folder))
        })
        .max()
        .map(|(_, folder)| folder)
}

fn is_complete(folder: &Path) -> bool {
    PROGRAMS.iter().all(|name| folder.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_line_that_bears_its_name() {
        let passwd = "postgresque:x:7:8::/:/bin/sh\npostgres:x:101:104:,,,:/:/bin/sh\n";
        let account = Account::in_passwd(passwd, "postgres").unwrap();
        assert_eq!((account.uid, account.gid), (101, 104));
        assert!(Account::in_passwd(passwd, "timebank-test").is_none());
    }
}
