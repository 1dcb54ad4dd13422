//! Somebody gets a new key in a member's name at the station, and the member
//! says no.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::station::Station;

#[test]
fn a_member_is_warned_of_a_new_key_at_every_act_and_says_no() -> Result<()> {
    let station = Station::open()?;
    let (member, other) = (&station.member, station.phone()?);
    let id = member.field("member", &["key", "show"])?;
    let balance = ["hours", "balance"];
    let [_, warned] = member.said_and_warned(&balance)?;
    ensure!(warned.is_empty(), "{warned}");

    let line = other.field("request", &["key", "new", "phone", "--for", &id])?;
    let recovery = station.operator.json(&["key", "recover", &line])?;
    assert_eq!(recovery["act"], "RecoverKey");
    let recovery = recovery["entry"].as_str().unwrap_or_default();
    // Two people: who has proposed does not approve.
    let (code, reason) = station.operator.refused(&["approve", recovery])?;
    assert_eq!((code, reason.as_str()), (1, "INVOLVED"));
    let said = station.staff.said(&["approve", recovery])?;
    ensure!(said.contains("The new key waits until"), "{said}");
    let (code, reason) = other.refused(&["--key", "phone", "hours", "balance"])?;
    assert_eq!((code, reason.as_str()), (1, "TOKEN_INVALID"));

    let listed = member.json(&["key", "list", "me"])?;
    assert_eq!(listed["recovery"]["recovery"], recovery, "{listed}");
    let request = [
        "care", "request", "--start", "+1d", "--length", "1h", "--item", "walk",
    ];
    for acts in [&balance[..], &request] {
        let [_, warned] = member.said_and_warned(acts)?;
        assert_eq!(
            warned.matches("WARNING: the new key").count(),
            1,
            "{warned}"
        );
        ensure!(warned.contains("timebank key object") && warned.contains("注意"));
    }
    // Nobody else has anything to be warned of.
    let [_, warned] = station.staff.said_and_warned(&balance)?;
    ensure!(warned.is_empty(), "{warned}");

    let said = member.said(&["key", "object"])?;
    ensure!(said.contains("The keys stay as they are"), "{said}");
    let [_, warned] = member.said_and_warned(&balance)?;
    ensure!(warned.is_empty(), "{warned}");
    assert_eq!(
        member.json(&["key", "list", "me"])?["recovery"],
        Value::Null
    );
    let (code, reason) = member.refused(&["key", "object"])?;
    assert_eq!((code, reason.as_str()), (2, "USAGE"));
    let (code, _) = other.refused(&["--key", "phone", "key", "finish", recovery])?;
    assert_eq!(code, 1);
    station.end()
}
