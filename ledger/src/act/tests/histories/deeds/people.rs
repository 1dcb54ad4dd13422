//! What happens to people: ties, standing, deaths.

use super::{Deeds, UNITS};
use crate::act::*;
use crate::case::CaseKind;
use crate::id::{Commitment, MemberId};
use crate::member::NeedCategory;
use crate::role::Role;
use crate::service::ItemCode;
use crate::state::Key;
use crate::testing::*;
use crate::tie::{Relation, Scope};

impl Deeds {
    pub(super) fn of_people(&mut self, street: &Street) -> (MemberId, Act) {
        if self.random.percent(55) {
            self.of_ties(street)
        } else {
            self.of_what_is_known(street)
        }
    }

    fn of_ties(&mut self, street: &Street) -> (MemberId, Act) {
        let (by, other, member) = (self.person(), self.person(), self.person());
        let until = street.now.plus_days(20);
        let (papers, reason) = (None, None);
        let staff = self.random.one(&[STAFF, SECOND_STAFF]);
        match self.random.below(7) {
            6 => {
                let dedicated = self.random.percent(50);
                (by, Dedicate { dedicated }.into())
            }
            0 => {
                let scopes = vec![
                    self.random
                        .one(&[Scope::Care, Scope::Confirm, Scope::Hours]),
                ];
                let delegate = Delegate {
                    proxy: other,
                    scopes,
                    until,
                };
                (by, delegate.into())
            }
            1 => {
                let delegated = street.state.rows().filter_map(|(key, _)| match key {
                    Key::Delegation(member, proxy) => Some((*member, *proxy)),
                    _ => None,
                });
                let (member, proxy) = delegated.min().unwrap_or((member, other));
                (member, EndDelegation { member, proxy }.into())
            }
            2 => {
                let relation = self.random.one(&[Relation::Spouse, Relation::Child]);
                let link = LinkKin {
                    member,
                    kin: other,
                    relation,
                    papers,
                };
                (staff, link.into())
            }
            3 => {
                let linked = street.state.rows().filter_map(|(key, _)| match key {
                    Key::Kin(member, kin) => Some((*member, *kin)),
                    _ => None,
                });
                let (member, kin) = linked.min().unwrap_or((member, other));
                let unlink = UnlinkKin {
                    member,
                    kin,
                    reason,
                };
                (staff, unlink.into())
            }
            4 => {
                let beneficiary = Some(other);
                (by, NameBeneficiary { beneficiary }.into())
            }
            _ => {
                let blocked = self.random.percent(50);
                (by, Block { other, blocked }.into())
            }
        }
    }

    fn of_what_is_known(&mut self, street: &Street) -> (MemberId, Act) {
        let (by, member, papers) = (self.person(), self.person(), None);
        let until = street.now.plus_days(20);
        let staff = self.random.one(&[STAFF, SECOND_STAFF]);
        let code = ItemCode::parse("training".to_owned()).expect("a code");
        match self.random.below(6) {
            5 => {
                let profile = Commitment::from_bytes([3; 32]);
                (staff, UpdateProfile { member, profile }.into())
            }
            0 => {
                let certify = Certify {
                    member,
                    certificate: code,
                    until,
                    papers,
                };
                (staff, certify.into())
            }
            1 => {
                let agreement = Commitment::from_bytes([2; 32]);
                (by, Agree { agreement }.into())
            }
            2 => {
                let unit = self.random.one(&[STATION, OTHER_STATION]);
                (by, MoveMember { unit }.into())
            }
            3 => {
                let need = self
                    .random
                    .one(&[NeedCategory::None, NeedCategory::LivingAlone]);
                let assess = AssessNeed {
                    member,
                    need,
                    assessment: papers,
                };
                (staff, assess.into())
            }
            _ => {
                let case = OpenCase {
                    unit: self.random.one(&UNITS),
                    kind: CaseKind::Complaint,
                    report: papers,
                };
                (by, case.into())
            }
        }
    }

    pub(super) fn of_standing(&mut self, street: &Street) -> (MemberId, Act) {
        let (member, other) = (self.person(), self.person());
        let (reason, papers, until) = (None, None, street.now.plus_days(9));
        let by = self.random.one(&[OPERATOR, REGULATOR]);
        let gone = self.random.one(&[KEYLESS, TEENAGER]);
        match self.random.below(9) {
            0 => {
                let suspend = Suspend {
                    member,
                    until,
                    reason,
                };
                (by, suspend.into())
            }
            1 => (by, Reinstate { member, reason }.into()),
            2 => {
                let freeze = Freeze {
                    member,
                    until,
                    reason,
                };
                (by, freeze.into())
            }
            3 => (by, Unfreeze { member, reason }.into()),
            4 => {
                let member = gone;
                (STAFF, RecordDeath { member, papers }.into())
            }
            5 => {
                let heir = self.random.percent(50).then_some(other);
                let settle = SettleEstate {
                    member: gone,
                    heir,
                    papers,
                };
                (STAFF, settle.into())
            }
            6 => {
                let merge = MergeMembers {
                    member: TEENAGER,
                    into: other,
                    papers,
                };
                (OPERATOR, merge.into())
            }
            7 if self.random.percent(20) => (SECOND_VOLUNTEER, CloseMember {}.into()),
            _ => {
                let role = self.random.one(&[Role::Staff, Role::FundAdmin]);
                let unit = self.random.one(&UNITS);
                let member = self.random.one(&[SECOND_STAFF, OTHER_STAFF]);
                (by, Appoint { member, unit, role }.into())
            }
        }
    }
}
