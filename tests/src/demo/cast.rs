//! Who takes part in the demonstration, and the opening of their scheme.

use std::path::Path;

use anyhow::Result;
use client::{Client, Identity, KeyFolder, random};
use ledger::act::{Appoint, Approve, EnrolMember, Grant, GrantSource, OpenLedger, OpenUnit};
use ledger::entry::{Attestation, OnBehalf};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{Act, EntryId, MemberId, Minutes, Rules, UnitId, YearMonth};

/// Volunteers, in turn of the two stations.
const VOLUNTEERS: usize = 22;
/// Recipients, likewise.
const RECIPIENTS: usize = 14;
/// What the fund grants each recipient.
const GRANTED_MINUTES: i64 = 600;

/// Someone who acts.
pub(super) struct Actor {
    pub(super) id: MemberId,
    pub(super) client: Client,
}

impl Actor {
    /// Does an act.
    pub(super) async fn act(&self, act: impl Into<Act>) -> Result<EntryId> {
        Ok(self.client.submit(act, None).await?.entry_id)
    }

    /// Does an act for someone who is at the counter.
    pub(super) async fn act_for(&self, member: MemberId, act: impl Into<Act>) -> Result<EntryId> {
        let behalf = OnBehalf {
            member,
            attestation: Attestation::Kiosk,
        };
        Ok(self.client.submit(act, Some(behalf)).await?.entry_id)
    }
}

/// A station, and who works there.
pub(super) struct Station {
    pub(super) unit: UnitId,
    pub(super) name: &'static str,
    pub(super) staff: Actor,
}

/// Everyone.
pub(super) struct Cast {
    pub(super) operator: Actor,
    pub(super) regulator: Actor,
    pub(super) stations: [Station; 2],
    pub(super) fund: [Actor; 2],
    pub(super) auditor: Actor,
    pub(super) volunteers: Vec<Actor>,
    pub(super) recipients: Vec<Actor>,
}

/// Makes people members.
struct Registrar<'a> {
    client: &'a Client,
    keys: KeyFolder,
}

impl Registrar<'_> {
    /// A new person; with a name, the key is kept in a file of that name.
    fn person(&self, key_name: Option<&str>) -> Result<(Identity, Actor)> {
        let identity = Identity {
            member: random::member_id()?,
            key: random::secret_key()?,
        };
        if let Some(name) = key_name {
            self.keys
                .create(name, &identity, Some(self.client.origin()))?;
        }
        let client = self.client.acting_as(identity.clone());
        let id = identity.member;
        Ok((identity, Actor { id, client }))
    }

    /// A new member, enrolled by someone who may.
    async fn enrol(
        &self,
        by: &Actor,
        unit: UnitId,
        born: i32,
        key_name: Option<&str>,
    ) -> Result<Actor> {
        let (identity, actor) = self.person(key_name)?;
        by.act(EnrolMember {
            member: actor.id,
            unit,
            birth_month: YearMonth::parse(born, 4)?,
            need: if born < 1950 {
                NeedCategory::LivingAlone
            } else {
                NeedCategory::None
            },
            key: Some(identity.prove(self.client.origin())),
            identity: None,
        })
        .await?;
        Ok(actor)
    }

    /// Opens the ledger, and answers with the scheme and its first operator.
    async fn open_ledger(&self) -> Result<(UnitId, Actor)> {
        let (identity, operator) = self.person(Some("operator"))?;
        let unit = random::unit_id()?;
        let genesis = OpenLedger {
            unit,
            scheme_name: "Camphor Street time bank".to_owned(),
            hour_name: "hour".to_owned(),
            rules: Box::new(Rules::default()),
            key: identity.prove(self.client.origin()),
            birth_month: YearMonth::parse(1980, 1)?,
        };
        operator.act(genesis).await?;
        Ok((unit, operator))
    }

    /// A new station and its staff.
    async fn station(
        &self,
        by: &Actor,
        district: UnitId,
        name: &'static str,
        key: &str,
    ) -> Result<Station> {
        let unit = open_unit(by, district, UnitKind::Station, name).await?;
        let staff = self.officer(by, unit, Role::Staff, key).await?;
        Ok(Station { unit, name, staff })
    }

    /// New members, in turn of the stations; the first keeps the key in a file.
    async fn crowd(
        &self,
        stations: &[Station; 2],
        people: usize,
        born: i32,
        first_key: &str,
    ) -> Result<Vec<Actor>> {
        let mut crowd = Vec::with_capacity(people);
        for number in 0..people {
            let Station { unit, staff, .. } = &stations[number % 2];
            let key = (number == 0).then_some(first_key);
            crowd.push(self.enrol(staff, *unit, born, key).await?);
        }
        Ok(crowd)
    }

    /// A new member with a role.
    async fn officer(&self, by: &Actor, unit: UnitId, role: Role, key: &str) -> Result<Actor> {
        let officer = self.enrol(by, unit, 1985, Some(key)).await?;
        by.act(Appoint {
            member: officer.id,
            unit,
            role,
        })
        .await?;
        Ok(officer)
    }
}

impl Cast {
    /// Opens the ledger, its units and offices, and enrols everyone.
    pub(super) async fn open_scheme(client: &Client, home: &Path) -> Result<Self> {
        let keys = KeyFolder::in_home(home);
        let registrar = Registrar { client, keys };
        let (scheme, operator) = registrar.open_ledger().await?;
        let fund_admin = |key| registrar.officer(&operator, scheme, Role::FundAdmin, key);
        let fund = [fund_admin("fund").await?, fund_admin("fund-second").await?];
        let regulator = registrar.officer(&operator, scheme, Role::Regulator, "regulator");
        let regulator = regulator.await?;
        let auditor = registrar.officer(&operator, scheme, Role::Auditor, "auditor");
        let auditor = auditor.await?;
        let district = open_unit(&operator, scheme, UnitKind::District, "River District").await?;
        let station = |name, key| registrar.station(&operator, district, name, key);
        let stations = [
            station("Lower Camphor Street", "staff").await?,
            station("Upper Camphor Street", "staff-upper").await?,
        ];
        let volunteers = registrar
            .crowd(&stations, VOLUNTEERS, 1962, "volunteer")
            .await?;
        let recipients = registrar
            .crowd(&stations, RECIPIENTS, 1944, "recipient")
            .await?;
        let cast = Self {
            operator,
            regulator,
            stations,
            fund,
            auditor,
            volunteers,
            recipients,
        };
        println!(
            "The scheme is open: two stations, {} members, a fund.",
            cast.members()
        );
        Ok(cast)
    }

    /// How many people take part.
    fn members(&self) -> usize {
        let officers = 1 + 1 + self.stations.len() + self.fund.len() + 1;
        officers + self.volunteers.len() + self.recipients.len()
    }

    /// The station of the person of a number.
    pub(super) fn station_of(&self, number: usize) -> &Station {
        &self.stations[number % 2]
    }

    /// The fund grants a recipient hours: one proposes, another approves.
    pub(super) async fn grant(&self, number: usize) -> Result<()> {
        let proposal = self.fund[0]
            .act(Grant {
                unit: self.station_of(number).unit,
                recipient: self.recipients[number].id,
                minutes: Minutes::parse(GRANTED_MINUTES)?,
                source: GrantSource::Issue,
                reason: None,
            })
            .await?;
        self.fund[1].act(Approve { proposal }).await?;
        Ok(())
    }
}

async fn open_unit(by: &Actor, parent: UnitId, kind: UnitKind, name: &str) -> Result<UnitId> {
    let unit = random::unit_id()?;
    by.act(OpenUnit {
        unit,
        parent,
        kind,
        display_name: name.to_owned(),
    })
    .await?;
    Ok(unit)
}
