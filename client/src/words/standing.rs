//! How far a receipt can be relied on, in words.

use ledger::log::Standing;

use super::Text;
use crate::verify::Proven;

/// The verdict as a headline, and what it means.
pub fn of_standing(proven: &Proven) -> (Text, Text) {
    match proven.standing {
        Standing::Witnessed => (
            Text::new("已证明，并有见证", "PROVEN: logged and witnessed"),
            Text::new(
                "账本已收录这条记录并签名，策略所要求的见证人也已签名：他们见到的是同一份、只增不改的账本。",
                "The log has taken in this record and signed that, and as many witnesses as the policy asks for have cosigned: they saw one log, which has only grown.",
            ),
        ),
        Standing::Logged => (
            Text::new("已证明收录，没有见证", "PROVEN: logged, without a witness"),
            Text::new(
                "账本已收录这条记录并签名。除账本自己以外没有人签名：这不能证明它给所有人看的是同一份历史；用列有见证人的策略核对才能证明。",
                "The log has taken in this record and signed that. Nobody else has: this does not prove that it shows everyone the same history. Checked under a policy with witnesses, it would.",
            ),
        ),
        Standing::Unwitnessed => (
            Text::new("见证不足", "NOT ENOUGH WITNESSES"),
            Text::new(
                format!(
                    "账本已收录这条记录并签名，但见证人还不够，按此策略不算数。尚未签名的见证人：{}。",
                    proven.missing.join("、")
                ),
                format!(
                    "The log has taken in this record and signed that, but fewer witnesses have cosigned than the policy asks for: under this policy it does not count. Not cosigned by: {}.",
                    proven.missing.join(", ")
                ),
            ),
        ),
    }
}

/// What no receipt proves, and what this one does not.
pub(super) fn limits(proven: &Proven) -> Vec<Text> {
    let mut limits = Vec::new();
    if !proven.is_signature_verified {
        limits.push(Text::new(
            "记录由所说的密钥签署：收据里没有它的公钥；",
            "that the key signed it: the receipt is without the public key;",
        ));
    }
    if proven.standing != Standing::Witnessed {
        limits.push(Text::new(
            "账本给所有人看的是同一份历史；",
            "that the log shows everyone the same history;",
        ));
    }
    limits.extend([
        Text::new(
            "所说的服务确实发生过：那是当事人说的，账本只显示是谁说的；",
            "that what was stated took place: people say so, and the log shows who;",
        ),
        Text::new(
            "会员是哪个人，密钥是否由本人使用；",
            "who a member is, and that the key was used by its owner;",
        ),
        Text::new(
            "后来没有被冲正：那要看后面的记录。",
            "that it was not reversed later: later records tell.",
        ),
    ]);
    limits
}
