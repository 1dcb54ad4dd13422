//! What has happened to the visits of a member since one looked last: what a
//! family, a station or the member is to be told.

use std::collections::BTreeMap;

use ledger::{EntryId, MemberId, Millis};

use crate::read::{ServiceInfo, ServiceStage};
use crate::words::{Text, hours, member};

/// The visits of a member that are not closed, as they were seen last.
#[derive(Debug, Clone, Default)]
pub struct Seen(BTreeMap<EntryId, Standing>);

/// How a visit stands: its stage, its volunteer, and whether they are there, or should
/// have been.
type Standing = (ServiceStage, Option<MemberId>, Presence);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    NotYet,
    There,
    Missing,
}

/// Something that has happened to a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The visit as it is now.
    pub visit: ServiceInfo,
    /// What has happened.
    pub what: Text,
}

impl Seen {
    /// Visits that were open when one looked last, and are not among these.
    pub fn gone(&self, open: &[ServiceInfo]) -> Vec<EntryId> {
        let is_gone = |id: &&EntryId| open.iter().all(|visit| visit.service != **id);
        self.0.keys().filter(is_gone).copied().collect()
    }

    /// What has happened, in the order in which the visits were asked for; `visits`
    /// are all that are open, and those that are [gone](Self::gone).
    pub fn look(&mut self, visits: Vec<ServiceInfo>, now: Millis) -> Vec<News> {
        let mut news = Vec::new();
        let before = std::mem::take(&mut self.0);
        for visit in visits {
            let (before, standing) = (before.get(&visit.service), standing(&visit, now));
            if is_open(visit.stage) {
                self.0.insert(visit.service, standing);
            }
            if before != Some(&standing) {
                let what = what(before.is_some(), &visit, standing.2);
                news.push(News { visit, what });
            }
        }
        news.sort_by_key(|it| it.visit.service);
        news
    }
}

const fn is_open(stage: ServiceStage) -> bool {
    matches!(
        stage,
        ServiceStage::Open | ServiceStage::Booked | ServiceStage::Logged | ServiceStage::Disputed
    )
}

fn standing(visit: &ServiceInfo, now: Millis) -> Standing {
    let over = Millis::new(visit.start.get() + visit.minutes * 60_000);
    let presence = match visit.started {
        Some(_) => Presence::There,
        None if visit.stage == ServiceStage::Booked && over < now => Presence::Missing,
        None => Presence::NotYet,
    };
    (visit.stage, visit.volunteer, presence)
}

/// What has happened to a visit that stands otherwise than when it was seen, or that is
/// seen for the first time.
fn what(was_seen: bool, visit: &ServiceInfo, presence: Presence) -> Text {
    let who = visit.volunteer.map(member).unwrap_or_default();
    match visit.stage {
        ServiceStage::Open if was_seen => Text::new(
            "志愿者退回，重新等待接单",
            "was handed back, and waits again",
        ),
        ServiceStage::Open => Text::new("已申请，等待接单", "was asked for, and waits"),
        ServiceStage::Booked if presence == Presence::There => Text::new(
            format!("志愿者 {who} 已签到，服务开始"),
            format!("volunteer {who} is there"),
        ),
        ServiceStage::Booked if presence == Presence::Missing => Text::new(
            format!("志愿者 {who} 应已结束，但尚无记录"),
            format!("volunteer {who} should have come, and nothing is stated"),
        ),
        ServiceStage::Booked => Text::new(
            format!("志愿者 {who} 已接单"),
            format!("volunteer {who} will come"),
        ),
        ServiceStage::Logged => {
            let length = hours(visit.logged_minutes.unwrap_or(0));
            Text::new(
                format!("志愿者 {who} 陈述服务了 {length:#}，请确认"),
                format!("volunteer {who} states {length}: confirm it"),
            )
        }
        ServiceStage::Disputed => Text::new("有争议，等待裁决", "is disputed"),
        ServiceStage::Settled => Text::new("已确认并支付", "is confirmed and paid"),
        ServiceStage::Cancelled => Text::new("已取消", "was withdrawn"),
        ServiceStage::Expired => Text::new(
            "到期无人服务，时间币已退回",
            "ran out: the hours are free again",
        ),
        ServiceStage::Purchased => Text::new("由基金购买", "is bought by the fund"),
    }
}

#[cfg(test)]
mod tests {
    use ledger::UnitId;

    use super::*;

    const NOW: Millis = Millis::new(1_772_438_400_000);

    fn visit(number: u8, stage: ServiceStage) -> ServiceInfo {
        let volunteer = MemberId::from_bytes([9; 16]);
        ServiceInfo {
            service: EntryId::new(NOW, [number; 10]),
            unit: UnitId::from_bytes([1; 16]),
            recipient: MemberId::from_bytes([2; 16]),
            item: "meal".to_owned(),
            start: NOW.plus_hours(1),
            minutes: 60,
            held_minutes: 60,
            stage,
            volunteer: (stage != ServiceStage::Open).then_some(volunteer),
            logged_start: None,
            logged_minutes: Some(45),
            due: None,
            price: 60,
            started: None,
            asked: NOW,
        }
    }

    fn told(seen: &mut Seen, visits: Vec<ServiceInfo>) -> Vec<String> {
        let news = seen.look(visits, NOW).into_iter();
        news.map(|it| it.what.english).collect()
    }

    #[test]
    fn every_step_of_a_visit_is_told_once() {
        let mut seen = Seen::default();
        let steps = [
            (ServiceStage::Open, "was asked for"),
            (ServiceStage::Booked, "will come"),
            (ServiceStage::Open, "was handed back"),
            (ServiceStage::Booked, "will come"),
            (ServiceStage::Logged, "states 45 min"),
            (ServiceStage::Disputed, "is disputed"),
            (ServiceStage::Logged, "states"),
            (ServiceStage::Settled, "is confirmed"),
        ];
        for (stage, expected) in steps {
            let said = told(&mut seen, vec![visit(1, stage)]);
            assert_eq!(said.len(), 1, "{stage:?}");
            assert!(said[0].contains(expected), "{}", said[0]);
            if stage != ServiceStage::Settled {
                assert!(told(&mut seen, vec![visit(1, stage)]).is_empty());
            }
        }
        assert!(seen.gone(&[]).is_empty(), "what is closed is forgotten");
    }

    #[test]
    fn arriving_and_not_arriving_are_told() {
        let mut seen = Seen::default();
        told(&mut seen, vec![visit(1, ServiceStage::Booked)]);
        let there = ServiceInfo {
            started: Some(NOW),
            ..visit(1, ServiceStage::Booked)
        };
        let said = told(&mut seen, vec![there]);
        assert!(said[0].ends_with("is there"), "{said:?}");
        let booked = visit(2, ServiceStage::Booked);
        let mut seen = Seen::default();
        assert_eq!(seen.look(vec![booked.clone()], NOW).len(), 1);
        let over = NOW.plus_hours(2);
        assert!(seen.look(vec![booked.clone()], over).is_empty());
        let later = over.plus_minutes(1);
        let said = seen.look(vec![booked.clone()], later);
        assert!(said[0].what.english.contains("should have come"));
        assert!(seen.look(vec![booked], later).is_empty(), "told once");
    }

    #[test]
    fn what_is_no_longer_open_is_looked_up() {
        let mut seen = Seen::default();
        let (one, two) = (visit(1, ServiceStage::Open), visit(2, ServiceStage::Open));
        told(&mut seen, vec![one.clone(), two.clone()]);
        assert_eq!(seen.gone(&[two]), [one.service]);
        for (stage, expected) in [
            (ServiceStage::Expired, "ran out"),
            (ServiceStage::Purchased, "bought by the fund"),
            (ServiceStage::Cancelled, "withdrawn"),
        ] {
            let mut seen = seen.clone();
            let said = told(&mut seen, vec![visit(1, stage)]);
            assert!(said[0].contains(expected), "{said:?}");
        }
    }
}
