//! The `timebank` command without any server: `verify`, and receipts on paper.
//!
//! Against a server, see `tests/tests/command`.

#[cfg(test)]
mod desk;

use ledger::SecretKey;
use ledger::log::{Cosigner, Evidence};
use serde_json::Value;

use desk::{Desk, fork, late, log, stranger, witness};

#[test]
fn a_receipt_is_explained_in_both_languages_without_a_server_and_a_home() {
    let desk = Desk::new("explained");
    let said = desk.said(&["verify", "receipt", "--policy", "policy"]);
    for words in [
        "已证明，并有见证",
        "确认了 1 小时 30 分的服务",
        "本人当时在场并同意",
        "2026 年 3 月 2 日 08:00:00（UTC）",
        "PROVEN: logged and witnessed",
        "confirmed 1 h 30 min",
        "who was present at the counter and agreed",
        "near (near.example), 2 March 2026, 08:01:00 (UTC)",
        "It does not prove",
    ] {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    let english = desk.said(&["verify", "receipt", "--policy", "policy", "--lang", "en"]);
    assert!(!english.contains("证明") && english.starts_with("PROVEN"));
}

#[test]
fn a_verdict_depends_on_whom_the_reader_trusts() {
    let desk = Desk::new("verdict");
    let alone = desk.said(&["verify", "receipt", "--policy", "alone"]);
    assert!(alone.contains("PROVEN: logged, without a witness"));
    let vkey = log().verifier_key().to_string();
    let by_key = desk.said(&["verify", "receipt", "--log-key", &vkey]);
    assert_eq!(by_key, alone);
    let output = desk.run(&["verify", "receipt", "--policy", "strict"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("NOT ENOUGH WITNESSES") && said.contains("far: not cosigned"),
        "{said}"
    );
}

#[test]
fn one_altered_letter_proves_nothing_in_both_languages() {
    let desk = Desk::new("altered");
    let file = desk.read("receipt");
    let (at, _) = file.match_indices('A').nth(2).unwrap();
    let mut altered = file.clone();
    altered.replace_range(at..=at, "B");
    desk.write("altered", altered.as_bytes());
    let said = desk.refused(&["verify", "altered", "--policy", "policy"]);
    assert!(
        said.contains("未能证明") && said.contains("NOT PROVEN"),
        "{said}"
    );
    let json = desk.refused(&["--json", "verify", "altered", "--policy", "policy"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["error"]["reason"], "RECEIPT_UNVERIFIED");
    assert_eq!(json["error"]["exit_code"], 3);
}

#[test]
fn the_json_has_the_shape_that_is_documented() {
    let desk = Desk::new("json");
    let said = desk.said(&["--json", "verify", "receipt", "--policy", "policy"]);
    let json: Value = serde_json::from_str(&said).unwrap();
    let document = include_str!("../../../docs/receipts.md");
    let (_, table) = document.split_once("| field | of a receipt |").unwrap();
    let (table, _) = table.split_once("| field |").unwrap();
    let fields = json.as_object().unwrap();
    for field in fields.keys() {
        assert!(
            table.contains(&format!("`{field}`")),
            "{field} is not documented"
        );
    }
    let names = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = names.filter_map(|line| line.split(" |").next());
    for name in names.flat_map(|names| names.split("`, `")) {
        let name = name.trim_end_matches('`');
        assert!(fields.contains_key(name), "{name} is not printed");
    }
    assert_eq!(json["standing"], "witnessed");
    assert_eq!(json["capacity"], "recipient");
    assert_eq!(json["attestation"], "kiosk");
    assert_eq!(json["signed"], "2026-03-02T08:00:00Z");
    assert_eq!(json["witnesses"][0]["cosigned"], "2026-03-02T08:01:00Z");
    assert_eq!(json["missing_witnesses"], Value::Array(Vec::new()));
}

#[test]
fn a_receipt_goes_to_paper_and_back() {
    let desk = Desk::new("paper");
    let texts = desk.said(&["receipt", "qr", "receipt", "--text"]);
    desk.write("scanned", texts.to_lowercase().as_bytes());
    desk.said(&["receipt", "scan", "scanned", "-o", "again"]);
    assert_eq!(desk.read("again"), desk.read("receipt"));
    let mut parts: Vec<&str> = texts.lines().collect();
    parts.reverse();
    let typed = [&["receipt", "scan"], parts.as_slice()].concat();
    assert_eq!(desk.said(&typed), desk.read("receipt"));

    // Into a folder that is not there yet.
    let files = desk.said(&["receipt", "qr", "receipt", "-o", "paper/codes"]);
    assert_eq!(files.lines().count(), parts.len());
    for file in files.lines() {
        assert!(desk.read(file).starts_with("<svg"));
    }
    let said = desk.refused(&["receipt", "scan", parts[0]]);
    assert!(
        parts.len() > 1 && said.contains("还缺第") && said.contains("missing"),
        "{said}"
    );
}

#[test]
fn a_short_receipt_keeps_the_lines_that_the_policy_names() {
    let desk = Desk::new("short");
    let qr = ["receipt", "qr", "receipt", "--text", "--short", "--policy"];
    let texts = desk.said(&[&qr[..], &["alone"]].concat());
    desk.write("scanned", texts.as_bytes());
    desk.said(&["receipt", "scan", "scanned", "-o", "short"]);
    desk.said(&["verify", "short", "--policy", "alone"]);
    let said = desk.refused(&["verify", "short", "--policy", "policy"]);
    assert!(said.contains("Not cosigned by: near"), "{said}");
    let texts = desk.said(&[&qr[..], &["policy"]].concat());
    desk.write("scanned", texts.as_bytes());
    desk.said(&["receipt", "scan", "scanned", "-o", "again"]);
    assert_eq!(desk.read("again"), desk.read("receipt"));
}

#[test]
fn a_page_is_printed_for_a_receipt_that_proves_something() {
    let desk = Desk::new("page");
    desk.said(&[
        "receipt",
        "print",
        "receipt",
        "--policy",
        "policy",
        "-o",
        "page.html",
    ]);
    let page = desk.read("page.html");
    assert!(page.starts_with("<!doctype html>") && page.contains("已证明，并有见证"));
    assert!(page.contains(&witness().verifier_key().to_string()));
    let other = log().verifier_key().to_string();
    let file = desk.read("receipt").replace("index 5", "index 4");
    desk.write("wrong", file.as_bytes());
    desk.refused(&[
        "receipt",
        "print",
        "wrong",
        "--log-key",
        &other,
        "-o",
        "none.html",
    ]);
    assert!(!desk.0.join("none.html").exists());
}

#[test]
fn a_page_with_too_few_witnesses_says_so_and_is_no_success() {
    let desk = Desk::new("few");
    let print = ["receipt", "print", "receipt", "-o", "page.html", "--policy"];
    let said = desk.refused(&[&print[..], &["strict"]].concat());
    assert!(said.contains("Not cosigned by: far"), "{said}");
    let page = desk.read("page.html");
    assert!(page.contains("NOT ENOUGH WITNESSES") && page.contains("见证不足"));
}

#[test]
fn evidence_is_told_by_its_first_line_and_explained() {
    let desk = Desk::new("evidence");
    desk.write("fork", fork().to_string().as_bytes());
    let said = desk.said(&["verify", "fork", "--policy", "policy"]);
    assert!(said.contains("账本签署了两份历史") && said.contains("has signed two histories"));
    let json = desk.said(&["--json", "verify", "fork"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["reason"], "LOG_FORKED");
    assert_eq!(json["is_proof"], true);
    assert_eq!(json["is_key_named"], false);

    let same = Evidence {
        second: fork().first,
        ..fork()
    };
    desk.write("same", same.to_string().as_bytes());
    let said = desk.refused(&["verify", "same"]);
    assert!(
        said.contains("并不矛盾") && said.contains("NOT PROVEN"),
        "{said}"
    );
    let other = stranger().verifier_key().to_string();
    desk.refused(&["verify", "fork", "--log-key", &other]);
}

#[test]
fn a_late_record_is_proven_to_who_trusts_the_cosigner_and_to_nobody_else() {
    let desk = Desk::new("late");
    desk.write("late", late(&witness()).to_string().as_bytes());
    let said = desk.said(&["verify", "late", "--policy", "policy"]);
    assert!(said.contains("PROVEN: a record came late") && !said.contains("Compare"));
    // Anybody can make a key, and cosign whatever a log has signed long ago at a later time.
    let name = "near.example".parse().unwrap();
    let forger = Cosigner::new(name, SecretKey::from_seed(&[6; 32]));
    desk.write("forged", late(&forger).to_string().as_bytes());
    let (log, forger) = (log().verifier_key(), forger.verifier_key().to_string());
    for trust in [["--policy", "policy"], ["--log-key", &log.to_string()]] {
        let said = desk.refused(&[&["verify", "forged"][..], &trust].concat());
        assert!(said.contains("不是您信任的见证人") && said.contains(&forger));
    }
    let said = desk.said(&["verify", "forged"]);
    assert!(
        !said.contains("PROVEN") && !said.contains("已证明"),
        "{said}"
    );
    for words in ["Compare this one too", "见证人的密钥也请核对"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(said.matches(&forger).count(), 2, "{said}");
    for (trust, is_proof) in [(&["--policy", "policy"][..], true), (&[], false)] {
        let json = desk.said(&[&["--json", "verify", "late"], trust].concat());
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["is_proof"], is_proof);
        assert_eq!(json["cosigner"], witness().verifier_key().to_string());
    }
}
