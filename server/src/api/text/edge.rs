//! The texts of what the server does not take on.

use super::texts;
use super::words::{Remedy, Shortfall};

texts! {
    /// What to tell people when the server does not take something on.
    of_edge_error(crate::api::error::EdgeError);

    QueueFull =>
        "The server is very busy and has not taken this on. Nothing was booked; send the same again in a moment."
        "服务器繁忙，尚未受理。没有记账；请稍后原样重新提交。";
    ReadOnly { records, seen_by, seen, root }
        [what = Shortfall { records, seen_by, seen }, remedy = Remedy { records, seen, root }] =>
        "The server takes nothing in, because {what}. Everything can still be read; keep what you signed and send it again later. For the operator: {remedy}."
        "服务器暂不受理新的记录：{what:#}。查询不受影响；请保留已签名的内容，稍后再提交。运营方请注意：{remedy:#}。";
    NothingToAdopt =>
        "No record is missing here, so there is no loss to declare. Look with “timebank-server status” which server lacks records."
        "这里没有缺失的记录，无需声明丢失。请用“timebank-server status”查看哪台服务器缺少记录。";
    ShuttingDown =>
        "The server is being restarted. Nothing was booked; send the same again in a moment."
        "服务器正在重启。没有记账；请稍后原样重新提交。";
    BatchTooLarge { entries_max } =>
        "There are too many entries in one batch. Send at most {entries_max} at a time."
        "一批中的记录过多。每批最多提交 {entries_max} 条。";
    BatchEmpty =>
        "There is no entry in the batch. Send at least one."
        "该批次没有任何记录。请至少提交一条。";
    OpeningWrong { field } =>
        "“{field}” is not what this entry was signed over: salt and text together must match it to the letter. Send both as they were when it was signed."
        "“{field}”与签名时的内容不符：盐值和文本必须与当时完全一致。请原样提交签名时的盐值和文本。";
    OpeningTooLong { field, bytes_max } =>
        "“{field}” is too long. It may have at most {bytes_max} bytes; keep what is longer elsewhere and its hash here."
        "“{field}”过长，最多 {bytes_max} 字节。请将更长的内容另行保存，此处只存其哈希值。";
    OpeningErased =>
        "This text was erased, and what is erased stays so. If it is needed again, sign a new entry with it."
        "该文本已被删除，删除后不可恢复。如仍需要，请重新签署一条包含该文本的记录。";
    DatabaseUnavailable =>
        "The server cannot reach its database right now. Nothing is lost; try again in a moment."
        "服务器暂时无法连接数据库。数据不会丢失；请稍后重试。";
    OutcomeUnknown =>
        "The server was interrupted while it wrote and cannot say yet whether this was booked. Send exactly the same again: it is never booked twice."
        "服务器在写入时中断，暂时无法确认是否已记账。请原样重新提交：同一条记录不会重复记账。";
    Internal { error_id } =>
        "Something went wrong inside the server. Try again later; if it stays so, tell the operator this number: {error_id}."
        "服务器内部出错。请稍后重试；如问题仍在，请将编号 {error_id} 告知运营方。";
}
