//! A certificate of service from the keyboard, checked where there is no server.

use std::fs;

use anyhow::{Result, ensure};

use crate::desk::Desk;
use crate::station::Station;

#[test]
fn a_certificate_is_issued_and_verified_without_a_server() -> Result<()> {
    let station = Station::open()?;
    let (staff, member, operator) = (&station.staff, &station.member, &station.operator);
    let volunteer = staff.field("member", &["key", "show"])?;
    let profile = r#"{"name": "Zhang", "document": {"kind": "id-card", "number": "5101"}}"#;
    fs::write(operator.folder.join("zhang.json"), profile)?;
    operator.said(&["member", "correct", &volunteer, "--profile", "zhang.json"])?;
    let request = ["care", "request", "--start", "-2h", "--length", "1h"];
    let service = member.field("entry", &[&request[..], &["--item", "walk"]].concat())?;
    staff.said(&["care", "accept", &service])?;
    staff.said(&["care", "log", &service, "--start", "-2h", "--length", "1h"])?;
    member.said(&["care", "confirm", &service])?;
    let issue = [
        "member",
        "certificate",
        &volunteer,
        "-o",
        "zhang.certificate",
    ];
    let denied = staff.refused(&issue)?;
    ensure!(denied == (1, "NOT_ALLOWED".to_owned()), "{denied:?}");
    let issued = operator.json(&issue)?;
    ensure!(issued["minutes"] == 60 && issued["visits"] == 1, "{issued}");
    let log_key = operator.json(&["scheme", "show"])?["log_key"].clone();
    let log_key = log_key.as_str().unwrap_or_default().to_owned();
    let file = operator.read("zhang.certificate")?;
    let reader = station.phone()?;
    station.end()?;
    checked(&reader, &file, &log_key)
}

/// On a machine that has never seen the ledger.
fn checked(reader: &Desk, file: &str, log_key: &str) -> Result<()> {
    fs::write(reader.folder.join("it"), file)?;
    let verify = ["verify", "it", "--log-key", log_key];
    let proven = reader.json(&verify)?;
    ensure!(proven["person"]["name"] == "Zhang", "{proven}");
    ensure!(proven["minutes"] == 60 && proven["stars"] == 0, "{proven}");
    let said = reader.said(&verify)?;
    ensure!(said.contains("PROVEN") && said.contains("5101"), "{said}");
    fs::write(reader.folder.join("it"), file.replace("Zhang", "Zhong"))?;
    let refused = reader.refused(&verify)?;
    ensure!(
        refused == (3, "RECEIPT_UNVERIFIED".to_owned()),
        "{refused:?}"
    );
    Ok(())
}
