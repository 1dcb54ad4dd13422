//! Each act as a phrase, and as what its signer has acted.
//!
//! A new act does not build without its line in both lists.

#[cfg(test)]
mod tests;

use ledger::Entry;
use ledger::act::{Act, CancelReason, GrantSource};
use ledger::role::Role;
use ledger::unit::UnitKind;

use super::{Text, Zone, length, member, money};

/// Declares the phrases. In the brackets a datum is put into words: `{name}` is
/// English and `{name:#}` Chinese.
macro_rules! phrases {
    (
        $(#[$doc:meta])* $function:ident($act:ident, $zone:ident);
        $($variant:ident $([$($word:ident = $value:expr),*])? => $chinese:literal $english:literal;)*
    ) => {
        $(#[$doc])*
        pub fn $function($act: &Act, $zone: &Zone) -> Text {
            match $act {
                $(Act::$variant($act) => {
                    $($(let $word = $value;)*)?
                    Text::new(format!($chinese), format!($english))
                })*
            }
        }
    };
}

phrases! {
    /// What an act does: a sentence without its subject and its full stop.
    phrase(act, zone);
    OpenLedger [name = &act.scheme_name] =>
        "开立了账本“{name}”" "opened the ledger of “{name}”";
    OpenUnit [name = &act.display_name, kind = kind(act.kind), unit = act.unit] =>
        "开设了{kind:#}“{name}”（{unit}）" "opened the {kind} “{name}” ({unit})";
    EnrolMember [who = member(act.member)] =>
        "登记了会员 {who}" "enrolled member {who}";
    AddKey [key = act.key.public_key.id()] =>
        "为自己添加了密钥 {key}" "added the key {key} of their own";
    RevokeKey [key = act.key_id] =>
        "撤销了自己的密钥 {key}" "revoked the key {key} of their own";
    Appoint [who = member(act.member), role = role(act.role), unit = act.unit] =>
        "任命会员 {who} 为单位 {unit} 的{role:#}" "appointed member {who} as {role} of unit {unit}";
    Dismiss [who = member(act.member), role = role(act.role), unit = act.unit] =>
        "免去了会员 {who} 在单位 {unit} 的{role:#}职务"
        "dismissed member {who} as {role} of unit {unit}";
    RequestCare [length = length(act.minutes), item = act.item.as_str(), start = zone.show(act.start)] =>
        "申请了“{item}”服务，时长 {length:#}，{start:#}开始" "asked for {length} of “{item}” from {start}";
    AcceptCare [service = act.service] =>
        "接下了服务 {service}" "took on the service {service}";
    CancelCare [service = act.service, reason = reason(act.reason)] =>
        "取消了服务 {service}：{reason:#}" "cancelled the service {service}: {reason}";
    LogService [length = length(act.minutes), start = zone.show(act.start), service = act.service] =>
        "陈述了一次上门服务：{start:#}开始，时长 {length:#}（服务 {service}）"
        "stated a visit of {length} from {start} for the service {service}";
    ConfirmService [length = length(act.minutes), service = act.service] =>
        "确认了 {length:#}的服务（服务 {service}）" "confirmed {length} of the service {service}";
    Give [length = length(act.minutes), who = member(act.recipient)] =>
        "向会员 {who} 赠送了 {length:#}" "gave {length} to member {who}";
    Donate [length = length(act.minutes), unit = act.unit] =>
        "向单位 {unit} 的时间池捐赠了 {length:#}" "donated {length} to the pool of unit {unit}";
    Grant [length = length(act.minutes), who = member(act.recipient), unit = act.unit, source = source(act.source)] =>
        "提议由单位 {unit} 向会员 {who} 发放 {length:#}（{source:#}）"
        "proposed to grant member {who} {length}, {source}, by unit {unit}";
    Reverse [entry = act.entry] =>
        "提议冲正记录 {entry}" "proposed to reverse the entry {entry}";
    Approve [proposal = act.proposal] =>
        "批准了提议 {proposal}" "approved the proposal {proposal}";
    Refuse [proposal = act.proposal] =>
        "否决了提议 {proposal}" "refused the proposal {proposal}";
    ReceiveMoney [money = money(act.fen.get()), unit = act.unit] =>
        "登记单位 {unit} 收到 {money:#}" "booked {money} received by unit {unit}";
    Expire [target = act.target] =>
        "了结了已到期的 {target}" "closed or finished {target}, which was due";
    RecoverKey [who = member(act.member), key = act.key.public_key.id()] =>
        "提议由新密钥 {key} 取代会员 {who} 的全部密钥"
        "proposed the new key {key} in place of all keys of member {who}";
    ObjectRecovery [recovery = act.recovery] =>
        "反对更换密钥的提议 {recovery}" "objected to the new key of {recovery}";
    AdoptState [size = act.abandoned.size, root = act.abandoned.root] =>
        "声明放弃含 {size} 条记录、根为 {root} 的树：其中从本记录的位置起的记录已遗失"
        "declared that the tree of {size} records with root {root} is given up: its records from here on are lost";
}

/// As what the act was signed: its stable name, and in words. The record alone
/// tells it, not which appointment the signer had: that stands in the ledger.
pub fn capacity(entry: &Entry) -> (&'static str, Text) {
    let (name, chinese, english) = match &entry.act {
        Act::OpenLedger(_) => ("founder", "账本的开立者", "as who opened the ledger"),
        Act::AdoptState(_) => ("operator", "时间银行的运营方", "as operator of the scheme"),
        Act::Dismiss(act) if act.member == entry.author => {
            ("office_holder", "卸任者本人", "as who lays the office down")
        }
        Act::OpenUnit(_) | Act::Appoint(_) | Act::Dismiss(_) => {
            ("officer", "运营方或监管方", "as operator or regulator")
        }
        Act::EnrolMember(_) => (
            "staff",
            "站点工作人员或运营方",
            "as staff or operator of the unit",
        ),
        Act::AddKey(_) | Act::RevokeKey(_) | Act::ObjectRecovery(_) => {
            ("key_owner", "密钥的主人", "as owner of the key")
        }
        Act::RequestCare(_) | Act::ConfirmService(_) => ("recipient", "服务对象", "as recipient"),
        Act::AcceptCare(_) | Act::LogService(_) => ("volunteer", "志愿者", "as volunteer"),
        Act::CancelCare(_) => (
            "recipient_or_volunteer",
            "服务对象或志愿者",
            "as recipient or volunteer of the service",
        ),
        Act::Give(_) | Act::Donate(_) => ("giver", "赠与者", "as giver"),
        Act::Grant(_) | Act::Reverse(_) | Act::RecoverKey(_) => {
            ("proposer", "提议者", "as proposer")
        }
        Act::Approve(_) => ("approver", "批准者", "as approver"),
        Act::Refuse(_) => (
            "decider",
            "否决者（或撤回提议的人）",
            "as who decides, or withdraws the own proposal",
        ),
        Act::ReceiveMoney(_) => ("fund_administrator", "基金管理员", "as fund administrator"),
        Act::Expire(_) => ("any_member", "任一会员", "as any member may"),
    };
    (name, Text::new(chinese, english))
}

fn kind(kind: UnitKind) -> Text {
    match kind {
        UnitKind::Scheme => Text::new("时间银行", "scheme"),
        UnitKind::District => Text::new("区", "district"),
        UnitKind::Station => Text::new("站点", "station"),
    }
}

fn role(role: Role) -> Text {
    match role {
        Role::Operator => Text::new("运营方", "operator"),
        Role::Regulator => Text::new("监管方", "regulator"),
        Role::Staff => Text::new("站点工作人员", "staff"),
        Role::FundAdmin => Text::new("基金管理员", "fund administrator"),
        Role::Auditor => Text::new("审计员", "auditor"),
    }
}

fn source(source: GrantSource) -> Text {
    match source {
        GrantSource::Issue => Text::new("新发行", "newly issued"),
        GrantSource::Pool => Text::new("来自时间池", "from the pool"),
    }
}

fn reason(reason: CancelReason) -> Text {
    match reason {
        CancelReason::NotNeeded => Text::new("不再需要", "no longer needed"),
        CancelReason::Illness => Text::new("生病", "illness"),
        CancelReason::Time => Text::new("时间不合适", "the time does not suit"),
        CancelReason::Other => Text::new("其他原因", "another reason"),
    }
}
