//! Acts on people: membership, keys, roles.

use ledger::act::{AddKey, Appoint, Dismiss, EnrolMember, ObjectRecovery, RecoverKey, RevokeKey};
use ledger::entry::NewKey;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::{KeyId, Rejection, YearMonth};

use super::Choice;
use super::field::{self, All};
use crate::v1;

impl TryFrom<v1::EnrolMember> for EnrolMember {
    type Error = Rejection;

    fn try_from(message: v1::EnrolMember) -> Result<Self, Rejection> {
        let v1::EnrolMember {
            member,
            unit,
            birth_month,
            need,
            key,
            identity_commitment,
        } = message;
        let (member, unit, birth_month, need, key, identity) = (
            field::member("enrol_member.member", &member),
            field::unit("enrol_member.unit", &unit),
            field::present("enrol_member.birth_month", birth_month).and_then(YearMonth::try_from),
            NeedCategory::parse("enrol_member.need", need),
            key.map(NewKey::try_from).transpose(),
            field::commitment("enrol_member.identity_commitment", &identity_commitment),
        )
            .all()?;
        Ok(Self {
            member,
            unit,
            birth_month,
            need,
            key,
            identity,
        })
    }
}

impl From<&EnrolMember> for v1::EnrolMember {
    fn from(act: &EnrolMember) -> Self {
        let EnrolMember {
            member,
            unit,
            birth_month,
            need,
            key,
            identity,
        } = act;
        Self {
            member: member.as_bytes().to_vec(),
            unit: unit.as_bytes().to_vec(),
            birth_month: Some((*birth_month).into()),
            need: need.to_number(),
            key: key.as_ref().map(v1::NewKey::from),
            identity_commitment: field::commitment_bytes(identity.as_ref()),
        }
    }
}

impl TryFrom<v1::AddKey> for AddKey {
    type Error = Rejection;

    fn try_from(message: v1::AddKey) -> Result<Self, Rejection> {
        let v1::AddKey { key } = message;
        let key = field::present("add_key.key", key).and_then(NewKey::try_from)?;
        Ok(Self { key })
    }
}

impl From<&AddKey> for v1::AddKey {
    fn from(act: &AddKey) -> Self {
        let AddKey { key } = act;
        Self {
            key: Some(key.into()),
        }
    }
}

impl TryFrom<v1::RevokeKey> for RevokeKey {
    type Error = Rejection;

    fn try_from(message: v1::RevokeKey) -> Result<Self, Rejection> {
        let v1::RevokeKey { key_id } = message;
        let key_id = field::fixed("revoke_key.key_id", &key_id).map(KeyId::from_bytes)?;
        Ok(Self { key_id })
    }
}

impl From<&RevokeKey> for v1::RevokeKey {
    fn from(act: &RevokeKey) -> Self {
        let RevokeKey { key_id } = act;
        Self {
            key_id: key_id.as_bytes().to_vec(),
        }
    }
}

impl TryFrom<v1::RecoverKey> for RecoverKey {
    type Error = Rejection;

    fn try_from(message: v1::RecoverKey) -> Result<Self, Rejection> {
        let v1::RecoverKey {
            member,
            key,
            identity_commitment,
        } = message;
        let (member, key, identity) = (
            field::member("recover_key.member", &member),
            field::present("recover_key.key", key)
                .and_then(NewKey::try_from)
                .map(Box::new),
            field::commitment("recover_key.identity_commitment", &identity_commitment),
        )
            .all()?;
        Ok(Self {
            member,
            key,
            identity,
        })
    }
}

impl From<&RecoverKey> for v1::RecoverKey {
    fn from(act: &RecoverKey) -> Self {
        let RecoverKey {
            member,
            key,
            identity,
        } = act;
        Self {
            member: member.as_bytes().to_vec(),
            key: Some(key.as_ref().into()),
            identity_commitment: field::commitment_bytes(identity.as_ref()),
        }
    }
}

impl TryFrom<v1::ObjectRecovery> for ObjectRecovery {
    type Error = Rejection;

    fn try_from(message: v1::ObjectRecovery) -> Result<Self, Rejection> {
        let v1::ObjectRecovery { recovery } = message;
        let recovery = field::entry("object_recovery.recovery", &recovery)?;
        Ok(Self { recovery })
    }
}

impl From<&ObjectRecovery> for v1::ObjectRecovery {
    fn from(act: &ObjectRecovery) -> Self {
        let ObjectRecovery { recovery } = act;
        Self {
            recovery: recovery.as_bytes().to_vec(),
        }
    }
}

impl TryFrom<v1::Appoint> for Appoint {
    type Error = Rejection;

    fn try_from(message: v1::Appoint) -> Result<Self, Rejection> {
        let v1::Appoint { member, unit, role } = message;
        let (member, unit, role) = (
            field::member("appoint.member", &member),
            field::unit("appoint.unit", &unit),
            Role::parse("appoint.role", role),
        )
            .all()?;
        Ok(Self { member, unit, role })
    }
}

impl From<&Appoint> for v1::Appoint {
    fn from(act: &Appoint) -> Self {
        let Appoint { member, unit, role } = act;
        Self {
            member: member.as_bytes().to_vec(),
            unit: unit.as_bytes().to_vec(),
            role: role.to_number(),
        }
    }
}

impl TryFrom<v1::Dismiss> for Dismiss {
    type Error = Rejection;

    fn try_from(message: v1::Dismiss) -> Result<Self, Rejection> {
        let v1::Dismiss { member, unit, role } = message;
        let (member, unit, role) = (
            field::member("dismiss.member", &member),
            field::unit("dismiss.unit", &unit),
            Role::parse("dismiss.role", role),
        )
            .all()?;
        Ok(Self { member, unit, role })
    }
}

impl From<&Dismiss> for v1::Dismiss {
    fn from(act: &Dismiss) -> Self {
        let Dismiss { member, unit, role } = act;
        Self {
            member: member.as_bytes().to_vec(),
            unit: unit.as_bytes().to_vec(),
            role: role.to_number(),
        }
    }
}

impl TryFrom<v1::YearMonth> for YearMonth {
    type Error = Rejection;

    fn try_from(message: v1::YearMonth) -> Result<Self, Rejection> {
        let v1::YearMonth { year, month } = message;
        Self::parse(year, month)
    }
}

impl From<YearMonth> for v1::YearMonth {
    fn from(month: YearMonth) -> Self {
        Self {
            year: month.year().into(),
            month: month.month().into(),
        }
    }
}
