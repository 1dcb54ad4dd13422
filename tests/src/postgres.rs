//! A private, throw-away PostgreSQL for the tests.
//!
//! A [`Cluster`] lives in a temporary folder of its own and listens on a Unix
//! socket there and on no network port: clusters never meet, and nobody else on
//! the machine can connect. [`fresh_database`] gives each test a database of its
//! own in the one cluster that the tests of a process share; a test that crashes
//! the server starts its own. A cluster never outlives its test process, not
//! even one that is killed.
//!
//! This is no client: it makes databases and tells their URL. Nor does it skip
//! anything: where PostgreSQL is missing, the test that asked for it fails and
//! says what to install.

mod installation;
mod supervisor;

use std::env;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result, anyhow, bail, ensure};

use installation::{Installation, run};
use supervisor::Supervisor;

/// The longest path that the address of a Unix socket can hold on any system.
const SOCKET_PATH_BYTES_MAX: usize = 103;

/// How much of the server's log an error quotes.
const LOG_LINES_SHOWN: usize = 30;

/// What the server promises about a commit that it has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk: PostgreSQL's own defaults, as in production.
    Full,
    /// Nothing. For tests that are about something else and in a hurry.
    Fast,
}

/// A running PostgreSQL server with a data folder of its own; dropping it stops
/// the server and removes the folder.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    installation: Installation,
    supervisor: Mutex<Supervisor>,
}

/// The URL of an empty database in the cluster that this process shares, which
/// is started by the first call.
pub fn fresh_database() -> Result<String> {
    static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let shared =
        SHARED.get_or_init(|| Cluster::start(Durability::Full).map_err(|why| format!("{why:#}")));
    let cluster = shared.as_ref().map_err(|why| anyhow!("{why}"))?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    cluster.create_database(&format!("test_{number}"))
}

/// Where one of PostgreSQL's programs is, if the installation has it.
///
/// # Errors
/// If there is no PostgreSQL.
pub fn program(name: &str) -> Result<PathBuf> {
    Ok(installation::find_programs()?.join(name))
}

impl Cluster {
    /// Makes a data folder, starts a server on it and waits until it answers.
    pub fn start(durability: Durability) -> Result<Self> {
        let home = create_home()?;
        Self::start_in(&home, durability).inspect_err(|_| {
            // The reason why it did not start is the one to tell.
            let _removed = fs::remove_dir_all(&home);
        })
    }

    fn start_in(home: &Path, durability: Durability) -> Result<Self> {
        let installation = Installation::find(home)?;
        initialise(&installation, home)?;
        let supervisor = Supervisor::spawn(&installation, home, &settings(durability))?;
        let cluster = Self {
            home: home.to_owned(),
            installation,
            supervisor: Mutex::new(supervisor),
        };
        cluster.restart()?;
        Ok(cluster)
    }

    /// The URL by which a client reaches `database`.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let home = self.home.display();
        format!("postgres:///{database}?host={home}&port=5432&user=postgres")
    }

    /// Creates an empty database, which must not exist yet, and tells its URL.
    pub fn create_database(&self, name: &str) -> Result<String> {
        let mut createdb = self.installation.program("createdb");
        createdb.arg("--host").arg(&self.home);
        createdb.args(["--username=postgres", "--maintenance-db=postgres", name]);
        run(&mut createdb)?;
        Ok(self.url(name))
    }

    /// Kills every process of the server with `SIGKILL` and returns when they are
    /// gone. What the operating system had taken over is not lost by it: this is
    /// a crash of the program, not of the machine.
    pub fn kill_nine(&self) -> Result<()> {
        self.order("crash", "crashed")
    }

    /// Starts the server again after [`Cluster::kill_nine`], on the same data
    /// and under the same URLs, and waits until it answers.
    pub fn restart(&self) -> Result<()> {
        self.order("start", "ready")
    }

    fn order(&self, order: &str, expected: &str) -> Result<()> {
        let mut supervisor = self
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let answer = supervisor.obey(order)?;
        if answer != expected {
            bail!(
                "PostgreSQL did not {order}; its log ends:\n{}",
                self.log_end()
            );
        }
        Ok(())
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.home.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let first = lines.len().saturating_sub(LOG_LINES_SHOWN);
        lines[first..].join("\n")
    }
}

fn settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec!["-clisten_addresses=", "-cmax_connections=200"];
    if cfg!(target_os = "linux") {
        // One call instead of one for each file, of which there are thousands.
        settings.push("-crecovery_init_sync_method=syncfs");
    }
    settings.extend(match durability {
        Durability::Full => ["-cfsync=on", "-csynchronous_commit=on"],
        Durability::Fast => ["-cfsync=off", "-csynchronous_commit=off"],
    });
    settings
}

/// An empty folder that nobody else can read.
fn create_home() -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("timebank-postgres-{}-{number}", process::id());
        let home = env::temp_dir().join(name);
        check_socket_path(&home)?;
        match DirBuilder::new().mode(0o700).create(&home) {
            Ok(()) => return Ok(home),
            // Left by an earlier process of the same number.
            Err(why) if why.kind() == ErrorKind::AlreadyExists => {}
            Err(why) => return Err(why).with_context(|| format!("cannot make {}", home.display())),
        }
    }
}

/// The folder must fit into the address of a Unix socket, and into a URL as it is.
fn check_socket_path(home: &Path) -> Result<()> {
    let socket = home.join(".s.PGSQL.5432");
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(byte);
    let bytes = socket.as_os_str().as_encoded_bytes();
    ensure!(
        bytes.len() <= SOCKET_PATH_BYTES_MAX && bytes.iter().all(is_plain),
        "{} cannot be the path of a Unix socket: set TMPDIR to a short, plain folder",
        socket.display()
    );
    Ok(())
}

fn initialise(installation: &Installation, home: &Path) -> Result<()> {
    let mut initdb = installation.program("initdb");
    initdb.arg("--pgdata").arg(home.join("data"));
    initdb.args(["--username=postgres", "--auth=trust"]);
    initdb.args(["--encoding=UTF8", "--locale=C", "--no-sync"]);
    run(&mut initdb)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(cluster: &Cluster, url: &str, sql: &str) -> Result<String> {
        let mut psql = cluster.installation.program("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--set=ON_ERROR_STOP=1", "--command", sql, url]);
        Ok(run(&mut psql)?.trim().to_owned())
    }

    #[test]
    fn each_fresh_database_has_another_url() -> Result<()> {
        assert_ne!(fresh_database()?, fresh_database()?);
        Ok(())
    }

    #[test]
    fn a_name_is_given_to_one_database_only() -> Result<()> {
        let cluster = Cluster::start(Durability::Fast)?;
        cluster.create_database("twice")?;
        let why = cluster.create_database("twice").unwrap_err().to_string();
        assert!(why.contains("already exists"), "{why}");
        Ok(())
    }

    #[test]
    fn what_was_committed_is_there_after_a_crash() -> Result<()> {
        let cluster = Cluster::start(Durability::Full)?;
        let url = cluster.create_database("crash")?;
        query(&cluster, &url, "CREATE TABLE kept (number bigint NOT NULL)")?;
        for number in 1..=3 {
            let insert = format!("INSERT INTO kept VALUES ({number})");
            query(&cluster, &url, &insert)?;
            cluster.kill_nine()?;
            query(&cluster, &url, "SELECT 1").unwrap_err();
            cluster.restart()?;
            let count = query(&cluster, &url, "SELECT count(*) FROM kept")?;
            assert_eq!(count, number.to_string());
        }
        Ok(())
    }

    #[test]
    fn a_server_that_cannot_start_says_why() -> Result<()> {
        let cluster = Cluster::start(Durability::Fast)?;
        cluster.kill_nine()?;
        fs::write(cluster.home.join("data/postgresql.conf"), "nonsense = 1")?;
        let why = cluster.restart().unwrap_err().to_string();
        assert!(why.contains("nonsense"), "{why}");
        Ok(())
    }

    #[test]
    fn full_durability_is_that_of_production() -> Result<()> {
        let sql = "SELECT current_setting('fsync') || current_setting('synchronous_commit')";
        let full = Cluster::start(Durability::Full)?;
        assert_eq!(query(&full, &full.url("postgres"), sql)?, "onon");
        let fast = Cluster::start(Durability::Fast)?;
        assert_eq!(query(&fast, &fast.url("postgres"), sql)?, "offoff");
        Ok(())
    }

    #[test]
    fn nothing_is_left_of_a_dropped_cluster() -> Result<()> {
        let cluster = Cluster::start(Durability::Fast)?;
        let home = cluster.home.clone();
        assert!(home.join(".s.PGSQL.5432").exists());
        drop(cluster);
        assert!(!home.exists());
        Ok(())
    }
}
