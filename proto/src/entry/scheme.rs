//! Acts on the scheme: its genesis, its units, and a state that is adopted.

use ledger::act::{AdoptState, OpenLedger, OpenUnit};
use ledger::entry::NewKey;
use ledger::log::{Hash, TreeSize};
use ledger::scheme::parse_name;
use ledger::unit::UnitKind;
use ledger::{Abandoned, Rejection, Rules, YearMonth};

use super::Choice;
use super::field::{self, All};
use crate::{count, v1};

impl TryFrom<v1::OpenLedger> for OpenLedger {
    type Error = Rejection;

    fn try_from(message: v1::OpenLedger) -> Result<Self, Rejection> {
        let v1::OpenLedger {
            unit,
            scheme_name,
            hour_name,
            rules,
            key,
            birth_month,
        } = message;
        let (unit, scheme_name, hour_name, rules, key, birth_month) = (
            field::unit("open_ledger.unit", &unit),
            parse_name("open_ledger.scheme_name", scheme_name),
            parse_name("open_ledger.hour_name", hour_name),
            field::present("open_ledger.rules", rules)
                .and_then(Rules::try_from)
                .map(Box::new),
            field::present("open_ledger.key", key).and_then(NewKey::try_from),
            field::present("open_ledger.birth_month", birth_month).and_then(YearMonth::try_from),
        )
            .all()?;
        Ok(Self {
            unit,
            scheme_name,
            hour_name,
            rules,
            key,
            birth_month,
        })
    }
}

impl From<&OpenLedger> for v1::OpenLedger {
    fn from(act: &OpenLedger) -> Self {
        let OpenLedger {
            unit,
            scheme_name,
            hour_name,
            rules,
            key,
            birth_month,
        } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            scheme_name: scheme_name.clone(),
            hour_name: hour_name.clone(),
            rules: Some(rules.as_ref().into()),
            key: Some(key.into()),
            birth_month: Some((*birth_month).into()),
        }
    }
}

impl TryFrom<v1::OpenUnit> for OpenUnit {
    type Error = Rejection;

    fn try_from(message: v1::OpenUnit) -> Result<Self, Rejection> {
        let v1::OpenUnit {
            unit,
            parent,
            display_name,
            kind,
        } = message;
        let (unit, parent, display_name, kind) = (
            field::unit("open_unit.unit", &unit),
            field::unit("open_unit.parent", &parent),
            parse_name("open_unit.display_name", display_name),
            UnitKind::parse("open_unit.kind", kind),
        )
            .all()?;
        Ok(Self {
            unit,
            parent,
            display_name,
            kind,
        })
    }
}

impl From<&OpenUnit> for v1::OpenUnit {
    fn from(act: &OpenUnit) -> Self {
        let OpenUnit {
            unit,
            parent,
            display_name,
            kind,
        } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            parent: parent.as_bytes().to_vec(),
            display_name: display_name.clone(),
            kind: kind.to_number(),
        }
    }
}

impl TryFrom<v1::AdoptState> for AdoptState {
    type Error = Rejection;

    fn try_from(message: v1::AdoptState) -> Result<Self, Rejection> {
        let v1::AdoptState {
            abandoned_tree_size,
            abandoned_root_hash,
            reason_commitment,
        } = message;
        let size = u64::try_from(abandoned_tree_size).map(TreeSize::new);
        let (size, root, reason) = (
            size.map_err(|_| Rejection::NumberOutOfRange {
                field: "adopt_state.abandoned_tree_size",
            }),
            field::fixed("adopt_state.abandoned_root_hash", &abandoned_root_hash)
                .map(Hash::from_bytes),
            field::commitment("adopt_state.reason_commitment", &reason_commitment),
        )
            .all()?;
        let abandoned = Abandoned { size, root };
        Ok(Self { abandoned, reason })
    }
}

impl From<&AdoptState> for v1::AdoptState {
    fn from(act: &AdoptState) -> Self {
        let AdoptState {
            abandoned: Abandoned { size, root },
            reason,
        } = act;
        Self {
            abandoned_tree_size: count(size.get()),
            abandoned_root_hash: root.as_bytes().to_vec(),
            reason_commitment: field::commitment_bytes(reason.as_ref()),
        }
    }
}
