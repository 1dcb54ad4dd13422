"""A small scheme: one district with one station, its officers, two members."""

import os

from bank import Bank
from signing import Person
from stubs import entry_pb2, rules_pb2, types_pb2


class Scheme:
    """One district with one station, its officers, and two members."""

    def __init__(self, bank: Bank):
        self.bank = bank
        self.operator, self.staff, self.auditor = Person(), Person(), Person()
        self.fund, self.fund_second = Person(), Person()
        self.volunteer, self.recipient = Person(), Person()
        self.unit, self.district, self.station = (os.urandom(16) for _ in range(3))

    def open(self) -> None:
        act, station = self.bank.act, self.station
        act(self.operator, open_ledger=self.genesis())
        self.open_unit(self.district, self.unit, entry_pb2.UNIT_KIND_DISTRICT, "Bridge District")
        self.open_unit(station, self.district, entry_pb2.UNIT_KIND_STATION, "桥头站")
        for officer, unit, role in [
            (self.staff, station, entry_pb2.ROLE_STAFF),
            (self.fund, self.unit, entry_pb2.ROLE_FUND_ADMIN),
            (self.fund_second, self.unit, entry_pb2.ROLE_FUND_ADMIN),
            (self.auditor, self.unit, entry_pb2.ROLE_AUDITOR),
        ]:
            self.enrol(self.operator, officer, unit, born=1980)
            act(self.operator, appoint=entry_pb2.Appoint(member=officer.member, unit=unit, role=role))
        self.enrol(self.staff, self.volunteer, station, born=1962)
        self.enrol(self.staff, self.recipient, station, born=1944)

    def genesis(self):
        rules = rules_pb2.Rules(
            version=1,
            quantum_minutes=15,
            volunteer_age_years_min=18,
            volunteer_age_years_max=0,
            recipient_age_years_min=60,
            session_minutes_min=30,
            session_minutes_max=240,
            daily_minutes_max=0,
            weekly_minutes_max=0,
            balance_minutes_max=90_000,
            issued_minutes_max=600_000,
            grants_stop_percent=0,
            hours_expire_months=0,
            grant_expire_months=0,
            give_age_years_min=0,
            give_year_minutes_max=0,
            take_back_hours=72,
            lead_time_hours=0,
            request_open_hours=24,
            unmatched_hours=72,
            late_entry_days_max=7,
            tolerance_minutes=0,
            dispute_days=30,
            decide_days=15,
            case_days=7,
            freeze_days_max=30,
            delegation_days_max=730,
            estate_days=180,
            inter_district_minutes_max=300_000,
            rule_change_notice_days=30,
            proposal_open_days=30,
            entry_age_days_max=30,
            clock_ahead_minutes_max=10,
            recovery_delay_days=7,
            late_share_percent_max=100,
            sample_percent_min=5,
            dormant_months=24,
            reserve_percent_target=100,
            valuation_months_max=12,
            issuance=rules_pb2.ISSUANCE_TRANSFER,
            give_scope=rules_pb2.GIVE_SCOPE_ANYONE,
            rounding=rules_pb2.ROUNDING_DOWN,
            death_rule=rules_pb2.DEATH_RULE_HEIR,
            guarantee=rules_pb2.GUARANTEE_BEST_EFFORT,
            one_visit_at_a_time=True,
        )
        return entry_pb2.OpenLedger(
            unit=self.unit,
            scheme_name="桥头时间银行",
            hour_name="时间币",
            rules=rules,
            key=self.operator.new_key(self.bank.origin),
            birth_month=types_pb2.YearMonth(year=1979, month=11),
        )

    def open_unit(self, unit: bytes, parent: bytes, kind: int, name: str) -> None:
        opened = entry_pb2.OpenUnit(unit=unit, parent=parent, display_name=name, kind=kind)
        self.bank.act(self.operator, open_unit=opened)

    def enrol(self, by: Person, person: Person, unit: bytes, born: int) -> None:
        enrolment = entry_pb2.EnrolMember(
            member=person.member,
            unit=unit,
            birth_month=types_pb2.YearMonth(year=born, month=3),
            key=person.new_key(self.bank.origin),
        )
        self.bank.act(by, enrol_member=enrolment)
