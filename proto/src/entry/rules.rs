//! The rules of a scheme. Whether a parameter is within its range is for
//! [`Rules::check`]; here it must only be a number that can be counted.

use ledger::options::UnitOptions;
use ledger::rules::{Catalogue, Item, RulesVersion};
use ledger::service::ItemCode;
use ledger::{Rejection, Rules};

use super::field;
use super::part::{Part, messages};
use crate::v1;

/// Pairs the parameters of the core with those of the protocol, name by name.
/// One that either side does not know stops the build.
macro_rules! parameters {
    (parts: $($name:ident),*; amounts: $($amount:ident),*;) => {
        impl TryFrom<v1::Rules> for Rules {
            type Error = Rejection;

            fn try_from(message: v1::Rules) -> Result<Self, Rejection> {
                let v1::Rules { version, catalogue, $($name,)* $($amount),* } = message;
                let version = Part::read("rules.version", version).map(RulesVersion);
                $(let $name = Part::read(concat!("rules.", stringify!($name)), $name);)*
                let catalogue = read_catalogue(catalogue);
                let faults = [
                    version.as_ref().err().copied(),
                    $($name.as_ref().err().copied(),)*
                    catalogue.as_ref().err().copied(),
                ];
                if let Some(fault) = field::first(faults) {
                    return Err(fault);
                }
                let (version, catalogue) = (version?, catalogue?);
                Ok(Self { version, catalogue, $($name: $name?,)* $($amount),* })
            }
        }

        impl From<&Rules> for v1::Rules {
            fn from(rules: &Rules) -> Self {
                let Rules { version, catalogue, $($name,)* $($amount),* } = rules;
                Self {
                    version: version.0.write(),
                    $($name: Part::write($name),)*
                    $($amount: *$amount,)*
                    catalogue: catalogue.0.iter().map(write_item).collect(),
                }
            }
        }
    };
}

parameters! {
    parts: quantum_minutes, volunteer_age_years_min, volunteer_age_years_max, recipient_age_years_min, session_minutes_min, session_minutes_max, daily_minutes_max, weekly_minutes_max, grants_stop_percent, hours_expire_months, grant_expire_months, give_age_years_min, take_back_hours, lead_time_hours, request_open_hours, unmatched_hours, late_entry_days_max, tolerance_minutes, dispute_days, decide_days, case_days, freeze_days_max, delegation_days_max, estate_days, rule_change_notice_days, proposal_open_days, entry_age_days_max, clock_ahead_minutes_max, recovery_delay_days, issuance, give_scope, rounding, death_rule, guarantee, one_visit_at_a_time, check_in_required, kin_service_counts, training_required, agreement_required, insurance_required, free_cancel_hours, late_share_percent_max, sample_percent_min, dormant_months, reserve_percent_target, valuation_months_max;
    amounts: balance_minutes_max, issued_minutes_max, give_year_minutes_max, inter_district_minutes_max;
}

messages! {
    UnitOptions "set_options.options" { session_minutes_max as session_minutes_max, daily_minutes_max as daily_minutes_max, weekly_minutes_max as weekly_minutes_max, lead_time_hours as lead_time_hours, late_entry_days_max as late_entry_days_max, check_in_required as check_in_required, training_required as training_required, insurance_required as insurance_required, agreement_required as agreement_required }
}

impl Part for Box<Rules> {
    type Wire = Option<v1::Rules>;

    fn read(field: &'static str, wire: Option<v1::Rules>) -> Result<Self, Rejection> {
        field::present(field, wire)?.try_into().map(Self::new)
    }

    fn write(&self) -> Option<v1::Rules> {
        Some(self.as_ref().into())
    }
}

impl Part for UnitOptions {
    type Wire = Option<v1::UnitOptions>;

    fn read(field: &'static str, wire: Option<v1::UnitOptions>) -> Result<Self, Rejection> {
        field::present(field, wire)?.try_into()
    }

    fn write(&self) -> Option<v1::UnitOptions> {
        Some(self.into())
    }
}

fn read_catalogue(items: Vec<v1::CatalogueItem>) -> Result<Catalogue, Rejection> {
    let items = items.into_iter().map(read_item);
    items.collect::<Result<_, _>>().map(Catalogue)
}

fn read_item(item: v1::CatalogueItem) -> Result<Item, Rejection> {
    let v1::CatalogueItem {
        code,
        price,
        certificate,
    } = item;
    let price = Part::read("rules.catalogue.price", price)?;
    let certificate = match certificate.as_str() {
        "" => None,
        _ => Some(ItemCode::parse(certificate)?),
    };
    Ok(Item {
        code: ItemCode::parse(code)?,
        price,
        certificate,
    })
}

fn write_item(item: &Item) -> v1::CatalogueItem {
    let Item {
        code,
        price,
        certificate,
    } = item;
    v1::CatalogueItem {
        code: code.write(),
        price: price.write(),
        certificate: certificate.as_ref().map_or_else(String::new, Part::write),
    }
}
