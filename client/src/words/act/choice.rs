//! The choices that acts name, in words.

use ledger::act::{CancelReason, CaseOutcome, GrantSource, Opinion, Ruling, UnitChange};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::event::Roster;
use ledger::member::NeedCategory;
use ledger::options::UnitOptions;
use ledger::role::Role;
use ledger::tie::{Relation, Scope};
use ledger::unit::UnitKind;
use ledger::{MemberId, Minutes};

use crate::words::{Text, length, member, money};

pub(super) fn kind(kind: UnitKind) -> Text {
    match kind {
        UnitKind::Scheme => Text::new("时间银行", "scheme"),
        UnitKind::District => Text::new("区", "district"),
        UnitKind::Station => Text::new("站点", "station"),
    }
}

pub(super) fn role(role: Role) -> Text {
    match role {
        Role::Operator => Text::new("运营方", "operator"),
        Role::Regulator => Text::new("监管方", "regulator"),
        Role::Staff => Text::new("站点工作人员", "staff"),
        Role::FundAdmin => Text::new("基金管理员", "fund administrator"),
        Role::Auditor => Text::new("审计员", "auditor"),
    }
}

pub(super) fn source(source: GrantSource) -> Text {
    match source {
        GrantSource::Issue => Text::new("新发行", "newly issued"),
        GrantSource::Pool => Text::new("来自时间池", "from the pool"),
    }
}

pub(super) fn reason(reason: CancelReason) -> Text {
    match reason {
        CancelReason::NotNeeded => Text::new("不再需要", "no longer needed"),
        CancelReason::Illness => Text::new("生病", "illness"),
        CancelReason::Time => Text::new("时间不合适", "the time does not suit"),
        CancelReason::Other => Text::new("其他原因", "another reason"),
    }
}

pub(super) fn change(change: UnitChange) -> Text {
    match change {
        UnitChange::Pause => Text::new("暂停", "paused"),
        UnitChange::Reopen => Text::new("重新启用", "reopened"),
        UnitChange::Close => Text::new("关闭", "closed"),
    }
}

pub(super) fn dedicated(dedicated: bool) -> Text {
    if dedicated {
        Text::new(
            "选择不储存时间币，服务所得全部归入时间池",
            "chose to earn nothing: the hours of visits go to the pool",
        )
    } else {
        Text::new("恢复为自己储存时间币", "chose to earn hours again")
    }
}

/// What a district asks; nothing, if it asks for no more than the scheme.
pub(super) fn options(options: &UnitOptions) -> Text {
    let limits = [
        (
            options.session_minutes_max,
            "单次服务最长",
            "分钟",
            "visits of at most",
            "minutes",
        ),
        (
            options.daily_minutes_max,
            "每天最多",
            "分钟",
            "at most",
            "minutes a day",
        ),
        (
            options.weekly_minutes_max,
            "每七天最多",
            "分钟",
            "at most",
            "minutes in seven days",
        ),
        (
            options.lead_time_hours,
            "至少提前",
            "小时申请",
            "requests",
            "hours ahead",
        ),
        (
            options.late_entry_days_max,
            "补录不晚于",
            "天",
            "statements within",
            "days",
        ),
    ];
    let demands = [
        (options.check_in_required, "须签到", "check-in"),
        (options.training_required, "须培训证明", "training"),
        (options.insurance_required, "须保险", "insurance"),
        (options.agreement_required, "须签署协议", "the agreement"),
    ];
    let limits = limits.into_iter().filter(|(limit, ..)| *limit > 0);
    let limits = limits.map(|(limit, before, after, english, unit)| {
        (
            format!("{before} {limit} {after}"),
            format!("{english} {limit} {unit}"),
        )
    });
    let demands = demands.into_iter().filter(|(is_asked, ..)| *is_asked);
    let demands = demands.map(|(_, chinese, english)| (chinese.to_owned(), english.to_owned()));
    let (chinese, english): (Vec<_>, Vec<_>) = limits.chain(demands).unzip();
    if chinese.is_empty() {
        return Text::new("与总部规则相同", "no more than the scheme");
    }
    Text::new(chinese.join("、"), english.join(", "))
}

/// Everyone on a roster, with how long they helped.
pub(super) fn roster(roster: &Roster) -> Text {
    let attended = roster.iter().map(|it| {
        let (who, length) = (member(it.volunteer), length(it.minutes));
        (
            format!("会员 {who} {length:#}"),
            format!("member {who} {length}"),
        )
    });
    let (chinese, english): (Vec<_>, Vec<_>) = attended.unzip();
    Text::new(chinese.join("、"), english.join(", "))
}

pub(super) fn need(need: NeedCategory) -> Text {
    match need {
        NeedCategory::None => Text::new("无", "none"),
        NeedCategory::LivingAlone => Text::new("独居", "lives alone"),
        NeedCategory::PartlyDisabled => Text::new("半失能", "partly disabled"),
        NeedCategory::Disabled => Text::new("失能", "disabled"),
        NeedCategory::Hardship => Text::new("困难", "in hardship"),
    }
}

pub(super) fn scopes(scopes: &[Scope]) -> Text {
    let names = scopes.iter().map(|scope| match scope {
        Scope::Care => ("申请服务", "asking for care"),
        Scope::Confirm => ("确认服务", "confirming visits"),
        Scope::Hours => ("赠送时间币", "giving hours"),
    });
    let (chinese, english): (Vec<_>, Vec<_>) = names.unzip();
    Text::new(chinese.join("、"), english.join(", "))
}

pub(super) fn relation(relation: Relation) -> Text {
    match relation {
        Relation::Spouse => Text::new("配偶", "spouse"),
        Relation::Parent => Text::new("父母或祖父母", "parent or grandparent"),
        Relation::Child => Text::new("子女或孙子女", "child or grandchild"),
        Relation::Sibling => Text::new("兄弟姐妹", "sibling"),
        Relation::Other => Text::new("其他亲属", "other kin"),
    }
}

pub(super) fn nobody_or(who: Option<MemberId>) -> Text {
    match who {
        Some(who) => Text::new(
            format!("会员 {}", member(who)),
            format!("member {}", member(who)),
        ),
        None => Text::new("无", "nobody"),
    }
}

pub(super) fn pool_or(who: Option<MemberId>) -> Text {
    match who {
        Some(_) => nobody_or(who),
        None => Text::new("时间池", "the pool"),
    }
}

pub(super) fn wish(blocked: bool) -> Text {
    if blocked {
        Text::new("表示不愿再遇见", "the wish not to")
    } else {
        Text::new("表示可以再遇见", "the wish again to")
    }
}

pub(super) fn ruling(ruling: Ruling) -> Text {
    match ruling {
        Ruling::Stands => Text::new("维持原陈述", "it was as stated"),
        Ruling::Void => Text::new("服务不成立", "there was no such visit"),
        Ruling::Corrected(minutes) => {
            let length = length(minutes);
            Text::new(format!("更正为 {length:#}"), format!("it took {length}"))
        }
    }
}

pub(super) fn line(line: BudgetLine) -> Text {
    match line {
        BudgetLine::Redemption => Text::new("购买服务", "bought care"),
        BudgetLine::Insurance => Text::new("保险", "insurance"),
        BudgetLine::Training => Text::new("培训", "training"),
        BudgetLine::Platform => Text::new("平台", "the platform"),
        BudgetLine::Administration => Text::new("管理", "administration"),
        BudgetLine::Hours => Text::new("发放时间币", "issued hours"),
    }
}

/// Minutes that may be below zero.
pub(super) fn signed(minutes: i64) -> Text {
    match Minutes::parse(minutes.abs()) {
        Ok(amount) => {
            let (amount, sign) = (length(amount), if minutes < 0 { "−" } else { "" });
            Text::new(format!("{sign}{amount:#}"), format!("{sign}{amount}"))
        }
        Err(_) => Text::new(format!("{minutes} 分钟"), format!("{minutes} minutes")),
    }
}

/// What a budget counts: money, or hours.
pub(super) fn limit(line: BudgetLine, limit: i64) -> Text {
    if line == BudgetLine::Hours {
        return signed(limit);
    }
    let amount = money(limit);
    Text::new(format!("{amount:#}"), format!("{amount}"))
}

pub(super) fn case_kind(kind: CaseKind) -> Text {
    match kind {
        CaseKind::Incident => Text::new("安全事件", "an incident"),
        CaseKind::Complaint => Text::new("投诉", "a complaint"),
        CaseKind::Appeal => Text::new("申诉", "an appeal"),
        CaseKind::Finding => Text::new("审计发现", "a finding"),
    }
}

pub(super) fn outcome(outcome: CaseOutcome) -> Text {
    match outcome {
        CaseOutcome::Remedied => Text::new("属实，已处理", "it was so, and was remedied"),
        CaseOutcome::Noted => Text::new("属实，无法处理", "it was so, and could not be remedied"),
        CaseOutcome::Unfounded => Text::new("不属实", "it was not so"),
    }
}

pub(super) fn opinion(opinion: Opinion) -> Text {
    match opinion {
        Opinion::Unqualified => Text::new("无保留意见", "everything is in order"),
        Opinion::Qualified => Text::new("保留意见", "everything but what the report names"),
        Opinion::Adverse => Text::new("否定意见", "it is not in order"),
    }
}
