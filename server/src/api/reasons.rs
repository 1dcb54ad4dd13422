//! docs/reasons.md: every reason with an example of its data and its texts, made
//! from the enums and compared with the page.

mod examples;

use std::fmt::Write;

use ledger::Rejection;

use self::examples::{edge_errors, read_errors, rejections};
use super::error::{EdgeError, ReadError, Refusal, data};

const INTRODUCTION: &str = include_str!("reasons.md");

fn reasons<R: Refusal>(refusals: &[R]) -> Vec<&'static str> {
    refusals.iter().map(Refusal::reason).collect()
}

#[test]
fn every_reason_has_its_example_in_order() {
    assert_eq!(reasons(&rejections()), Rejection::REASONS);
    assert_eq!(reasons(&read_errors()), ReadError::REASONS);
    assert_eq!(reasons(&edge_errors()), EdgeError::REASONS);
}

#[test]
fn a_reason_has_one_meaning_whoever_says_it() {
    let mut all = [Rejection::REASONS, ReadError::REASONS, EdgeError::REASONS].concat();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn every_text_is_two_sentences_in_its_language() {
    fn check(refusals: &[impl Refusal]) {
        for refusal in refusals {
            let (text, reason) = (refusal.text(), refusal.reason());
            assert!(text.english.ends_with(['.', ':']), "{reason}");
            assert!(text.chinese.ends_with('。'), "{reason}");
            assert!(
                text.english.is_ascii() || text.english.contains('“'),
                "{reason}"
            );
            let sentences = text.english.matches(['.', ';']).count();
            assert!(sentences >= 2, "{reason} says what is wrong and what to do");
            let sentences = text.chinese.matches(['。', '；']).count();
            assert!(sentences >= 2, "{reason} says what is wrong and what to do");
        }
    }
    check(&rejections());
    check(&read_errors());
    check(&edge_errors());
}

#[test]
fn the_documentation_lists_these_reasons() {
    let mut page = INTRODUCTION.to_owned();
    section(
        &mut page,
        "The rules, in order of precedence",
        &rejections(),
    );
    section(&mut page, "Reading", &read_errors());
    section(&mut page, "The server", &edge_errors());
    crate::docs::check("reasons.md", &page);
}

fn section(page: &mut String, title: &str, refusals: &[impl Refusal]) {
    writeln!(
        page,
        "\n## {title}\n\n| reason | code | data | English | 中文 |"
    )
    .expect("a string");
    writeln!(page, "|---|---|---|---|---|").expect("a string");
    for refusal in refusals {
        let data = data(refusal)
            .into_iter()
            .map(|(name, value)| format!("`{name}={value}`"));
        let data = data.collect::<Vec<_>>().join(" ");
        let (reason, code, text) = (refusal.reason(), code_name(refusal.code()), refusal.text());
        let (english, chinese) = (text.english, text.chinese);
        writeln!(
            page,
            "| `{reason}` | `{code}` | {data} | {english} | {chinese} |"
        )
        .expect("a string");
    }
}

/// `InvalidArgument` as `INVALID_ARGUMENT`.
fn code_name(code: tonic::Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
