//! What can be asked for, and at which price.

use serde::{Deserialize, Serialize};

use super::Rounding;
use crate::amount::Minutes;
use crate::rejection::Rejection;
use crate::service::ItemCode;

/// The price at which an hour is an hour.
pub const PAR: u32 = 60;
/// The highest price.
const PRICE_MAX: u32 = 600;
/// Most items of one catalogue: rules fit into one entry.
const ITEMS_MAX: usize = 128;

/// One line of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What is asked for.
    pub code: ItemCode,
    /// Credit-minutes for an hour of it: 1 to 600, 60 for one to one.
    pub price: u32,
    /// The certificate that a volunteer needs for it.
    #[serde(default)]
    pub certificate: Option<ItemCode>,
}

/// What can be asked for: anything at one to one while it has no items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Catalogue(pub Vec<Item>);

/// What an item costs, and what it asks of the volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms<'a> {
    /// Credit-minutes for an hour.
    pub price: u32,
    /// The certificate that a volunteer needs.
    pub certificate: Option<&'a ItemCode>,
}

impl Catalogue {
    /// Checks number, codes and prices of the items.
    ///
    /// # Errors
    /// [`Rejection::RuleOutOfRange`] for the number of items or a price,
    /// [`Rejection::ItemInvalid`] for a code, also for one that stands twice.
    pub fn check(&self) -> Result<(), Rejection> {
        let in_range = |parameter, value, max: i64| {
            let fault = Rejection::RuleOutOfRange {
                parameter,
                min: 1,
                max,
            };
            if (1..=max).contains(&value) {
                Ok(())
            } else {
                Err(fault)
            }
        };
        let count = i64::try_from(self.0.len() + 1).unwrap_or(i64::MAX);
        let count_max = i64::try_from(ITEMS_MAX + 1).unwrap_or(i64::MAX);
        in_range("catalogue", count, count_max)?;
        for (index, item) in self.0.iter().enumerate() {
            in_range("catalogue.price", item.price.into(), PRICE_MAX.into())?;
            for code in [Some(&item.code), item.certificate.as_ref()]
                .into_iter()
                .flatten()
            {
                ItemCode::parse(code.as_str().to_owned())?;
            }
            if self.0[..index].iter().any(|other| other.code == item.code) {
                return Err(Rejection::ItemInvalid);
            }
        }
        Ok(())
    }

    /// The terms of an item.
    ///
    /// # Errors
    /// [`Rejection::ItemNotOffered`] for an item that is not in the catalogue.
    pub fn terms(&self, code: &ItemCode) -> Result<Terms<'_>, Rejection> {
        if self.0.is_empty() {
            return Ok(Terms {
                price: PAR,
                certificate: None,
            });
        }
        let item = self.0.iter().find(|item| item.code == *code);
        let item = item.ok_or(Rejection::ItemNotOffered)?;
        Ok(Terms {
            price: item.price,
            certificate: item.certificate.as_ref(),
        })
    }
}

/// What so many minutes of help cost, in credit-minutes: at least one.
pub(crate) fn cost(minutes: Minutes, price: u32, rounding: Rounding) -> Minutes {
    let exact = minutes.amount() * i64::from(price);
    let cost = rounding.divide(exact, PAR.into()).clamp(1, Minutes::MAX);
    Minutes::parse(cost).expect("between one and the most")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: &str) -> ItemCode {
        ItemCode::parse(code.to_owned()).expect("a code")
    }

    fn item(name: &str, price: u32) -> Item {
        Item {
            code: code(name),
            price,
            certificate: None,
        }
    }

    #[test]
    fn without_a_catalogue_everything_is_one_to_one() {
        let catalogue = Catalogue::default();
        let terms = catalogue.terms(&code("anything")).expect("all is offered");
        assert_eq!((terms.price, terms.certificate), (60, None));
    }

    #[test]
    fn a_catalogue_offers_its_items_alone() {
        let catalogue = Catalogue(vec![item("chat", 15), item("cooking", 20)]);
        assert_eq!(catalogue.check(), Ok(()));
        let terms = catalogue.terms(&code("cooking")).expect("it is offered");
        assert_eq!(terms.price, 20);
        let missing = catalogue.terms(&code("walk"));
        assert_eq!(missing, Err(Rejection::ItemNotOffered));
    }

    #[test]
    fn items_have_one_price_within_its_range() {
        let twice = Catalogue(vec![item("chat", 15), item("chat", 20)]);
        assert_eq!(twice.check(), Err(Rejection::ItemInvalid));
        let free = Catalogue(vec![item("chat", 0)]);
        assert!(matches!(
            free.check(),
            Err(Rejection::RuleOutOfRange {
                parameter: "catalogue.price",
                ..
            })
        ));
        let many = Catalogue((0..129).map(|it| item(&format!("i{it}"), 60)).collect());
        assert!(matches!(
            many.check(),
            Err(Rejection::RuleOutOfRange {
                parameter: "catalogue",
                ..
            })
        ));
    }

    #[test]
    fn an_hour_costs_its_price() {
        let minutes = |it| Minutes::parse(it).expect("an amount");
        assert_eq!(cost(minutes(90), 60, Rounding::Down), minutes(90));
        assert_eq!(cost(minutes(90), 15, Rounding::Down), minutes(22));
        assert_eq!(cost(minutes(90), 15, Rounding::Up), minutes(23));
        assert_eq!(cost(minutes(1), 15, Rounding::Down), minutes(1));
    }
}
