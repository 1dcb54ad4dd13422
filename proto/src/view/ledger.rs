//! The ledger itself, and its records.

use ledger::log::{Position, VerifierKey};
use ledger::scheme::Scheme;
use ledger::{Millis, Rules};

use crate::name::{RECORDS, UNITS};
use crate::{count, v1};

/// A scheme after its genesis.
#[derive(Debug, Clone, Copy)]
pub struct OpenScheme<'s> {
    /// Its standing.
    pub scheme: &'s Scheme,
    /// The rules in force.
    pub rules: &'s Rules,
    /// Rules that were adopted and are not in force yet.
    pub upcoming: Option<(Millis, &'s Rules)>,
}

/// What ledger a server keeps; without a scheme before the genesis. The log's
/// key is named by the origin.
pub fn ledger(key: &VerifierKey, open: Option<OpenScheme<'_>>) -> v1::Ledger {
    let closed = v1::Ledger {
        origin: key.name().to_string(),
        verifier_key: key.to_string(),
        open: false,
        scheme_name: String::new(),
        hour_name: String::new(),
        unit: String::new(),
        rules: None,
        upcoming_rules: None,
        upcoming_from_ms: 0,
    };
    let Some(OpenScheme {
        scheme,
        rules,
        upcoming,
    }) = open
    else {
        return closed;
    };
    let Scheme {
        ledger: _,
        unit,
        scheme_name,
        hour_name,
        rules: _,
        upcoming: _,
        operators: _,
        regulators: _,
    } = scheme;
    v1::Ledger {
        open: true,
        scheme_name: scheme_name.clone(),
        hour_name: hour_name.clone(),
        unit: UNITS.name(unit),
        rules: Some(rules.into()),
        upcoming_rules: upcoming.map(|(_, rules)| rules.into()),
        upcoming_from_ms: upcoming.map_or(0, |(from, _)| from.get()),
        ..closed
    }
}

/// A record as it is stored.
pub fn stored_record(position: Position, leaf: Vec<u8>) -> v1::StoredRecord {
    v1::StoredRecord {
        name: RECORDS.name(&position),
        position: count(position.get()),
        leaf,
    }
}

#[cfg(test)]
mod tests {
    use ledger::log::Algorithm;
    use ledger::rules::RulesVersion;

    use super::*;
    use crate::testing::{UNIT, key};

    #[test]
    fn a_ledger_shows_its_scheme_once_it_is_open() {
        let origin = "hours.example/ledger";
        let algorithm = Algorithm::Ed25519(key().public());
        let key = VerifierKey::new(origin.parse().unwrap(), algorithm);
        let closed = ledger(&key, None);
        assert_eq!(
            (closed.origin.as_str(), closed.open, &closed.rules),
            (origin, false, &None)
        );
        assert_eq!(closed.verifier_key.parse(), Ok(key.clone()));
        let scheme = Scheme {
            ledger: origin.to_owned(),
            unit: UNIT,
            scheme_name: "金色时间银行".to_owned(),
            hour_name: "时间币".to_owned(),
            rules: RulesVersion(1),
            upcoming: None,
            operators: 1,
            regulators: 0,
        };
        let rules = Rules::default();
        let open = ledger(
            &key,
            Some(OpenScheme {
                scheme: &scheme,
                rules: &rules,
                upcoming: Some((Millis::new(7), &rules)),
            }),
        );
        assert_eq!(
            open,
            v1::Ledger {
                open: true,
                scheme_name: scheme.scheme_name,
                hour_name: scheme.hour_name,
                unit: format!("units/{UNIT}"),
                rules: Some((&rules).into()),
                upcoming_rules: Some((&rules).into()),
                upcoming_from_ms: 7,
                ..closed
            }
        );
    }

    #[test]
    fn a_stored_record_holds_the_leaf_verbatim() {
        let name = "records/7".to_owned();
        let expected = v1::StoredRecord {
            name,
            position: 7,
            leaf: vec![1, 2],
        };
        assert_eq!(stored_record(Position::new(7), vec![1, 2]), expected);
    }
}
