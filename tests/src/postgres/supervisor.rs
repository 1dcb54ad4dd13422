//! The shell that watches over one PostgreSQL server.
//!
//! It stands between the test process and the server so that the server ends
//! with the test, however the test ends: when the pipe of its orders closes, it
//! stops the server and removes the cluster's folder.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result};

use super::installation::Installation;

/// The shell that owns the server.
#[derive(Debug)]
pub(super) struct Supervisor {
    shell: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Supervisor {
    /// Obeys one order a line and answers each with a word. A server that dies
    /// by itself stays dead. The end of the orders is the end of the cluster.
    const SCRIPT: &'static str = r#"
        programs=$1
        home=$2
        shift 2
        exec 2>>"$home/log"

        await_server() {
            tries=0
            until "$programs/pg_isready" -q -h "$home" -U postgres </dev/null; do
                tries=$((tries + 1))
                [ "$tries" -lt 600 ] && kill -0 "$server" || return 1
                sleep 0.05
            done
        }

        # A process that is a zombie has given back its memory, the shared too,
        # without which a new server would not start.
        await_end_of() {
            while grep -qs '^State:[[:space:]]*[^XZ[:space:]]' "/proc/$1/status"; do
                sleep 0.01
            done
        }

        while read -r order; do
            case $order in
            start)
                "$programs/postgres" -D "$home/data" "$@" </dev/null >>"$home/log" 2>&1 &
                server=$!
                if await_server; then echo ready; else echo failed; fi
                ;;
            crash)
                # A stopped server makes no more children.
                kill -STOP "$server"
                children=$(cat "/proc/$server/task/$server/children")
                kill -KILL "$server" $children
                wait "$server"
                for child in $children; do await_end_of "$child"; done
                echo crashed
                ;;
            esac
        done

        kill -QUIT "$server"
        wait
        rm -rf "$home"
    "#;

    /// Starts the shell, which does not start the server before it is told to.
    pub(super) fn spawn(
        installation: &Installation,
        home: &Path,
        settings: &[&str],
    ) -> Result<Self> {
        let mut shell = installation
            .command("sh")
            .args(["-c", Self::SCRIPT, "timebank-postgres"])
            .args([installation.programs(), home])
            .arg(format!("-cunix_socket_directories={}", home.display()))
            .args(settings)
            // Away from the terminal's signals: it hears of our end by the pipe.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start sh")?;
        let orders = shell.stdin.take();
        let answers = shell.stdout.take().context("sh has no standard output")?;
        Ok(Self {
            shell,
            orders,
            answers: BufReader::new(answers),
        })
    }

    /// Gives one order and waits for the answer.
    pub(super) fn obey(&mut self, order: &str) -> Result<String> {
        let orders = self.orders.as_mut().context("the cluster has ended")?;
        writeln!(orders, "{order}").context("the shell that owns PostgreSQL is gone")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.orders.take());
        // Whatever became of the shell, there is nothing left to do about it.
        let _ended = self.shell.wait();
    }
}
