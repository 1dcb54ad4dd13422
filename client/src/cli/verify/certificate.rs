//! What a certificate of service proves.

use client::certificate::{self, Certified};
use client::words::Text;
use ledger::code::MemberCode;
use ledger::log::{Policy, Receipt, Standing};
use ledger::report::stars;
use serde_json::{Value, json};

use super::Verify;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::trust::{remembered, unproven};
use crate::cli::{output, times, words};

pub(super) fn verify(verify: &Verify, context: &Context, file: &[u8]) -> Result<(), CliError> {
    let policy = match verify.trust.named(context)? {
        Some(policy) => policy,
        None => Policy::of_log(remembered(context, &receipt_in(file), verify.lang)?),
    };
    let certified = certificate::verify(file, &policy).map_err(|error| {
        let chinese = "这份证明的内容或凭据与账本的记录不符。";
        unproven(verify.lang, &Text::new(chinese, error.to_string()))
    })?;
    context.print(&json_of(&certified), &text_of(&certified));
    if certified.standing == Standing::Unwitnessed {
        let few = Text::new(
            "见证人的签名不足。",
            "Too few witnesses have cosigned what it rests on.",
        );
        return Err(unproven(verify.lang, &few));
    }
    Ok(())
}

/// The receipt in a file, for its ledger's name.
fn receipt_in(file: &[u8]) -> Vec<u8> {
    let file: Option<Value> = serde_json::from_slice(file).ok();
    let receipt = file.and_then(|file| file["receipt"].as_str().map(str::to_owned));
    let receipt = receipt.unwrap_or_default().into_bytes();
    match Receipt::parse(&receipt) {
        Ok(_) => receipt,
        Err(_) => Vec::new(),
    }
}

fn person(certified: &Certified) -> Value {
    let person = certified.body.person.as_ref();
    person.map_or(Value::Null, |person| {
        let text = Value::String(person.profile.clone());
        serde_json::from_str(&person.profile).unwrap_or(text)
    })
}

fn json_of(certified: &Certified) -> Value {
    let body = &certified.body;
    json!({
        "kind": "certificate",
        "scheme": body.scheme,
        "unit": body.unit,
        "member": body.member,
        "person": person(certified),
        "from": body.from,
        "to": body.to,
        "visits": body.visits.len(),
        "minutes": body.minutes,
        "stars": stars(body.minutes),
        "issuer": certified.issuer.to_string(),
        "issued_ms": certified.issued.get(),
        "until_ms": certified.until.get(),
        "position": certified.position.get(),
        "is_witnessed": certified.standing == Standing::Witnessed,
    })
}

fn text_of(certified: &Certified) -> String {
    let body = &certified.body;
    let person = person(certified);
    let name = person["name"].as_str().unwrap_or("-").to_owned();
    let document = person["document"]["number"]
        .as_str()
        .unwrap_or("-")
        .to_owned();
    let code = body
        .member
        .parse()
        .map(|member| MemberCode::of(&member).to_string());
    let row =
        |chinese: &str, english: &str, value: String| vec![format!("{chinese} {english}"), value];
    let mut rows = vec![
        row("志愿者", "Volunteer", name),
        row("证件号码", "Document", document),
        row("会员编号", "Member", code.unwrap_or_default()),
        row("期间", "Period", format!("{} – {}", body.from, body.to)),
        row("服务时长", "Served", words::hours(body.minutes)),
        row("服务次数", "Visits", body.visits.len().to_string()),
        row("组织", "Scheme", body.scheme.clone()),
        row(
            "出具单位",
            "Certified by",
            format!("{}, member {}", body.unit, words::member(certified.issuer)),
        ),
        row(
            "出具时间",
            "Certified on",
            format!(
                "{}, record {}",
                times::show(certified.issued),
                certified.position
            ),
        ),
        row("有效期至", "Valid until", times::show(certified.until)),
    ];
    let mut items = std::collections::BTreeMap::new();
    for visit in &body.visits {
        *items.entry((&visit.item, &visit.unit)).or_insert(0_i64) += visit.minutes;
    }
    for ((item, unit), minutes) in items {
        let of_it = format!("{} ({unit})", words::hours(minutes));
        rows.push(row("服务内容", item, of_it));
    }
    format!("已证明 PROVEN\n\n{}", output::table(&rows))
}
