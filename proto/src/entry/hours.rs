//! Acts on hours and money, and the decisions of second persons.

use ledger::Rejection;
use ledger::act::{
    Approve, Donate, Expire, ExpireHours, Give, Grant, ImportHours, PayMoney, PublishValuation,
    PurchaseCare, ReceiveMoney, RecordEvent, Refuse, Reverse, SetBudget, TakeBack,
};
use ledger::event::{Attendance, Roster};

use super::field;
use super::part::{Part, messages};
use crate::v1;

messages! {
    Give "give" { recipient as recipient, minutes as minutes }
    Donate "donate" { unit as unit, minutes as minutes }
    Grant "grant" { unit as unit, recipient as recipient, minutes as minutes, source as source, reason as reason_commitment }
    Approve "approve" { proposal as proposal }
    Refuse "refuse" { proposal as proposal, reason as reason_commitment }
    Reverse "reverse" { entry as entry_id, reason as reason_commitment }
    ReceiveMoney "receive_money" { unit as unit, fen as fen, voucher as voucher_hash, line as line }
    Expire "expire" { target as target }
    TakeBack "take_back" { entry as entry_id }
    ExpireHours "expire_hours" { member as member }
    ImportHours "import_hours" { member as member, minutes as minutes, scan as scan_hash }
    PayMoney "pay_money" { unit as unit, line as line, fen as fen, voucher as voucher_hash }
    PurchaseCare "purchase_care" { service as service, fen as fen, voucher as voucher_hash }
    SetBudget "set_budget" { unit as unit, line as line, limit as limit, reason as reason_commitment }
    Attendance "record_event.roster" { volunteer as volunteer, minutes as minutes }
    RecordEvent "record_event" { unit as unit, item as item, start as start_ms, roster as roster, source as source, evidence as evidence_hash }
    PublishValuation "publish_valuation" { unit as unit, liability_fen as liability_fen, reserve_fen as reserve_fen, document as document_hash }
}

impl Part for Roster {
    type Wire = Vec<v1::Attendance>;

    fn read(field: &'static str, wire: Vec<v1::Attendance>) -> Result<Self, Rejection> {
        if wire.is_empty() {
            return Err(Rejection::FieldMissing { field });
        }
        let list = wire.into_iter().map(Attendance::try_from);
        let list = list.collect::<Result<Vec<_>, Rejection>>()?;
        Self::new(list).ok_or(Rejection::NumberOutOfRange { field })
    }

    fn write(&self) -> Vec<v1::Attendance> {
        self.iter().map(v1::Attendance::from).collect()
    }
}
