//! The texts of what is not read.

use super::texts;
use super::words::Readers;

texts! {
    /// What to tell people when something is not read.
    of_read_error(crate::api::error::ReadError);

    TokenMissing =>
        "This is not public, and you are not signed in. Sign in with your own key and try again."
        "该内容不公开，而您尚未登录。请用您自己的密钥登录后重试。";
    TokenInvalid { why } =>
        "Your sign-in is not valid ({why}). Check that the clock of your device is right and that its key is registered, then sign in again."
        "您的登录无效（{why}）。请检查设备时间是否正确、密钥是否已登记，然后重新登录。";
    TokenExpired =>
        "Your sign-in has run out; it lasts ten minutes at most. Sign in again."
        "您的登录已过期（最长十分钟）。请重新登录。";
    NotAllowed { what } [readers = Readers(what.readers())] =>
        "This is not for you to see or to change; it is for {readers}. If you need it, ask one of them."
        "您无权查看或更改该内容，仅限{readers:#}。如有需要，请向他们咨询。";
    ResourceNameInvalid { field, expected } =>
        "“{field}” does not have the right form. Write {expected}."
        "“{field}”的格式不正确。正确格式：{expected}。";
    MemberCodeWrong { field } =>
        "A digit of the member's code in “{field}” is wrong. Please read the code again."
        "“{field}”中的会员编号有一位数字不对。请重新核对编号。";
    PageTokenInvalid { field } =>
        "“{field}” does not belong to this list. Begin again with the first page."
        "“{field}”不属于该列表。请从第一页重新开始。";
    PageSizeInvalid { field } =>
        "“{field}” must not be below zero. Leave it out, or ask for 1 to 1000."
        "“{field}”不能小于零。请省略，或填写 1 至 1000。";
    NotFound { what: _ } =>
        "Nothing has this name. Check it, or take it from a list."
        "没有找到该内容。请核对名称，或从列表中选择。";
    TreeSizeInvalid { newest } =>
        "There is no tree of this size. Ask for a size from 0 to {newest}, an older one before a newer one."
        "不存在该大小的树。请使用 0 至 {newest} 之间的大小，且旧的不得大于新的。";
    PositionInvalid { tree_size } =>
        "There is no record at this position. The tree asked about has {tree_size} records, counted from 0."
        "该位置没有记录。所查询的树共有 {tree_size} 条记录，从 0 开始计数。";
}
