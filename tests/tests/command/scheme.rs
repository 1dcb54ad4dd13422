//! A small scheme from the keyboard: a visit that is begun, rated and disputed, a
//! proxy, new rules before and after anybody adopts them, and what a supervisor
//! reads.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::station::Station;

#[test]
fn a_scheme_is_run_and_watched_from_the_keyboard() -> Result<()> {
    let station = Station::open()?;
    let service = visited(&station)?;
    represented(&station)?;
    matched(&station)?;
    changed(&station)?;
    watched(&station, &service)?;
    decided(&station)?;
    simulated(&station)?;
    station.end()
}

/// A small city of each preset, drawn; and one whose fund has no money.
fn simulated(station: &Station) -> Result<()> {
    let staff = &station.staff;
    let small = ["simulate", "--members", "200", "--years", "3"];
    for preset in ["chengdu", "nanjing", "beijing", "st-gallen"] {
        let drawn = ["--preset", preset, "--svg", "city.svg"];
        let city = staff.json(&[&small[..], &drawn].concat())?;
        let first = &city["years"][0];
        ensure!(city["kept"] == true, "{preset}: {city}");
        ensure!(
            first["earned_minutes"].as_i64() > Some(0),
            "{preset}: {first}"
        );
        ensure!(
            city["variations"][0]["name"].is_string(),
            "{preset}: {city}"
        );
        let svg = staff.read("city.svg")?;
        ensure!(svg.contains("200 members, 3 years"), "{svg}");
    }
    let poor = staff.said(&[&small[..], &["--yearly", "0.01"]].concat())?;
    ensure!(poor.contains("PROMISE BROKEN"), "{poor}");
    Ok(())
}

/// STA-8, DIS-2: a visit from request to a dispute that somebody uninvolved decides.
fn visited(station: &Station) -> Result<String> {
    let (staff, member, operator) = (&station.staff, &station.member, &station.operator);
    let request = ["care", "request", "--start", "-2h", "--length", "1h"];
    let service = member.field("entry", &[&request[..], &["--item", "walk"]].concat())?;
    staff.said(&["care", "accept", &service])?;
    staff.said(&["care", "start", &service])?;
    let board = staff.json(&["care", "board"])?;
    ensure!(
        board[0]["state"] == "LATE",
        "an hour ago it was over: {board}"
    );
    staff.said(&["care", "log", &service, "--start", "-2h", "--length", "1h"])?;
    let board = staff.json(&["care", "board"])?;
    ensure!(board[0]["state"] == "to be confirmed", "{board}");
    member.said(&["care", "confirm", &service])?;
    member.said(&["care", "rate", &service, "5", "--remark", "kind"])?;
    let again = member.refused(&["care", "rate", &service, "4"])?;
    ensure!(again == (1, "ALREADY_RATED".to_owned()), "{again:?}");
    member.said(&["care", "dispute", &service, "--reason", "too short"])?;
    let alone = member.refused(&["care", "rule", &service, "void"])?;
    ensure!(alone == (1, "ROLE_MISSING".to_owned()), "{alone:?}");
    let usage = operator.refused(&["care", "rule", &service, "void", "--length", "1h"])?;
    ensure!(usage.0 == 2, "{usage:?}");
    operator.said(&["care", "rule", &service, "stands"])?;
    let reviews = operator.json(&["report", "--list", "reviews"])?;
    ensure!(reviews == serde_json::json!([]), "checked in: {reviews}");
    let lots = staff.json(&["hours", "balance"])?["lots"].clone();
    ensure!(
        lots[0]["source"] == "earned" && lots[0]["minutes"] == 60,
        "{lots}"
    );
    Ok(service)
}

/// STA-9, DIS-1: what the commands of a station and a district print and refuse.
fn decided(station: &Station) -> Result<()> {
    let (staff, member, operator) = (&station.staff, &station.member, &station.operator);
    let id = member.field("member", &["key", "show"])?;
    let event = ["care", "event", "roster.csv", "--item", "walk", "--start"];
    let event = [&event[..], &["-26h"]].concat();
    fs::write(staff.folder.join("roster.csv"), "编号,时长\n,2\n")?;
    let unclear = staff.refused(&event)?;
    ensure!(unclear.0 == 2, "{unclear:?}");
    let own = staff.field("member", &["key", "show"])?;
    fs::write(
        staff.folder.join("roster.csv"),
        format!("编号,时长\n{own},2\n"),
    )?;
    let involved = staff.refused(&event)?;
    ensure!(involved == (1, "INVOLVED".to_owned()), "{involved:?}");
    let roster = format!("编号,姓名,时长\n{id},某,1.5小时\n");
    fs::write(staff.folder.join("roster.csv"), roster)?;
    let proposal = staff.field("entry", &event)?;
    let before = member.json(&["hours", "balance"])?["available"].clone();
    operator.said(&["approve", &proposal])?;
    let after = member.json(&["hours", "balance"])?["available"].clone();
    let earned = after.as_i64().zip(before.as_i64());
    let earned = earned.map(|(after, before)| after - before);
    ensure!(earned == Some(90), "{before} and {after}");
    let options = ["scheme", "unit", "options", "Riverside", "options.toml"];
    let options = [&options[..], &["--from", "+40d"]].concat();
    fs::write(operator.folder.join("options.toml"), "daily_hours = 4\n")?;
    let unknown = operator.refused(&options)?;
    ensure!(unknown.0 == 2, "{unknown:?}");
    fs::write(
        operator.folder.join("options.toml"),
        "lead_time_hours = 721\n",
    )?;
    let laxer = operator.refused(&options)?;
    ensure!(laxer == (1, "RULE_OUT_OF_RANGE".to_owned()), "{laxer:?}");
    Ok(())
}

/// The staff member is the member's proxy, too.
fn represented(station: &Station) -> Result<()> {
    let (staff, member) = (&station.staff, &station.member);
    let proxy = staff.field("member", &["key", "show"])?;
    let elder = member.field("member", &["key", "show"])?;
    let request = [
        "care", "request", "--start", "+2d", "--length", "1h", "--item", "walk",
    ];
    let as_proxy = [&request[..], &["--for", &elder, "--proxy"]].concat();
    let refused = staff.refused(&as_proxy)?;
    ensure!(refused == (1, "NOT_DELEGATED".to_owned()), "{refused:?}");
    member.said(&["member", "delegate", &proxy, "--care", "--until", "+30d"])?;
    staff.said(&as_proxy)?;
    let news = staff.said(&["care", "watch", "--of", &elder, "--rounds", "1"])?;
    ensure!(news.contains("was asked for, and waits"), "PRX-4: {news}");
    member.said(&["member", "undelegate", &proxy])?;
    let refused = staff.refused(&as_proxy)?;
    ensure!(refused == (1, "NOT_DELEGATED".to_owned()), "{refused:?}");
    Ok(())
}

/// A visit every week, and who might come.
fn matched(station: &Station) -> Result<()> {
    let (staff, member) = (&station.staff, &station.member);
    let offer = ["care", "offer", "--language", "zh", "--item", "meal"];
    let always =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("{day}:00:00-24:00"));
    let times = always.iter().flat_map(|time| ["--time", time.as_str()]);
    staff.said(&offer.into_iter().chain(times).collect::<Vec<_>>())?;
    member.said(&["care", "offer", "--language", "zh"])?;
    let request = [
        "care",
        "request",
        "--start",
        "2030-01-07T04:00Z",
        "--length",
        "1h",
    ];
    member.said(&[&request[..], &["--item", "meal", "--weeks", "3"]].concat())?;
    let open = staff.json(&["care", "open"])?;
    let meals = open.as_array().into_iter().flatten();
    let meals: Vec<&Value> = meals.filter(|it| it["item"] == "meal").collect();
    let starts: Vec<_> = meals.iter().filter_map(|it| it["start"].as_i64()).collect();
    let week = 7 * 86_400_000;
    ensure!(
        starts.len() == 3 && starts[2] - starts[0] == 2 * week,
        "{open}"
    );
    let service = meals[0]["service"].as_str().context("a service")?;
    let suggested = staff.json(&["care", "suggest", service])?;
    let reasons = serde_json::json!(["same station", "time", "item", "language"]);
    ensure!(suggested[0]["reasons"] == reasons, "{suggested}");
    staff.said(&["care", "offer", "--remove"])?;
    ensure!(staff.json(&["care", "suggest", service])? == serde_json::json!([]));
    for meal in meals {
        let service = meal["service"].as_str().context("a service")?;
        member.said(&["care", "cancel", service])?;
    }
    Ok(())
}

fn changed(station: &Station) -> Result<()> {
    let operator = &station.operator;
    let preset = operator.said(&["scheme", "rules", "--preset", "chengdu"])?;
    ensure!(preset.contains("price = 15 # sourced"), "{preset}");
    fs::write(
        operator.folder.join("changes.toml"),
        "session_minutes_max = 45\n",
    )?;
    let preview = operator.json(&["scheme", "preview", "changes.toml"])?;
    let refused = &preview["refused"][0];
    ensure!(
        refused["reason"] == "SESSION_LENGTH" && refused["count"] == 5,
        "{preview}"
    );
    let adopt = ["scheme", "adopt-rules", "changes.toml", "--from"];
    let soon = operator.refused(&[&adopt[..], &["+1d"]].concat())?;
    ensure!(soon == (1, "NOTICE_TOO_SHORT".to_owned()), "{soon:?}");
    operator.said(&[&adopt[..], &["+31d"]].concat())?;
    let waiting = operator.said(&["fund", "proposals"])?;
    ensure!(waiting.contains("version 2 of the rules"), "{waiting}");
    Ok(())
}

fn watched(station: &Station, service: &str) -> Result<()> {
    let operator = &station.operator;
    let page = operator.json(&["report", "--unit", "Riverside"])?;
    let indicators = page["indicators"].as_array().context("indicators")?;
    let value = |name: &str| -> Result<&Value> {
        let found = indicators.iter().find(|it| it["name"] == name);
        Ok(&found.context("an indicator")?["value"])
    };
    ensure!(
        value("visits confirmed")? == 1 && value("earned")? == 60,
        "{page}"
    );
    ensure!(
        value("active volunteers")?.is_null(),
        "one person is no group"
    );
    let events = operator.json(&["report", "--list", "events"])?;
    ensure!(events[0]["what"] == "RuleOnDispute", "{events}");
    let drawn = operator.json(&["report", "--sample", "5"])?;
    ensure!(drawn["services"][0] == service, "{drawn}");
    let tree = drawn["tree"].as_str().context("a tree")?.to_owned();
    let sample = [
        "case",
        "sample",
        "--drawn",
        "1",
        "--confirmed",
        "1",
        "--denied",
        "0",
    ];
    operator.said(&[&sample[..], &["--tree", &tree]].concat())?;
    let journal = operator.said(&["export", "journal"])?;
    ensure!(journal.contains("* ConfirmService  ; record:"), "{journal}");
    let valued = operator.json(&["fund", "value", "--unfilled", "100"])?;
    let bought = &valued["liability"]["bought_minutes"];
    ensure!(bought == 21, "a third of an hour is redeemed: {valued}");
    let cases = operator.json(&["report", "--list", "cases"])?;
    ensure!(cases == serde_json::json!([]), "{cases}");
    let unknown = operator.refused(&["report", "--unit", "Nowhere"])?;
    ensure!(unknown.0 == 2, "{unknown:?}");
    Ok(())
}
