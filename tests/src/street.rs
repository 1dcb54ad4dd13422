//! A scheme for tests: one district, two stations, staff, a fund, and members
//! with hours.

use ledger::act::{
    AcceptCare, Appoint, Approve, ConfirmService, EnrolMember, Grant, GrantSource, LogService,
    OpenLedger, OpenUnit, RequestCare,
};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::service::ItemCode;
use ledger::unit::UnitKind;
use ledger::{Millis, Minutes, Rules, SignedEntry, UnitId, YearMonth};

use crate::pen::{Pen, Person};

/// Who and what the scheme has.
pub struct Street {
    /// Signs for everyone.
    pub pen: Pen,
    /// The scheme's own unit.
    pub scheme: UnitId,
    /// The only district.
    pub district: UnitId,
    /// Two stations.
    pub stations: [UnitId; 2],
    /// Opened the ledger; operator of the scheme.
    pub root: Person,
    /// Regulator of the scheme.
    pub regulator: Person,
    /// Staff of each station.
    pub staff: [Person; 2],
    /// Two administrators of the fund.
    pub fund: [Person; 2],
    /// Auditor of the scheme.
    pub auditor: Person,
    /// Members, in turn of the first and the second station.
    pub members: Vec<Person>,
    /// The rules.
    pub rules: Rules,
}

impl Street {
    /// A scheme with so many members and the default rules.
    pub fn new(pen: Pen, members: u64) -> Self {
        let unit = |number| UnitId::from_bytes([number; 16]);
        Self {
            pen,
            scheme: unit(1),
            district: unit(2),
            stations: [unit(3), unit(4)],
            root: Person::numbered(1),
            regulator: Person::numbered(2),
            staff: [Person::numbered(3), Person::numbered(4)],
            fund: [Person::numbered(5), Person::numbered(6)],
            auditor: Person::numbered(7),
            members: (0..members)
                .map(|number| Person::numbered(100 + number))
                .collect(),
            rules: Rules {
                issued_minutes_max: 60_000_000_000,
                balance_minutes_max: 0,
                // People here are busier than anybody can be.
                one_visit_at_a_time: false,
                ..Rules::default()
            },
        }
    }

    /// Everyone who signs.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        let officers = [&self.root, &self.regulator, &self.auditor];
        let officers = officers.into_iter().chain(&self.staff).chain(&self.fund);
        officers.chain(&self.members)
    }

    /// The station of a member.
    pub fn station_of(&self, member: usize) -> UnitId {
        self.stations[member % 2]
    }

    /// The entries that open it all, in order; each member is granted so many
    /// minutes, if any.
    pub fn opening(&self, granted: u32) -> Vec<SignedEntry> {
        let mut entries = self.organisation();
        entries.extend((0..self.members.len()).map(|member| self.enrolment(member)));
        if let Ok(minutes) = Minutes::parse(granted.into()) {
            entries.extend((0..self.members.len()).flat_map(|member| self.grant(member, minutes)));
        }
        entries
    }

    fn organisation(&self) -> Vec<SignedEntry> {
        let born = YearMonth::parse(1960, 5).expect("a month");
        let genesis = OpenLedger {
            unit: self.scheme,
            scheme_name: "Street time bank".to_owned(),
            hour_name: "hour".to_owned(),
            rules: Box::new(self.rules.clone()),
            key: self.pen.new_key(&self.root),
            birth_month: born,
        };
        let mut entries = vec![self.pen.sign(&self.root, genesis).1];
        let units = [
            (self.district, self.scheme, UnitKind::District, "District"),
            (
                self.stations[0],
                self.district,
                UnitKind::Station,
                "Lower Street",
            ),
            (
                self.stations[1],
                self.district,
                UnitKind::Station,
                "Upper Street",
            ),
        ];
        for (unit, parent, kind, name) in units {
            let open = OpenUnit {
                unit,
                parent,
                kind,
                display_name: name.to_owned(),
            };
            entries.push(self.pen.sign(&self.root, open).1);
        }
        let officers = [
            (&self.regulator, self.scheme, Role::Regulator),
            (&self.staff[0], self.stations[0], Role::Staff),
            (&self.staff[1], self.stations[1], Role::Staff),
            (&self.fund[0], self.scheme, Role::FundAdmin),
            (&self.fund[1], self.scheme, Role::FundAdmin),
            (&self.auditor, self.scheme, Role::Auditor),
        ];
        for (officer, unit, role) in officers {
            entries.push(self.enrol(&self.root, officer, unit));
            let appoint = Appoint {
                member: officer.id,
                unit,
                role,
            };
            entries.push(self.pen.sign(&self.root, appoint).1);
        }
        entries
    }

    /// Staff enrol a member at their station.
    pub fn enrolment(&self, member: usize) -> SignedEntry {
        let station = member % 2;
        self.enrol(
            &self.staff[station],
            &self.members[member],
            self.stations[station],
        )
    }

    fn enrol(&self, by: &Person, person: &Person, unit: UnitId) -> SignedEntry {
        let enrol = EnrolMember {
            member: person.id,
            unit,
            birth_month: YearMonth::parse(1955, 3).expect("a month"),
            need: NeedCategory::None,
            key: Some(self.pen.new_key(person)),
            identity: None,
        };
        self.pen.sign(by, enrol).1
    }

    /// The fund grants a member hours: the proposal and its approval.
    pub fn grant(&self, member: usize, minutes: Minutes) -> [SignedEntry; 2] {
        let grant = Grant {
            unit: self.station_of(member),
            recipient: self.members[member].id,
            minutes,
            source: GrantSource::Issue,
            reason: None,
        };
        let (proposal, proposed) = self.pen.sign(&self.fund[0], grant);
        let (_, approved) = self.pen.sign(&self.fund[1], Approve { proposal });
        [proposed, approved]
    }

    /// A visit of an hour that was two hours ago, between two members in turn: its
    /// request, acceptance, statement and confirmation.
    ///
    /// # Panics
    /// Never: an hour is an amount.
    pub fn visit(&self, number: usize) -> [SignedEntry; 4] {
        let (recipient, volunteer) = self.pair(number);
        let unit = self.station_of(recipient);
        let (recipient, volunteer) = (&self.members[recipient], &self.members[volunteer]);
        let minutes = Minutes::parse(60).expect("positive");
        let start = Millis::new(self.pen.now().get() - 2 * 3_600_000);
        let request = RequestCare {
            unit,
            item: ItemCode::parse("companionship".to_owned()).expect("a code"),
            start,
            minutes,
            note: None,
        };
        let (service, requested) = self.pen.sign(recipient, request);
        let log = LogService {
            service,
            start,
            minutes,
            evidence: None,
        };
        let confirm = ConfirmService { service, minutes };
        [
            requested,
            self.pen.sign(volunteer, AcceptCare { service }).1,
            self.pen.sign(volunteer, log).1,
            self.pen.sign(recipient, confirm).1,
        ]
    }

    /// Two different members, in turn.
    pub fn pair(&self, number: usize) -> (usize, usize) {
        let members = self.members.len();
        let one = number % members;
        (one, (one + 1 + number / members % (members - 1)) % members)
    }
}
