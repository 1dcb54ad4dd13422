//! `ListUnits`.

use ledger::UnitId;
use ledger::state::{Key, Row, Scope};
use ledger::unit::Unit;
use proto::{v1, view};

use crate::api::error::Failure;
use crate::api::page::{INVALID, Page, scan_all};
use crate::context::Context;

/// Pages through the units, those above before those below. They are read
/// whole: a large city has some hundred.
pub(super) async fn units(
    context: &Context,
    request: v1::ListUnitsRequest,
) -> Result<v1::ListUnitsResponse, Failure> {
    let page = Page::parse("ListUnits", request.page_size, &request.page_token)?;
    let rows = scan_all(&*context.store, Scope::Units).await?;
    let units: Vec<(UnitId, Unit)> = rows.into_iter().filter_map(unit_of).collect();
    let (units, next_page_token) = cut(units, &page)?;
    let units = units
        .iter()
        .map(|(id, unit)| view::unit(id, unit))
        .collect();
    Ok(v1::ListUnitsResponse {
        units,
        next_page_token,
    })
}

fn unit_of((key, row): (Key, Row)) -> Option<(UnitId, Unit)> {
    match (key, row) {
        (Key::Unit(id), Row::Unit(unit)) => Some((id, *unit)),
        _ => None,
    }
}

/// The units of a page, and the token for the next.
fn cut(
    mut units: Vec<(UnitId, Unit)>,
    page: &Page,
) -> Result<(Vec<(UnitId, Unit)>, String), Failure> {
    units.sort_by_key(|(id, unit)| (unit.kind, *id));
    let begin = match page.fixed()?.map(UnitId::from_bytes) {
        None => 0,
        Some(last) => {
            let last = units.iter().position(|(id, _)| *id == last);
            last.ok_or(INVALID)? + 1
        }
    };
    let mut units = units.split_off(begin);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = units.len() > size;
    units.truncate(size);
    let last = units.last().filter(|_| has_more);
    let next = last
        .map(|(id, _)| page.token(id.as_bytes()))
        .unwrap_or_default();
    Ok((units, next))
}

#[cfg(test)]
mod tests {
    use ledger::unit::UnitKind;

    use super::*;

    fn units() -> Vec<(UnitId, Unit)> {
        let unit = |id, kind| {
            let unit = Unit::new(kind, None, String::new());
            (UnitId::from_bytes([id; 16]), unit)
        };
        vec![
            unit(1, UnitKind::Station),
            unit(2, UnitKind::District),
            unit(3, UnitKind::Scheme),
            unit(4, UnitKind::Station),
        ]
    }

    #[test]
    fn pages_lead_from_the_scheme_to_the_stations() {
        let (mut token, mut found) = (String::new(), Vec::new());
        loop {
            let page = Page::parse("ListUnits", 1, &token).expect("a page");
            let (units, next) = cut(units(), &page).expect("units");
            found.extend(units.iter().map(|(id, _)| id.as_bytes()[0]));
            if next.is_empty() {
                break;
            }
            token = next;
        }
        assert_eq!(found, [3, 2, 1, 4]);
    }

    #[test]
    fn a_token_after_no_unit_is_refused() {
        let page = Page::parse("ListUnits", 1, "").expect("a page");
        for place in [&[9; 16][..], &[1; 15], &[]] {
            let page = Page::parse("ListUnits", 1, &page.token(place)).expect("a page");
            assert!(matches!(cut(units(), &page), Err(Failure::Read(INVALID))));
        }
    }
}
