//! What a file of evidence shows, in words.

use ledger::Millis;
use ledger::log::evidence::Finding;

use super::{Text, Zone};

/// The finding as a headline, and what it means: to a reader who has named the keys that it rests
/// on, or has not.
pub fn of_finding(finding: &Finding, zone: &Zone, is_named: bool) -> (Text, Text) {
    match finding {
        Finding::Fork { smaller, larger } => (
            Text::new(
                "已证明：账本签署了两份历史",
                "PROVEN: the log has signed two histories",
            ),
            Text::new(
                format!(
                    "账本 {} 签署了一份 {} 条记录的账（树根 {}），又签署了一份 {} 条记录的账（树根 {}），而后者不是前者的延续。持有这把账本密钥的人必须为此负责。",
                    smaller.origin(),
                    smaller.size(),
                    smaller.root(),
                    larger.size(),
                    larger.root(),
                ),
                format!(
                    "The log {} has signed {} records with the root {}, and {} records with the root {} that do not begin with them. Whoever holds this key of the log has to answer for it.",
                    smaller.origin(),
                    smaller.size(),
                    smaller.root(),
                    larger.size(),
                    larger.root(),
                ),
            ),
        ),
        Finding::Late {
            position,
            recorded_ms,
            size,
            cosigned_s,
        } => {
            let recorded = moment(zone, Some(*recorded_ms));
            let cosigned = moment(zone, cosigned_s.checked_mul(1000));
            (
                of_late(finding.is_proof(is_named)),
                Text::new(
                    format!(
                        "第 {position} 号记录自称收录于 {recorded:#}，但 {cosigned:#} 见证签名时，账本的 {size} 条记录中没有它。它被倒签了日期，或是后来补入，或是对见证人隐瞒了。"
                    ),
                    format!(
                        "Record {position} claims to be of {recorded}, but the tree of {size} records that was cosigned at {cosigned} is without it. It was backdated, put in later, or kept from the cosigner."
                    ),
                ),
            )
        }
        Finding::Rollback { from, to, seen_s } => {
            let seen = moment(zone, seen_s.checked_mul(1000));
            (
                Text::new(
                    "没有证明，但值得追问：账本倒退了",
                    "NO PROOF, but a reason to ask: the log went back",
                ),
                Text::new(
                    format!(
                        "有人说：账本先给他看了 {from} 条记录，到 {seen:#} 却只给他看 {to} 条。两份都有账本的签名，但先后是他说的；缓存也会给出旧的一份。"
                    ),
                    format!(
                        "Somebody says that the log had shown {from} records, and only {to} at {seen}. It has signed both, but the order is the observer's word, and a cache may show an older state."
                    ),
                ),
            )
        }
    }
}

fn of_late(is_proof: bool) -> Text {
    if is_proof {
        Text::new("已证明：有一条记录来迟了", "PROVEN: a record came late")
    } else {
        Text::new(
            "除非您信任这位见证人，否则没有证明：有一条记录来迟了",
            "NO PROOF unless you trust the cosigner: a record came late",
        )
    }
}

fn moment(zone: &Zone, ms: Option<u64>) -> Text {
    let ms = ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(i64::MAX);
    zone.show(Millis::new(ms))
}

#[cfg(test)]
mod tests {
    use ledger::log::{Checkpoint, Position, TreeSize, leaf_hash};

    use super::*;

    fn told(finding: &Finding) -> [Text; 2] {
        let (headline, meaning) = of_finding(finding, &Zone::utc(), true);
        [headline, meaning]
    }

    #[test]
    fn a_fork_is_told_with_both_trees() {
        let tree = |size, record: &[u8]| {
            let origin = "a.example".parse().unwrap();
            Checkpoint::new(origin, TreeSize::new(size), leaf_hash(record))
        };
        let (smaller, larger) = (tree(3, b"one"), tree(5, b"other"));
        let roots = [smaller.root().to_string(), larger.root().to_string()];
        let [headline, meaning] = told(&Finding::Fork { smaller, larger });
        assert!(headline.chinese.starts_with("已证明") && headline.english.starts_with("PROVEN"));
        for text in [&meaning.chinese, &meaning.english] {
            assert!(roots.iter().all(|root| text.contains(root)), "{text}");
            assert!(text.contains(" 3 ") && text.contains(" 5 "), "{text}");
        }
    }

    #[test]
    fn a_late_record_is_told_with_both_times() {
        let late = Finding::Late {
            position: Position::new(6),
            recorded_ms: 1_772_438_400_000,
            size: TreeSize::new(5),
            cosigned_s: 1_772_442_000,
        };
        let [headline, meaning] = told(&late);
        assert!(headline.english.starts_with("PROVEN"), "{headline:?}");
        let (headline, _) = of_finding(&late, &Zone::utc(), false);
        assert!(headline.english.starts_with("NO PROOF"), "{headline:?}");
        for part in [
            "2 March 2026, 08:00:00",
            "2 March 2026, 09:00:00",
            "5 records",
        ] {
            assert!(meaning.english.contains(part), "{}", meaning.english);
        }
        assert!(meaning.chinese.contains("第 6 号记录"));
    }

    #[test]
    fn a_rollback_is_told_as_no_proof_whatever_its_time() {
        let [headline, meaning] = told(&Finding::Rollback {
            from: TreeSize::new(8),
            to: TreeSize::new(5),
            seen_s: u64::MAX,
        });
        assert!(headline.english.starts_with("NO PROOF"));
        assert!(headline.chinese.starts_with("没有证明"));
        assert!(meaning.english.contains("9223372036854775807 ms"));
    }
}
