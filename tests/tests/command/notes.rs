//! A note for a volunteer: written, shown, erased, and never believed on a
//! server's word alone.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::station::Station;

#[test]
fn a_note_is_shown_and_erased_on_the_server_and_on_the_phone() -> Result<()> {
    let station = Station::open()?;
    let member = &station.member;
    let request = [
        "care", "request", "--start", "+1d", "--length", "1h", "--item", "walk",
    ];
    let noted = |text| [&request[..], &["--note", text]].concat();
    let recorded = member.json(&noted("ring twice"))?;
    assert_eq!(recorded["act"], "RequestCare");
    let service = recorded["entry"].as_str().unwrap_or_default();
    member.said(&noted("the key hangs on the left"))?;
    assert_eq!(member.texts()?, 2);

    let shown = member.json(&["opening", "show", service])?;
    assert_eq!(
        (&shown["kind"], &shown["value"]),
        (&"note".into(), &"ring twice".into())
    );
    assert_eq!(shown["is_commitment_proven"], true);
    ensure!(
        shown["put"]["by"].is_string() && shown["erased"].is_null(),
        "{shown}"
    );

    // The volunteer may not read the request, and is told what that means.
    let volunteer = &station.staff;
    let (code, reason) =
        volunteer.refused(&["care", "accept", "0195a3c1f0007abc8123456789abcdef"])?;
    assert_eq!((code, reason.as_str()), (1, "SERVICE_UNKNOWN"));
    volunteer.said(&["care", "accept", service])?;
    let said = volunteer.said(&["care", "note", service])?;
    ensure!(
        said.starts_with("ring twice") && said.contains("the server says"),
        "{said}"
    );
    let shown = volunteer.json(&["care", "note", service])?;
    assert_eq!(shown["is_commitment_proven"], false);
    assert_eq!(volunteer.refused(&["opening", "erase", service])?.0, 1);

    let erased = member.json(&["opening", "erase", service])?;
    assert_eq!(
        (&erased["value"], &erased["salt"]),
        (&Value::Null, &Value::Null)
    );
    ensure!(erased["erased"]["at"].is_i64(), "{erased}");
    assert_eq!(member.texts()?, 1, "the other text is still there");
    let (code, reason) = member.refused(&["opening", "put", service])?;
    assert_eq!((code, reason.as_str()), (2, "USAGE"));

    // Where nothing was committed to, there is nothing to show.
    let bare = member.json(&request)?;
    let bare = bare["entry"].as_str().unwrap_or_default();
    let (code, _) = member.refused(&["opening", "show", bare])?;
    assert_eq!(code, 1);
    station.end()
}
