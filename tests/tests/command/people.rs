//! Who people are: a profile from enrolment over a correction to its end, and
//! everything that is kept about somebody in one file.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::station::Station;

const ENROL: [&str; 6] = [
    "member",
    "enrol",
    "--unit",
    "Riverside",
    "--born",
    "1948-02",
];

#[test]
fn a_profile_is_found_corrected_exported_and_erased() -> Result<()> {
    let station = Station::open()?;
    let (staff, operator, stranger) = (&station.staff, &station.operator, &station.member);
    let profile = |name: &str, number: &str| json!({"name": name, "document": {"kind": "id-card", "number": number}, "phone": "1"});
    fs::write(
        staff.folder.join("li.json"),
        profile("Li", "5101 02").to_string(),
    )?;
    staff.said(&[&ENROL[..], &["--profile", "li.json"]].concat())?;
    let members = staff.json(&["member", "list", "--unit", "Riverside"])?;
    let enrolled = members.as_array().into_iter().flatten();
    let mut enrolled = enrolled.filter(|it| it["birth_month"] == "1948-02");
    let member = enrolled
        .next()
        .map_or(Value::Null, |it| it["member"].clone());
    let member = member.as_str().unwrap_or_default().to_owned();
    fs::write(
        staff.folder.join("again.json"),
        profile("L.", "510102").to_string(),
    )?;
    let twice = staff.refused(&[&ENROL[..], &["--profile", "again.json"]].concat())?;
    ensure!(twice.0 == 2, "the same person is enrolled twice: {twice:?}");
    let shown = staff.json(&["member", "profile", &member])?;
    ensure!(shown["name"] == "Li", "{shown}");
    let denied = stranger.refused(&["member", "profile", &member])?;
    ensure!(denied == (1, "NOT_ALLOWED".to_owned()), "{denied:?}");
    coded(&station, &member)?;
    corrected(&station, &member)?;
    let first = operator.json(&["member", "show", &member])?;
    ensure!(first["profile"].is_string(), "{first}");
    let entry = first["profile"].as_str().unwrap_or_default();
    operator.said(&["opening", "erase", entry])?;
    let gone = staff.json(&["member", "profile", &member])?;
    ensure!(gone.is_null(), "{gone}");
    // Nobody is found by it any more, so the person can be enrolled anew.
    staff.said(&[&ENROL[..], &["--profile", "new.json"]].concat())?;
    let each = operator.json(&["audit"])?;
    let fast = operator.json(&["audit", "--fast"])?;
    ensure!(each["root"] == fast["root"], "{each} and {fast}");
    let how = [&each["signatures"], &fast["signatures"]];
    ensure!(how == ["each", "together"], "{how:?}");
    station.end()
}

/// VOL-5, REC-5: where there is no signal a code stands at the door; and by the
/// document a register finds who it means.
fn coded(station: &Station, member: &str) -> Result<()> {
    let (staff, stranger) = (&station.staff, &station.member);
    let sheet = staff.json(&["care", "codes", member, "--days", "2"])?;
    let (date, code) = (sheet[0]["date"].as_str(), sheet[0]["code"].as_str());
    let (date, code) = (date.unwrap_or_default(), code.unwrap_or_default());
    let other = if code == "000000" { "000001" } else { "000000" };
    staff.said(&["care", "codes", member, "--check", code, "--on", date])?;
    let wrong = staff.refused(&["care", "codes", member, "--check", other, "--on", date])?;
    ensure!(wrong == (3, "DOOR_CODE_WRONG".to_owned()), "{wrong:?}");
    let denied = stranger.refused(&["care", "codes", member])?;
    ensure!(denied == (1, "NOT_ALLOWED".to_owned()), "{denied:?}");
    let request = [
        "care", "request", "--start", "-2h", "--length", "1h", "--item", "walk",
    ];
    let service = stranger.field("entry", &request)?;
    staff.said(&["care", "accept", &service])?;
    let start = staff.field("entry", &["care", "start", &service, "--code", code])?;
    let told = staff.said(&["opening", "show", &start])?;
    ensure!(told.contains(&format!("door code {code}")), "{told}");
    fs::write(
        staff.folder.join("old.csv"),
        "身份证号,时长\n5101-02,2\n777,1\n",
    )?;
    fs::write(staff.folder.join("scan"), "scanned")?;
    let dry = staff.json(&["hours", "register", "old.csv", "--scan", "scan"])?;
    ensure!(dry["members"][0]["member"] == member, "{dry}");
    ensure!(dry["bad"][0]["line"] == 3, "{dry}");
    Ok(())
}

fn corrected(station: &Station, member: &str) -> Result<()> {
    let (staff, operator) = (&station.staff, &station.operator);
    let new = json!({"name": "Li Hua", "document": {"kind": "id-card", "number": "510103"}});
    fs::write(staff.folder.join("new.json"), new.to_string())?;
    let before = operator.json(&["member", "show", member])?["profile"].clone();
    staff.said(&["member", "correct", member, "--profile", "new.json"])?;
    let shown = staff.json(&["member", "profile", member])?;
    ensure!(shown == new, "{shown}");
    let before = before.as_str().unwrap_or_default();
    operator.said(&["opening", "erase", before])?;
    operator.said(&["member", "export", member, "-o", "li.json"])?;
    let export: Value = serde_json::from_str(&operator.read("li.json")?)?;
    ensure!(export["profile"] == new, "{export}");
    ensure!(export["hours"]["available"] == 0, "{export}");
    let reads = export["profile_reads"].as_array().map_or(0, Vec::len);
    ensure!(reads >= 1, "who has read it is in it: {export}");
    let over = operator.refused(&["member", "export", member, "-o", "li.json"])?;
    ensure!(over.0 == 1, "a file is never overwritten: {over:?}");
    Ok(())
}
