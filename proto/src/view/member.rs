//! Members and units.

use ledger::code::MemberCode;
use ledger::member::{KeyRing, Member, Recovery, Standing};
use ledger::role::Role;
use ledger::unit::{Unit, UnitStanding};
use ledger::{MemberId, Millis, UnitId};

use crate::entry::Choice;
use crate::name::{MEMBERS, OPENINGS, PROPOSALS, UNITS};
use crate::v1;

/// A member with the roles and keys they have.
pub fn member(
    id: &MemberId,
    member: &Member,
    roles: &[(UnitId, Role)],
    keys: &KeyRing,
) -> v1::Member {
    // The commitments are for the log alone, as is who is to inherit; duties and
    // audits are counted from the roles, and ties are lists of their own.
    let Member {
        unit,
        birth_month,
        need,
        profile,
        duties: _,
        audits: _,
        standing,
        frozen_until,
        agreement: _,
        beneficiary: _,
        given: _,
        missed,
        dedicated,
        kin: _,
        blocked: _,
    } = member;
    let (standing, until) = standing_of(*standing);
    // Whether an objection was made, only the rules ask.
    let KeyRing {
        keys,
        recovery,
        contested: _,
    } = keys;
    v1::Member {
        name: MEMBERS.name(id),
        code: MemberCode::of(id).to_string(),
        unit: UNITS.name(unit),
        birth_month: Some((*birth_month).into()),
        need: need.to_number(),
        appointments: roles.iter().map(appointment).collect(),
        key_ids: keys.iter().map(|id| id.as_bytes().to_vec()).collect(),
        recovery: recovery.as_ref().map(self::recovery),
        standing: standing.into(),
        standing_until_ms: until.map_or(0, Millis::get),
        frozen_until_ms: frozen_until.map_or(0, Millis::get),
        missed: i32::try_from(*missed).unwrap_or(i32::MAX),
        profile: profile
            .as_ref()
            .map_or_else(String::new, |entry| OPENINGS.name(entry)),
        dedicated: *dedicated,
    }
}

const fn standing_of(standing: Standing) -> (v1::MemberStanding, Option<Millis>) {
    match standing {
        Standing::Active => (v1::MemberStanding::Active, None),
        Standing::Suspended { until } => (v1::MemberStanding::Suspended, Some(until)),
        Standing::Dead { due } => (v1::MemberStanding::Dead, Some(due)),
        Standing::Closed => (v1::MemberStanding::Closed, None),
        Standing::Merged(_) => (v1::MemberStanding::Merged, None),
    }
}

fn recovery(recovery: &Recovery) -> v1::Recovery {
    let Recovery { id, key_id, due } = recovery;
    v1::Recovery {
        proposal: PROPOSALS.name(id),
        key_id: key_id.as_bytes().to_vec(),
        due_ms: due.map_or(0, Millis::get),
    }
}

fn appointment((unit, role): &(UnitId, Role)) -> v1::Appointment {
    v1::Appointment {
        unit: UNITS.name(unit),
        role: role.to_number(),
    }
}

/// A unit.
pub fn unit(id: &UnitId, unit: &Unit) -> v1::Unit {
    let Unit {
        kind,
        parent,
        display_name,
        standing,
        options,
        upcoming,
    } = unit;
    let (standing, successor) = match standing {
        UnitStanding::Open => (v1::UnitStanding::Open, None),
        UnitStanding::Paused => (v1::UnitStanding::Paused, None),
        UnitStanding::Closed { successor } => (v1::UnitStanding::Closed, Some(successor)),
    };
    v1::Unit {
        name: UNITS.name(id),
        display_name: display_name.clone(),
        kind: kind.to_number(),
        parent: parent
            .as_ref()
            .map(|parent| UNITS.name(parent))
            .unwrap_or_default(),
        standing: standing.into(),
        successor: successor.map(|id| UNITS.name(id)).unwrap_or_default(),
        options: Some(options.into()),
        upcoming_options: upcoming.as_ref().map(|it| (&it.options).into()),
        upcoming_from_ms: upcoming.map_or(0, |it| it.from.get()),
    }
}

#[cfg(test)]
mod tests {
    use ledger::member::NeedCategory;
    use ledger::options::{UnitOptions, UpcomingOptions};
    use ledger::unit::UnitKind;
    use ledger::{KeyId, YearMonth};

    use super::*;
    use crate::testing::{AUTHOR, NOW, UNIT, id};

    #[test]
    fn a_member_shows_code_and_roles_and_where_the_profile_is() {
        let birth_month = YearMonth::parse(1950, 3).unwrap();
        let row = Member {
            profile: Some(id()),
            duties: 1,
            standing: Standing::Suspended { until: NOW },
            missed: 2,
            ..Member::new(UNIT, birth_month, NeedCategory::Disabled)
        };
        let unit = format!("units/{UNIT}");
        let role = v1::Appointment {
            unit: unit.clone(),
            role: v1::Role::Staff.into(),
        };
        let key = KeyId::from_bytes([1; 16]);
        let keys = KeyRing {
            keys: vec![key],
            ..KeyRing::default()
        };
        assert_eq!(
            member(&AUTHOR, &row, &[(UNIT, Role::Staff)], &keys),
            v1::Member {
                name: format!("members/{AUTHOR}"),
                code: MemberCode::of(&AUTHOR).to_string(),
                unit,
                birth_month: Some(v1::YearMonth {
                    year: 1950,
                    month: 3
                }),
                need: v1::NeedCategory::Disabled.into(),
                appointments: vec![role],
                key_ids: vec![vec![1; 16]],
                recovery: None,
                standing: v1::MemberStanding::Suspended.into(),
                standing_until_ms: NOW.get(),
                frozen_until_ms: 0,
                missed: 2,
                profile: format!("openings/{}", id()),
                dedicated: false,
            }
        );
    }

    #[test]
    fn a_recovery_shows_when_it_is_due_once_it_is_approved() {
        let key_id = KeyId::from_bytes([2; 16]);
        for (due, due_ms) in [(None, 0), (Some(NOW), NOW.get())] {
            let shown = recovery(&Recovery {
                id: id(),
                key_id,
                due,
            });
            let expected = v1::Recovery {
                proposal: format!("proposals/{}", id()),
                key_id: vec![2; 16],
                due_ms,
            };
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn a_unit_shows_the_one_above_it_if_there_is_one() {
        let row = Unit {
            kind: UnitKind::Station,
            parent: Some(UNIT),
            display_name: "阳光站".into(),
            standing: UnitStanding::Closed { successor: UNIT },
            options: UnitOptions {
                daily_minutes_max: 120,
                ..UnitOptions::NONE
            },
            upcoming: Some(UpcomingOptions {
                options: UnitOptions::NONE,
                from: NOW,
            }),
        };
        let id = UnitId::from_bytes([1; 16]);
        let station = v1::Unit {
            name: format!("units/{id}"),
            display_name: "阳光站".to_owned(),
            kind: v1::UnitKind::Station.into(),
            parent: format!("units/{UNIT}"),
            standing: v1::UnitStanding::Closed.into(),
            successor: format!("units/{UNIT}"),
            options: Some(v1::UnitOptions {
                daily_minutes_max: 120,
                ..v1::UnitOptions::default()
            }),
            upcoming_options: Some(v1::UnitOptions::default()),
            upcoming_from_ms: NOW.get(),
        };
        assert_eq!(unit(&id, &row), station);
        let scheme = Unit {
            parent: None,
            kind: UnitKind::Scheme,
            ..row
        };
        let kind = v1::UnitKind::Scheme.into();
        assert_eq!(
            unit(&id, &scheme),
            v1::Unit {
                parent: String::new(),
                kind,
                ..station
            }
        );
    }
}
