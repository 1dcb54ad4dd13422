//! A server that cannot start says why in one line, and exits with 1.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use timebank_tests::bank::{Plan, fresh_folder};

use crate::site::{Kind, LAB, Site, refusal};
use crate::wire;

on_both_databases!(
    a_database_of_another_ledger_is_refused,
    a_ledger_from_before_the_first_release_is_refused,
    an_entry_before_the_ledger_is_open_is_refused_and_the_ledger_opens,
);

async fn a_database_of_another_ledger_is_refused(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    sql.drop_triggers().await?;
    sql.run("UPDATE log_head SET origin = 'other.example/city'")
        .await?;
    let said = refusal(&site.plan)?;
    ensure!(
        said.contains("it belongs to the ledger other.example/city"),
        "{said}"
    );
    Ok(())
}

async fn a_ledger_from_before_the_first_release_is_refused(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    sql.drop_triggers().await?;
    sql.run("UPDATE log_head SET state_format = 1").await?;
    let said = refusal(&site.plan)?;
    ensure!(
        said.contains("the format 1, and this version reads 7 alone"),
        "{said}"
    );
    Ok(())
}

async fn an_entry_before_the_ledger_is_open_is_refused_and_the_ledger_opens(
    kind: Kind,
) -> Result<()> {
    let site = Site::new(kind, 4)?;
    let bank = site.plan.start()?;
    let client = wire::client_of(&bank.url(), &site.street.auditor).await?;
    let error = client
        .with_attempts_max(1)
        .submit_signed(&site.gift(0))
        .await;
    let error = error.expect_err("there is no ledger yet");
    ensure!(error.reason() == "LEDGER_NOT_OPEN", "{error}");
    wire::submit(&bank.url(), &site.street.opening(600)).await?;
    site.audit(&bank.url()).await?;
    bank.end()
}

#[test]
fn the_log_key_of_another_ledger_is_refused() -> Result<()> {
    let plan = Plan::sqlite(Path::new(LAB))?;
    plan.start()?.end()?;
    let key = fs::read_to_string(plan.data.join("log.key"))?;
    fs::write(plan.data.join("log.key"), key.replace("street", "strasse"))?;
    let said = refusal(&plan)?;
    ensure!(said.contains("cannot use the log key"), "{said}");
    fs::write(plan.data.join("log.key"), "nonsense\n")?;
    let said = refusal(&plan)?;
    ensure!(said.contains("cannot use the log key"), "{said}");
    ensure!(
        !said.contains("nonsense"),
        "a secret is never repeated: {said}"
    );
    Ok(())
}

#[test]
fn a_data_folder_that_is_none_is_refused() -> Result<()> {
    let file = fresh_folder()?.join("file");
    fs::write(&file, "no folder")?;
    for data in [
        file.clone(),
        file.join("below"),
        PathBuf::from("/proc/timebank"),
    ] {
        let plan = Plan {
            data: data.clone(),
            ..Plan::sqlite(Path::new(LAB))?
        };
        let said = refusal(&plan)?;
        ensure!(said.contains(&data.display().to_string()), "{said}");
    }
    Ok(())
}

#[test]
fn a_database_that_is_none_is_refused() -> Result<()> {
    let plan = Plan::sqlite(Path::new(LAB))?;
    fs::write(
        plan.data.join("ledger.db"),
        "no database, but long enough to be looked at".repeat(99),
    )?;
    let said = refusal(&plan)?;
    ensure!(said.contains("not a database"), "{said}");
    let nowhere = "postgres:///nothing?host=/nowhere&user=nobody".to_owned();
    let said = refusal(&Plan::on(Path::new(LAB), nowhere)?)?;
    ensure!(said.contains("database is not available"), "{said}");
    Ok(())
}

#[test]
fn an_address_in_use_is_refused() -> Result<()> {
    let bank = Plan::sqlite(Path::new(LAB))?.start()?;
    let mut command = Command::new(LAB);
    command.args([
        "serve",
        "--origin",
        "hours.example/street",
        "--listen",
        &bank.address,
    ]);
    command.arg("--data").arg(fresh_folder()?);
    let said = failure(command)?;
    ensure!(
        said.contains(&format!("cannot listen on {}", bank.address)),
        "{said}"
    );
    bank.end()
}

#[test]
fn a_misspelt_setting_is_named_with_its_file() -> Result<()> {
    let config = fresh_folder()?.join("bank.toml");
    for (text, named) in [
        ("lisen = \"127.0.0.1:1\"", "lisen"),
        ("listen = \"nowhere\"", "listen"),
        ("grace_seconds = \"ten\"", "grace_seconds"),
        ("tls_cert = \"cert.pem\"", "tls_key"),
    ] {
        fs::write(&config, text)?;
        for mut command in programs() {
            command.arg("--config").arg(&config);
            let said = failure(command)?;
            ensure!(said.contains(named), "{text}: {said}");
        }
    }
    fs::remove_file(&config)?;
    for mut command in programs() {
        command.arg("--config").arg(&config);
        let said = failure(command)?;
        ensure!(said.contains("bank.toml"), "{said}");
    }
    Ok(())
}

/// The server as the tests start it, and the real one if it is built.
fn programs() -> Vec<Command> {
    let mut lab = Command::new(LAB);
    lab.arg("serve");
    let real = Path::new(LAB).with_file_name("timebank-server");
    let real = real.exists().then(|| Command::new(real));
    std::iter::once(lab).chain(real).collect()
}

/// What a program says that fails with the exit code 1.
fn failure(mut command: Command) -> Result<String> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.code() == Some(1), "{}: {said}", output.status);
    ensure!(output.stdout.is_empty(), "it began to serve");
    ensure!(!said.contains("panicked"), "{said}");
    Ok(said)
}
