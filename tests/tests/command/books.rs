//! Books that others have kept: an old register is taken over by two people, and
//! the bank's statement is compared with the fund's cash.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::station::Station;

#[test]
fn an_old_register_and_a_bank_statement_meet_the_ledger() -> Result<()> {
    let station = Station::open()?;
    taken_over(&station)?;
    reconciled(&station)?;
    station.end()
}

/// STA-5; FM-4: every bad row is told, two people sign, and nothing is imported
/// twice by mistake.
fn taken_over(station: &Station) -> Result<()> {
    let (staff, member, operator) = (&station.staff, &station.member, &station.operator);
    let id = member.field("member", &["key", "show"])?;
    let rows = format!(
        "编号,姓名,时长,日期\n{id},某,2小时,2016年3月5日\n{id},某,半天,2016-03-06\n\
         {id},某,1.5,2016/4/1\n00000000000000000000000000000000,某,1,2016-04-01\n"
    );
    let (old, _, _) = encoding_rs::GB18030.encode(&rows);
    fs::write(staff.folder.join("old.csv"), &old)?;
    fs::write(staff.folder.join("scan.pdf"), "scanned")?;
    let read = ["hours", "register", "old.csv", "--scan", "scan.pdf"];
    let dry = staff.json(&read)?;
    ensure!(dry["members"][0]["minutes"] == 210, "{dry}");
    ensure!(dry["members"][0]["lines"] == json!([2, 4]), "{dry}");
    let bad: Vec<_> = [3, 5].map(|line| json!(line)).into();
    let lines = dry["bad"].as_array().into_iter().flatten();
    let lines: Vec<_> = lines.map(|bad| bad["line"].clone()).collect();
    ensure!(lines == bad, "{dry}");
    let stopped = staff.refused(&[&read[..], &["--submit"]].concat())?;
    ensure!(stopped.0 == 2, "{stopped:?}");
    let submit = [&read[..], &["--submit", "--skip-bad"]].concat();
    let proposal = staff.field("entry", &submit)?;
    let before = member.json(&["hours", "balance"])?;
    ensure!(
        before["available"] == 0,
        "one person makes no hours: {before}"
    );
    let again = staff.json(&read)?;
    let reason = again["bad"][0]["reason"].as_str().unwrap_or_default();
    ensure!(reason.contains(&proposal), "it waits: {again}");
    operator.said(&["approve", &proposal])?;
    let lots = member.json(&["hours", "balance"])?["lots"].clone();
    ensure!(
        lots[0]["source"] == "imported" && lots[0]["minutes"] == 210,
        "{lots}"
    );
    let again = staff.json(&read)?;
    let reason = again["bad"][0]["reason"].as_str().unwrap_or_default();
    ensure!(reason.contains("--again"), "{again}");
    let opening = staff.said(&["opening", "show", &proposal])?;
    ensure!(opening.contains("lines 2,4"), "{opening}");
    Ok(())
}

/// FND-5, FND-7: the two agree to the fen, or it is told where not.
fn reconciled(station: &Station) -> Result<()> {
    let (staff, operator) = (&station.staff, &station.operator);
    let id = staff.field("member", &["key", "show"])?;
    operator.said(&["scheme", "appoint", &id, "fund-admin"])?;
    staff.said(&["fund", "receive", "1200.50"])?;
    staff.said(&["fund", "receive", "80", "--for", "training"])?;
    let today = operator.json(&["report"])?["month"].clone();
    let month = today.as_str().unwrap_or_default();
    let day = staff.json(&["hours", "statement", "fund-cash"])?[0]["recorded"].clone();
    let day = client::bank::day_of(ledger::Millis::new(day.as_i64().unwrap_or(0)), 8);
    let date = ledger::Millis::new(day * 86_400_000).date();
    let date = format!("{}/{}/{}", date.0, date.1, date.2);
    fs::write(
        staff.folder.join("bank.csv"),
        format!("日期,收入,支出,摘要\n{date},\"1,200.50\",,gift\n"),
    )?;
    let even = staff.json(&["fund", "reconcile", "bank.csv"])?;
    ensure!(
        even["matched"] == 1 && even["difference_fen"] == 0,
        "{even}"
    );
    fs::write(
        staff.folder.join("bank.csv"),
        format!("date,amount\n{date},1200.50\n{date},-35\n"),
    )?;
    let output = staff.run(&["--json", "fund", "reconcile", "bank.csv"])?;
    ensure!(output.status.code() == Some(3), "{output:?}");
    let differs: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    ensure!(differs["only_bank"][0]["fen"] == -3_500, "{differs}");
    let told = operator.json(&["report", "--disclosure", month, month])?;
    ensure!(told["after_fen"] == 128_050, "{told}");
    ensure!(
        told["received"][1] == json!({"line": "training", "fen": 8_000}),
        "{told}"
    );
    let stations = operator.json(&["report", "--list", "stations"])?;
    ensure!(stations[0]["name"] == "Riverside", "{stations}");
    for question in [
        &["report"][..],
        &["report", "--list", "stations"],
        &["report", "--list", "savers"],
    ] {
        let told = [question, &["--unaudited", "--unit", "Riverside"]].concat();
        let proven = [question, &["--unit", "Riverside"]].concat();
        let (told, proven) = (staff.json(&told)?, operator.json(&proven)?);
        ensure!(told == proven, "{question:?}: {told} and {proven}");
    }
    let own = staff.json(&["report", "--unaudited"])?;
    let units = operator.json(&["scheme", "unit", "list"])?;
    let mut units = units.as_array().into_iter().flatten();
    ensure!(units.any(|it| it["unit"] == own["unit"]), "{own}");
    let alone = staff.refused(&["report"])?;
    ensure!(alone == (1, "NOT_ALLOWED".to_owned()), "{alone:?}");
    let honours = operator.json(&["report", "--list", "honours"])?;
    ensure!(honours == json!([]), "{honours}");
    Ok(())
}
