//! Each act as a phrase, and as what its signer has acted.
//!
//! A new act does not build without its line in both lists.

#[cfg(test)]
mod tests;

mod choice;

use ledger::Entry;
use ledger::act::Act;

use self::choice::{
    case_kind, change, dedicated, kind, limit, line, need, nobody_or, opinion, options, outcome,
    pool_or, reason, relation, role, roster, ruling, scopes, signed, source, wish,
};
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
    AdoptRules [version = act.rules.version.0, from = zone.show(act.from)] =>
        "提议第 {version} 版规则，自{from:#}起生效" "proposed version {version} of the rules, in force from {from}";
    SetOptions [unit = act.unit, asks = options(&act.options), from = zone.show(act.from)] =>
        "提议区 {unit} 自{from:#}起的要求：{asks:#}" "proposed what district {unit} asks from {from}: {asks}";
    RecordEvent [item = act.item.as_str(), start = zone.show(act.start), unit = act.unit, source = source(act.source), roster = roster(&act.roster)] =>
        "提议登记单位 {unit} 的集体活动“{item}”（{start:#}开始，{source:#}）：{roster:#}"
        "proposed to record the event “{item}” of unit {unit} from {start}, {source}: {roster}";
    ChangeUnit [unit = act.unit, change = change(act.change)] =>
        "{change:#}了单位 {unit}" "{change} unit {unit}";
    SettleClearing [unit = act.unit, other = act.other, amount = signed(act.minutes)] =>
        "提议结清单位 {unit} 对 {other} 的往来 {amount:#}" "proposed to settle {amount} that unit {unit} has taken over from {other}";
    AssessNeed [who = member(act.member), need = need(act.need)] =>
        "评估会员 {who} 的需求为：{need:#}" "assessed the need of member {who}: {need}";
    UpdateProfile [who = member(act.member)] =>
        "更正了会员 {who} 的个人资料" "corrected the profile of member {who}";
    Dedicate [choice = dedicated(act.dedicated)] =>
        "{choice:#}" "{choice}";
    MoveMember [unit = act.unit] =>
        "迁入单位 {unit}" "moved to unit {unit}";
    MergeMembers [who = member(act.member), into = member(act.into)] =>
        "提议将会员 {who} 并入会员 {into}" "proposed that member {who} is the same person as member {into}";
    Delegate [who = member(act.proxy), scopes = scopes(&act.scopes), until = zone.show(act.until)] =>
        "委托会员 {who} 代理{scopes:#}，至{until:#}" "named member {who} as proxy for {scopes} until {until}";
    EndDelegation [who = member(act.member), proxy = member(act.proxy)] =>
        "终止会员 {proxy} 对会员 {who} 的代理" "ended the work of member {proxy} as proxy of member {who}";
    LinkKin [who = member(act.member), kin = member(act.kin), relation = relation(act.relation)] =>
        "登记会员 {kin} 为会员 {who} 的{relation:#}" "recorded member {kin} as {relation} of member {who}";
    UnlinkKin [who = member(act.member), kin = member(act.kin)] =>
        "提议会员 {who} 与会员 {kin} 并非亲属" "proposed that members {who} and {kin} are not kin";
    NameBeneficiary [who = nobody_or(act.beneficiary)] =>
        "指定时间币的受益人：{who:#}" "named who is to have the hours: {who}";
    Block [who = member(act.other), wish = wish(act.blocked)] =>
        "{wish:#}会员 {who}" "stated {wish} meet member {who}";
    Certify [who = member(act.member), what = act.certificate.as_str(), until = zone.show(act.until)] =>
        "证明会员 {who} 具备“{what}”资格，至{until:#}" "certified member {who} for “{what}” until {until}";
    Agree [agreement = act.agreement] =>
        "签署了协议 {agreement}" "signed the agreement {agreement}";
    Suspend [who = member(act.member), until = zone.show(act.until)] =>
        "暂停会员 {who} 接单，至{until:#}" "suspended member {who} until {until}";
    Reinstate [who = member(act.member)] =>
        "恢复会员 {who} 接单" "reinstated member {who}";
    Freeze [who = member(act.member), until = zone.show(act.until)] =>
        "冻结会员 {who} 的账户，至{until:#}" "froze the account of member {who} until {until}";
    Unfreeze [who = member(act.member)] =>
        "解冻会员 {who} 的账户" "unfroze the account of member {who}";
    RecordDeath [who = member(act.member)] =>
        "提议登记会员 {who} 已故" "proposed that member {who} has died";
    SettleEstate [who = member(act.member), heir = pool_or(act.heir)] =>
        "提议将已故会员 {who} 的时间币转给{heir:#}" "proposed that the hours of the late member {who} go to {heir}";
    CloseMember [_none = act] =>
        "退出了时间银行" "left the time bank";
    StartVisit [service = act.service] =>
        "开始了服务 {service}" "began the visit of the service {service}";
    DisputeService [service = act.service] =>
        "对服务 {service} 提出争议" "disputed the service {service}";
    RuleOnDispute [service = act.service, ruling = ruling(act.ruling)] =>
        "裁决服务 {service} 的争议：{ruling:#}" "ruled on the dispute of the service {service}: {ruling}";
    ReportNoShow [service = act.service] =>
        "报告服务 {service} 的对方未到" "reported that the other side of the service {service} was not there";
    Rate [service = act.service, stars = act.stars] =>
        "为服务 {service} 打了 {stars} 星" "rated the service {service} with {stars} of 5 stars";
    TakeBack [entry = act.entry] =>
        "收回了赠与 {entry}" "took back the gift {entry}";
    ExpireHours [who = member(act.member)] =>
        "将会员 {who} 到期的时间币转入时间池" "moved the expired hours of member {who} to the pool";
    ImportHours [length = length(act.minutes), who = member(act.member), scan = act.scan] =>
        "提议为会员 {who} 转入旧账 {length:#}（扫描件 {scan}）" "proposed to take over {length} of member {who} from an older register (scan {scan})";
    PayMoney [money = money(act.fen.get()), unit = act.unit, line = line(act.line)] =>
        "提议由单位 {unit} 支付 {money:#}（{line:#}）" "proposed that unit {unit} pays {money} for {line}";
    PurchaseCare [money = money(act.fen.get()), service = act.service] =>
        "提议以 {money:#} 购买服务 {service}" "proposed to buy the care of the service {service} for {money}";
    SetBudget [unit = act.unit, line = line(act.line), limit = limit(act.line, act.limit)] =>
        "提议单位 {unit} 的{line:#}预算为 {limit:#}" "proposed a budget of {limit} for {line} of unit {unit}";
    PublishValuation [liability = money(act.liability_fen), reserve = money(act.reserve_fen)] =>
        "公布估值：负债 {liability:#}，储备 {reserve:#}" "published a valuation: liability {liability}, reserve {reserve}";
    OpenCase [kind = case_kind(act.kind), unit = act.unit] =>
        "向单位 {unit} 提出了{kind:#}" "opened {kind} with unit {unit}";
    CloseCase [case = act.case, outcome = outcome(act.outcome)] =>
        "办结了事项 {case}：{outcome:#}" "closed the case {case}: {outcome}";
    GiveOpinion [opinion = opinion(act.opinion), size = act.size, root = act.root] =>
        "对含 {size} 条记录、根为 {root} 的账本发表审计意见：{opinion:#}" "gave an opinion on the ledger of {size} records with root {root}: {opinion}";
    RecordSample [drawn = act.drawn, confirmed = act.confirmed, denied = act.denied, size = act.size] =>
        "抽查回访：从 {size} 条记录中抽取 {drawn} 次服务，确认 {confirmed} 次，否认 {denied} 次" "called back about {drawn} visits of the first {size} records: {confirmed} confirmed, {denied} denied";
}

/// Declares as what acts are signed: a stable name, Chinese and English. Every act
/// stands in one line.
macro_rules! capacities {
    ($($name:literal $chinese:literal $english:literal: $($act:ident)|*;)*) => {
        const fn capacity_of(act: &Act) -> (&'static str, &'static str, &'static str) {
            match act {
                $($(Act::$act(_))|* => ($name, $chinese, $english),)*
            }
        }
    };
}

capacities! {
    "founder" "账本的开立者" "as who opened the ledger": OpenLedger;
    "operator" "时间银行的运营方" "as operator of the scheme": AdoptState;
    "officer" "运营方或监管方" "as operator or regulator":
        OpenUnit | Appoint | Dismiss | ChangeUnit | Suspend | Reinstate | Freeze | Unfreeze;
    "staff" "站点工作人员或运营方" "as staff or operator of the unit":
        EnrolMember | AssessNeed | LinkKin | Certify | UpdateProfile;
    "key_owner" "密钥的主人" "as owner of the key": AddKey | RevokeKey | ObjectRecovery;
    "recipient" "服务对象" "as recipient": RequestCare | ConfirmService;
    "volunteer" "志愿者" "as volunteer": AcceptCare | LogService | StartVisit;
    "recipient_or_volunteer" "服务对象或志愿者" "as recipient or volunteer of the service":
        CancelCare | DisputeService | ReportNoShow | Rate;
    "giver" "赠与者" "as giver": Give | Donate | TakeBack;
    "proposer" "提议者" "as proposer":
        Grant | Reverse | RecoverKey | AdoptRules | SettleClearing | MergeMembers | UnlinkKin
        | RecordDeath | SettleEstate | ImportHours | PayMoney | PurchaseCare | SetBudget
        | SetOptions | RecordEvent;
    "approver" "批准者" "as approver": Approve;
    "decider" "否决者（或撤回提议的人）" "as who decides, or withdraws the own proposal": Refuse;
    "fund_administrator" "基金管理员" "as fund administrator": ReceiveMoney | PublishValuation;
    "any_member" "任一会员" "as any member may": Expire | ExpireHours;
    "arbiter" "裁决人" "as arbiter": RuleOnDispute;
    "case_worker" "经办人" "as who looks into the case": CloseCase;
    "auditor" "审计员" "as auditor": GiveOpinion;
    "inspector" "抽查人" "as inspector": RecordSample;
    "member" "会员" "as member":
        MoveMember | Delegate | EndDelegation | NameBeneficiary | Block | Agree | Dedicate
        | CloseMember | OpenCase;
}

/// As what the act was signed: its stable name, and in words. The record alone
/// tells it, not which appointment the signer had: that stands in the ledger.
pub fn capacity(entry: &Entry) -> (&'static str, Text) {
    let (name, chinese, english) = match &entry.act {
        Act::Dismiss(act) if act.member == entry.author => {
            ("office_holder", "卸任者本人", "as who lays the office down")
        }
        act => capacity_of(act),
    };
    (name, Text::new(chinese, english))
}
