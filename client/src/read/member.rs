//! Members and units.

use ledger::member::NeedCategory;
use ledger::options::{UnitOptions, UpcomingOptions};
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{EntryId, KeyId, MemberId, Millis, UnitId, YearMonth};
use proto::{name, v1};
use serde::{Serialize, Serializer};

use super::{PAGE_SIZE, id, known, member_id, optional_id, optional_time, pages, unit_id};
use crate::client::Client;
use crate::error::ClientError;

/// A member. Nothing here says who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberInfo {
    /// The member.
    #[serde(serialize_with = "super::text")]
    pub member: MemberId,
    /// The short code.
    pub code: String,
    /// The home unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// The month of birth, as `YYYY-MM`.
    #[serde(serialize_with = "super::text")]
    pub birth_month: YearMonth,
    /// The assessed need.
    pub need: NeedCategory,
    /// The roles.
    pub roles: Vec<RoleInfo>,
    /// The keys that have not ended, oldest first.
    #[serde(serialize_with = "texts")]
    pub keys: Vec<KeyId>,
    /// The recovery of the keys that is under way.
    pub recovery: Option<RecoveryInfo>,
    /// Whether the member is one still: "active", "suspended", "dead", "closed" or
    /// "merged".
    pub standing: &'static str,
    /// Until when a suspension lasts, or from when the hours of a dead member may
    /// go to the pool.
    pub standing_until: Option<Millis>,
    /// Until when no hours leave the account.
    pub frozen_until: Option<Millis>,
    /// How often the member did not come.
    pub missed: i32,
    /// The entry that commits to the profile.
    #[serde(serialize_with = "super::optional_text")]
    pub profile: Option<EntryId>,
    /// Whether the hours of the member's visits go to the pool.
    pub dedicated: bool,
}

/// A recovery of a member's keys that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RecoveryInfo {
    /// The entry that proposed it.
    #[serde(serialize_with = "super::text")]
    pub recovery: EntryId,
    /// The key that is to replace all others.
    #[serde(serialize_with = "super::text")]
    pub key: KeyId,
    /// From when it may be finished; none while nobody has approved it.
    pub due: Option<Millis>,
}

/// A role of a member in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoleInfo {
    /// Where.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// As what.
    pub role: Role,
}

/// A unit of organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitInfo {
    /// The unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// The public name.
    pub display_name: String,
    /// Its level.
    #[serde(serialize_with = "kind_text")]
    pub kind: UnitKind,
    /// The unit above; none above the scheme.
    #[serde(serialize_with = "super::optional_text")]
    pub parent: Option<UnitId>,
    /// Whether it takes on anything new: "open", "paused" or "closed".
    pub standing: &'static str,
    /// Whose people act for the members of a closed unit.
    #[serde(serialize_with = "super::optional_text")]
    pub successor: Option<UnitId>,
    /// What a district asks beyond the rules of the scheme.
    pub options: UnitOptions,
    /// What it asks from some time on; it may have come since.
    pub upcoming: Option<UpcomingOptions>,
}

impl Client {
    /// One member, by id or short code.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn member(&self, id_or_code: &str) -> Result<MemberInfo, ClientError> {
        let compact: String = id_or_code
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .collect();
        let request = v1::GetMemberRequest {
            name: format!("members/{compact}"),
        };
        let mut service = self.connection.accounts();
        member(self.call(service.get_member(self.request(request))).await?)
    }

    /// The members of a unit.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn members(&self, unit: UnitId) -> Result<Vec<MemberInfo>, ClientError> {
        let members = pages(usize::MAX, |page_token| async move {
            let parent = name::UNITS.name(&unit);
            let request = v1::ListMembersRequest {
                parent,
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut service = self.connection.accounts();
            let answer = self
                .call(service.list_members(self.request(request)))
                .await?;
            Ok((answer.members, answer.next_page_token))
        });
        members.await?.into_iter().map(member).collect()
    }

    /// All units, those above before those below.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn units(&self) -> Result<Vec<UnitInfo>, ClientError> {
        let units = pages(usize::MAX, |page_token| async move {
            let request = v1::ListUnitsRequest {
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut service = self.connection.accounts();
            let answer = self.call(service.list_units(self.request(request))).await?;
            Ok((answer.units, answer.next_page_token))
        });
        units.await?.into_iter().map(unit).collect()
    }
}

fn member(member: v1::Member) -> Result<MemberInfo, ClientError> {
    let need = match member.need() {
        v1::NeedCategory::Unspecified => NeedCategory::None,
        v1::NeedCategory::LivingAlone => NeedCategory::LivingAlone,
        v1::NeedCategory::PartlyDisabled => NeedCategory::PartlyDisabled,
        v1::NeedCategory::Disabled => NeedCategory::Disabled,
        v1::NeedCategory::Hardship => NeedCategory::Hardship,
    };
    let standing = match member.standing() {
        v1::MemberStanding::Unspecified => None,
        v1::MemberStanding::Active => Some("active"),
        v1::MemberStanding::Suspended => Some("suspended"),
        v1::MemberStanding::Dead => Some("dead"),
        v1::MemberStanding::Closed => Some("closed"),
        v1::MemberStanding::Merged => Some("merged"),
    };
    let month = member
        .birth_month
        .and_then(|it| YearMonth::parse(it.year, it.month).ok());
    Ok(MemberInfo {
        member: member_id(&member.name)?,
        code: member.code,
        unit: unit_id(&member.unit)?,
        birth_month: known(month, "the month of birth")?,
        need,
        roles: member
            .appointments
            .iter()
            .map(role)
            .collect::<Result<_, _>>()?,
        keys: member
            .key_ids
            .iter()
            .map(|id| key_id(id))
            .collect::<Result<_, _>>()?,
        recovery: member.recovery.as_ref().map(recovery).transpose()?,
        standing: known(standing, "the standing of a member")?,
        standing_until: optional_time(member.standing_until_ms),
        frozen_until: optional_time(member.frozen_until_ms),
        missed: member.missed,
        profile: super::optional_id(&name::OPENINGS, &member.profile)?,
        dedicated: member.dedicated,
    })
}

fn recovery(recovery: &v1::Recovery) -> Result<RecoveryInfo, ClientError> {
    let v1::Recovery {
        proposal,
        key_id: key,
        due_ms,
    } = recovery;
    Ok(RecoveryInfo {
        recovery: id(&name::PROPOSALS, proposal)?,
        key: key_id(key)?,
        due: optional_time(*due_ms),
    })
}

fn key_id(bytes: &[u8]) -> Result<KeyId, ClientError> {
    let bytes = bytes.try_into().ok();
    known(bytes.map(KeyId::from_bytes), "the id of a key")
}

fn role(appointment: &v1::Appointment) -> Result<RoleInfo, ClientError> {
    let role = match appointment.role() {
        v1::Role::Unspecified => None,
        v1::Role::Operator => Some(Role::Operator),
        v1::Role::Regulator => Some(Role::Regulator),
        v1::Role::Staff => Some(Role::Staff),
        v1::Role::FundAdmin => Some(Role::FundAdmin),
        v1::Role::Auditor => Some(Role::Auditor),
    };
    Ok(RoleInfo {
        unit: unit_id(&appointment.unit)?,
        role: known(role, "a role")?,
    })
}

fn unit(unit: v1::Unit) -> Result<UnitInfo, ClientError> {
    let standing = match unit.standing() {
        v1::UnitStanding::Unspecified => None,
        v1::UnitStanding::Open => Some("open"),
        v1::UnitStanding::Paused => Some("paused"),
        v1::UnitStanding::Closed => Some("closed"),
    };
    let kind = match unit.kind() {
        v1::UnitKind::Unspecified => None,
        v1::UnitKind::Scheme => Some(UnitKind::Scheme),
        v1::UnitKind::District => Some(UnitKind::District),
        v1::UnitKind::Station => Some(UnitKind::Station),
    };
    Ok(UnitInfo {
        unit: unit_id(&unit.name)?,
        display_name: unit.display_name,
        standing: known(standing, "the standing of a unit")?,
        successor: optional_id(&name::UNITS, &unit.successor)?,
        kind: known(kind, "a unit")?,
        parent: optional_id(&name::UNITS, &unit.parent)?,
        options: unit_options(unit.options)?.unwrap_or_default(),
        upcoming: unit_options(unit.upcoming_options)?.map(|options| UpcomingOptions {
            options,
            from: Millis::new(unit.upcoming_from_ms),
        }),
    })
}

fn unit_options(options: Option<v1::UnitOptions>) -> Result<Option<UnitOptions>, ClientError> {
    let options = options.map(UnitOptions::try_from).transpose();
    options.map_err(|_| ClientError::Answer("the options of a unit".to_owned()))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference to the field"
)]
fn kind_text<S: Serializer>(kind: &UnitKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        UnitKind::Scheme => "scheme",
        UnitKind::District => "district",
        UnitKind::Station => "station",
    })
}

fn texts<S: Serializer>(ids: &[KeyId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}
