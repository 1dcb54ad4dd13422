//! Acts on rules, units and districts, and of those who look into things.

use ledger::Rejection;
use ledger::act::{
    AdoptRules, ChangeUnit, CloseCase, GiveOpinion, OpenCase, RecordSample, SetOptions,
    SettleClearing,
};

use super::field;
use super::part::{Part, messages};
use crate::v1;

messages! {
    SettleClearing "settle_clearing" { unit as unit, other as other, minutes as minutes, statement as statement_hash }
    SetOptions "set_options" { unit as unit, options as options, from as from_ms, reason as reason_commitment }
    AdoptRules "adopt_rules" { rules as rules, from as from_ms, reason as reason_commitment }
    ChangeUnit "change_unit" { unit as unit, change as change, successor as successor, reason as reason_commitment }
    OpenCase "open_case" { unit as unit, kind as kind, report as report_commitment }
    CloseCase "close_case" { case as case_id, outcome as outcome, answer as answer_commitment }
    GiveOpinion "give_opinion" { unit as unit, size as tree_size, root as root_hash, opinion as opinion, report as report_hash }
    RecordSample "record_sample" { unit as unit, size as tree_size, root as root_hash, drawn as drawn, confirmed as confirmed, denied as denied, protocol as protocol_hash }
}
