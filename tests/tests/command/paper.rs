//! A receipt of a server, which is proven, printed and scanned without it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use timebank_tests::bank::Plan;

use crate::desk::Desk;

#[test]
fn a_receipt_of_a_server_is_proven_printed_and_scanned_after_the_server_is_gone() -> Result<()> {
    let bank = Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))?.start()?;
    let desk = Desk::before(&bank)?;
    desk.said(&["key", "new"])?;
    let name = "Sunshine <b>&</b>";
    let open = [
        "--json", "scheme", "open", "--name", name, "--born", "1970-05",
    ];
    let opened: Value = serde_json::from_str(&desk.said(&open)?)?;
    let entry = opened["entry"].as_str().context("an entry")?;
    desk.said(&["receipt", "get", entry, "-o", "receipt"])?;
    let policy = format!("log {}\nquorum none\n", bank.verifier_key);
    fs::write(desk.folder.join("policy"), policy)?;
    bank.end()?;

    let said = desk.said(&["verify", "receipt", "--policy", "policy"])?;
    assert!(said.contains(&format!("开立了账本“{name}”")), "{said}");
    assert!(said.contains("PROVEN: logged, without a witness"), "{said}");
    let texts = desk.said(&["receipt", "qr", "receipt", "--text"])?;
    fs::write(desk.folder.join("scanned"), texts)?;
    desk.said(&["receipt", "scan", "scanned", "-o", "again"])?;
    assert_eq!(desk.read("again")?, desk.read("receipt")?);
    desk.said(&["verify", "again", "--policy", "policy"])?;
    desk.said(&[
        "receipt",
        "print",
        "again",
        "--policy",
        "policy",
        "-o",
        "page.html",
    ])?;
    let page = desk.read("page.html")?;
    assert!(page.contains("Sunshine &lt;b&gt;&amp;&lt;/b&gt;") && !page.contains("<b>"));

    let altered = desk.read("receipt")?.replacen("index 0", "index 1", 1);
    fs::write(desk.folder.join("altered"), altered)?;
    let refused = desk.run(&["verify", "altered", "--policy", "policy"])?;
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    Ok(())
}
