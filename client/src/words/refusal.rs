//! Why a file proves nothing, in words: a whole sentence in Chinese, and the
//! reason of the library in English.

use ledger::log::{EvidenceError, PolicyRefusal};

use super::Text;
use crate::paper::JoinError;
use crate::verify::VerifyError;

/// Why a receipt proves nothing.
pub fn of_verify_error(error: &VerifyError) -> Text {
    let chinese = match error {
        VerifyError::Receipt(_) => "这个文件不是一份完整的收据，也许被改动或截断了。",
        VerifyError::Policy(PolicyRefusal::Checkpoint(_)) => {
            "收据里没有完整的账本检查点，也许被改动了。"
        }
        VerifyError::Policy(PolicyRefusal::UnknownLog(_)) => {
            "这份收据属于另一个账本：您信任的密钥里没有它的。"
        }
        VerifyError::Policy(PolicyRefusal::NotSigned(_)) => "检查点没有由您信任的账本密钥签名。",
        VerifyError::Policy(PolicyRefusal::Note(_)) => {
            "检查点上的一个签名是错的：内容被改动过，或签名是伪造的。"
        }
        VerifyError::Proof(_) => "这条记录不在账本签署的树里：收据被改动过，或从未被收录。",
        VerifyError::NoRecord | VerifyError::Extra(_) => "收据里没有它所说的那条记录。",
        VerifyError::Record(_) => "收据里的记录无法读懂。",
        VerifyError::OtherLedger => "这条记录是为另一个账本签的。",
        VerifyError::OtherKey => "收据里的公钥不是记录所说的那一把。",
        VerifyError::Signature(_) => "记录不是由它所说的密钥签署的。",
    };
    Text::new(chinese, error.to_string())
}

/// Why a file of evidence does not show what it claims.
pub fn of_evidence_error(error: &EvidenceError) -> Text {
    let chinese = match error {
        EvidenceError::Checkpoint(_) => "其中一个检查点没有由文件所说的账本密钥签名。",
        EvidenceError::Cosignature(_) => "见证签名是错的。",
        EvidenceError::NoTime(_) => "见证人没有签署第一个检查点，或没有说明时间。",
        EvidenceError::Proof(_) => "证明路径与账本签署的树不符。",
        EvidenceError::NoContradiction => "两个检查点并不矛盾。",
        EvidenceError::NoBeginning => "文件没有说明较大的树是怎样开头的。",
        EvidenceError::NotLate => "这条记录在见证签名时已经在树里了。",
        EvidenceError::Record => "文件里的记录无法读懂。",
        EvidenceError::UnknownLog => "证据所说的密钥不是您信任的账本密钥。",
        EvidenceError::UnknownCosigner(_) => "证据所说的见证人不是您信任的见证人。",
    };
    Text::new(chinese, error.to_string())
}

/// Why scanned texts are not a whole receipt.
pub fn of_join_error(error: &JoinError) -> Text {
    let chinese = match error {
        JoinError::NoPart => "没有一段文字以 TIMEBANK1- 开头。".to_owned(),
        JoinError::OtherVersion => "这些文字属于另一个版本的格式，请使用更新的程序。".to_owned(),
        JoinError::Damaged { nth } => format!("第 {nth} 段文字有错漏，请重新扫描。"),
        JoinError::Mixed { files } => {
            format!("这些文字来自几份不同的收据：{}。", files.join("、"))
        }
        JoinError::Missing { missing, of } => {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            format!("共 {of} 段，还缺第 {} 段。", missing.join("、"))
        }
        JoinError::Spoilt => "每段文字都完整，但拼不成它们所说的收据。".to_owned(),
    };
    Text::new(chinese, error.to_string())
}
