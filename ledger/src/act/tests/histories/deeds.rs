//! What people of a street might do next: often sensible, often not.

mod offices;
mod people;

use super::Random;
use crate::act::*;
use crate::entry::{Attestation, OnBehalf, Record};
use crate::id::{Commitment, EntryId, MemberId, UnitId};
use crate::service::{Service, Stage};
use crate::state::{Key, Row};
use crate::testing::*;

const UNITS: [UnitId; 5] = [SCHEME, DISTRICT, STATION, OTHER_DISTRICT, OTHER_STATION];
const PEOPLE: [MemberId; 8] = [
    VOLUNTEER,
    SECOND_VOLUNTEER,
    RECIPIENT,
    KEYLESS,
    DISABLED,
    TEENAGER,
    STAFF,
    SECOND_STAFF,
];
const OFFICERS: [MemberId; 6] = [
    OPERATOR,
    REGULATOR,
    FUND_ADMIN,
    STAFF,
    SECOND_STAFF,
    OTHER_STAFF,
];

/// Makes the acts of one history.
pub(super) struct Deeds {
    random: Random,
    serial: u32,
}

impl Deeds {
    pub(super) fn new(random: Random) -> Self {
        Self { random, serial: 0 }
    }

    /// The next record; sometimes time passes before it.
    pub(super) fn next(&mut self, street: &mut Street) -> Record {
        self.serial += 1;
        match self.random.below(12) {
            0 => street.pass_days(1),
            1..=3 => street.pass_minutes(90),
            _ => street.pass_minutes(1),
        }
        if self.serial.is_multiple_of(40) {
            street.pass_days(25);
        }
        let (by, act) = self.deed(street);
        let mut record = street.record(by, act);
        let is_staff = [STAFF, SECOND_STAFF, OTHER_STAFF].contains(&by);
        let may_be = !record.entry.act.done_on_behalf_by().is_empty();
        if may_be && is_staff && self.random.percent(80) {
            let attestation = Attestation::Kiosk;
            let member = self.random.one(&PEOPLE);
            record.entry.on_behalf_of = Some(OnBehalf {
                member,
                attestation,
            });
        } else if record.entry.act.scope().is_some() && self.random.percent(10) {
            let attestation = Attestation::Delegated;
            let member = self.random.one(&PEOPLE);
            record.entry.on_behalf_of = Some(OnBehalf {
                member,
                attestation,
            });
        }
        record
    }

    fn deed(&mut self, street: &Street) -> (MemberId, Act) {
        match self.random.below(10) {
            0..=3 => self.of_care(street),
            4..=5 => self.of_decisions(street),
            6 => self.of_hours(street),
            7 => self.of_people(street),
            8 => self.of_standing(street),
            _ => self.of_offices(street),
        }
    }

    fn person(&mut self) -> MemberId {
        self.random.one(&PEOPLE)
    }

    fn service(&mut self, street: &Street) -> (EntryId, Option<Service>) {
        let services = street
            .state
            .rows()
            .filter_map(|(key, row)| match (key, row) {
                (Key::Service(id), Row::Service(service)) => Some((*id, Service::clone(service))),
                _ => None,
            });
        let mut services: Vec<_> = services.collect();
        services.sort_by_key(|(id, _)| *id);
        if services.is_empty() {
            return (nothing(), None);
        }
        let recent = services.len().min(5);
        let from_end = self.random.below(recent) + 1;
        let (id, service) = services.swap_remove(services.len() - from_end);
        (id, Some(service))
    }

    fn of_care(&mut self, street: &Street) -> (MemberId, Act) {
        let (service, row) = self.service(street);
        let recipient = row.as_ref().map_or(RECIPIENT, |it| it.recipient);
        let volunteer = row.as_ref().and_then(|it| it.stage.volunteer());
        let volunteer = volunteer.unwrap_or(VOLUNTEER);
        let reason = None;
        if self.random.percent(60)
            && let Some(step) = self.next_step(street, service, row.as_ref())
        {
            return step;
        }
        let side = self.random.one(&[recipient, volunteer]);
        match self.random.below(10) {
            0..=4 => {
                let by = self
                    .random
                    .one(&[RECIPIENT, RECIPIENT, STAFF, SECOND_STAFF, DISABLED]);
                let mut request = request(street.now, 60);
                request.unit = self.random.one(&[STATION, STATION, OTHER_STATION]);
                (by, request.into())
            }
            5 => (
                volunteer,
                StartVisit {
                    service,
                    evidence: reason,
                }
                .into(),
            ),
            6 => (side, DisputeService { service, reason }.into()),
            7 => (side, ReportNoShow { service }.into()),
            8 => {
                let rate = Rate {
                    service,
                    stars: 3,
                    remark: reason,
                };
                (side, rate.into())
            }
            _ => {
                let reason = CancelReason::Other;
                (side, CancelCare { service, reason }.into())
            }
        }
    }

    /// What comes next for a service, if anything does.
    fn next_step(
        &mut self,
        street: &Street,
        service: EntryId,
        row: Option<&Service>,
    ) -> Option<(MemberId, Act)> {
        let row = row?;
        let spent = self.random.one(&[15, 30, 45, 60]);
        match &row.stage {
            Stage::Open { .. } => {
                let by = self.random.one(&[VOLUNTEER, SECOND_VOLUNTEER, DISABLED]);
                Some((by, AcceptCare { service }.into()))
            }
            Stage::Booked(booking) => {
                let start = crate::Millis::new(street.now.get() - spent * 60_000);
                Some((booking.volunteer, log(service, start, spent).into()))
            }
            Stage::Logged(visit) => {
                let minutes = i64::from(visit.minutes.get());
                Some((row.recipient, confirm(service, minutes).into()))
            }
            Stage::Disputed(_) => {
                let corrected = Ruling::Corrected(minutes(15));
                let ruling = self.random.one(&[Ruling::Stands, Ruling::Void, corrected]);
                let rule = RuleOnDispute {
                    service,
                    ruling,
                    reason: None,
                };
                Some((self.random.one(&[OPERATOR, REGULATOR]), rule.into()))
            }
            _ => None,
        }
    }

    fn of_decisions(&mut self, street: &Street) -> (MemberId, Act) {
        let open = street.state.rows().filter_map(|(key, _)| match key {
            Key::OpenProposal(_, id) => Some(*id),
            _ => None,
        });
        let mut open: Vec<EntryId> = open.collect();
        open.sort_unstable();
        let proposal = open.last().copied().unwrap_or_else(nothing);
        let by = self.random.one(&OFFICERS);
        let cases = street.ids_of(|act| matches!(act, Act::OpenCase(_)));
        let due = street.state.rows().filter_map(|(key, _)| match key {
            Key::Due(due, id) if *due <= street.now => Some(*id),
            _ => None,
        });
        let due = due.min().unwrap_or_else(nothing);
        match self.random.below(10) {
            0..=5 => (by, Approve { proposal }.into()),
            6 => (
                by,
                Refuse {
                    proposal,
                    reason: None,
                }
                .into(),
            ),
            7 => {
                let close = CloseCase {
                    case: cases.last().copied().unwrap_or_else(nothing),
                    outcome: CaseOutcome::Noted,
                    answer: None,
                };
                (by, close.into())
            }
            _ => (self.person(), Expire { target: due }.into()),
        }
    }

    fn of_hours(&mut self, street: &Street) -> (MemberId, Act) {
        let (by, recipient) = (self.person(), self.person());
        let amount = minutes(self.random.one(&[15, 60]));
        let gifts = street.ids_of(|act| matches!(act, Act::Give(_) | Act::Donate(_)));
        let moved = street
            .ids_of(|act| matches!(act, Act::Give(_) | Act::Donate(_) | Act::ConfirmService(_)));
        let member = recipient;
        match self.random.below(8) {
            0..=1 => (
                by,
                Give {
                    recipient,
                    minutes: amount,
                }
                .into(),
            ),
            2 => (
                by,
                Donate {
                    unit: STATION,
                    minutes: amount,
                }
                .into(),
            ),
            3 => {
                let entry = gifts.last().copied().unwrap_or_else(nothing);
                let giver = street.history.iter().rev().find(|it| it.entry.id == entry);
                (
                    giver.map_or(by, |it| it.entry.author),
                    TakeBack { entry }.into(),
                )
            }
            4 => (by, ExpireHours { member }.into()),
            5 => {
                let scan = Commitment::from_bytes([1; 32]);
                let import = ImportHours {
                    member,
                    minutes: amount,
                    scan,
                };
                (STAFF, import.into())
            }
            6 => {
                let entry = moved.last().copied().unwrap_or_else(nothing);
                let reason = None;
                (STAFF, Reverse { entry, reason }.into())
            }
            _ => {
                let mut grant = grant(recipient, 30);
                grant.source = self.random.one(&[GrantSource::Issue, GrantSource::Pool]);
                (FUND_ADMIN, grant.into())
            }
        }
    }
}
