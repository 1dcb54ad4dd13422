//! Lists, page by page: each item once, whatever the size of the page.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use ledger::EntryId;
use ledger::act::AcceptCare;
use proto::name::{MEMBERS, UNITS};
use proto::v1;
use proto::v1::account_service_client::AccountServiceClient;
use proto::v1::care_service_client::CareServiceClient;
use proto::v1::fund_service_client::FundServiceClient;
use timebank_tests::bank::ORIGIN;

use crate::wire::{bearer, reason_of, with_authorization};
use crate::world::{World, minutes};

on_both!(
    every_list_has_each_item_once_whatever_the_page,
    a_request_is_listed_at_its_station_while_it_is_open,
    a_member_is_found_by_id_and_by_short_code,
);

/// Reads a list of a service to its end in pages of a size: the names.
macro_rules! names {
    ($world:expr, $service:ident, $call:ident, $size:expr, $items:ident,
     $request:ident { $($field:ident: $value:expr),* }, $name:ident) => {{
        let mut service = $service::new($world.channel().await?);
        let auditor = bearer(&$world.street.auditor, ORIGIN);
        let (mut names, mut token) = (Vec::new(), String::new());
        loop {
            let request = v1::$request {
                $($field: $value,)*
                page_size: $size,
                page_token: token,
            };
            let answer = service.$call(with_authorization(request, &auditor)?).await?;
            let answer = answer.into_inner();
            ensure!(answer.$items.len() <= usize::try_from($size)?, "a full page");
            names.extend(answer.$items.into_iter().map(|item| item.$name));
            token = answer.next_page_token;
            if token.is_empty() {
                break names;
            }
        }
    }};
}

// Behaviours 17 and 46.
async fn every_list_has_each_item_once_whatever_the_page(world: &mut World) -> Result<()> {
    let unit = UNITS.name(&world.street.stations[0]);
    for number in 0..3 {
        world.requested(world.member(0), 60).await?;
        let [proposal, _] = world.street.grant(0, minutes(1 + number)?);
        world.records(&proposal).await?;
    }
    let whole = lists(world, &unit, 1_000).await?;
    let counts: Vec<usize> = whole.iter().map(Vec::len).collect();
    // Units; the two members and the staff of the station; the accounts of four
    // members and of what two stations have issued.
    assert_eq!(counts, [4, 3, 6, 3, 3, 3]);
    for size in 1..=4 {
        assert_eq!(lists(world, &unit, size).await?, whole, "{size}");
    }
    for list in whole {
        let distinct: BTreeSet<&String> = list.iter().collect();
        assert_eq!(distinct.len(), list.len(), "{list:?}");
    }
    Ok(())
}

async fn lists(world: &World, unit: &str, size: i32) -> Result<[Vec<String>; 6]> {
    let unit = unit.to_owned();
    let member = MEMBERS.name(&world.member(0).id);
    Ok([
        names!(
            world,
            AccountServiceClient,
            list_units,
            size,
            units,
            ListUnitsRequest {},
            name
        ),
        names!(
            world,
            AccountServiceClient,
            list_members,
            size,
            members,
            ListMembersRequest {
                parent: unit.clone()
            },
            name
        ),
        names!(
            world,
            AccountServiceClient,
            list_accounts,
            size,
            accounts,
            ListAccountsRequest {},
            name
        ),
        names!(
            world,
            CareServiceClient,
            list_open_requests,
            size,
            services,
            ListOpenRequestsRequest {
                parent: unit.clone()
            },
            name
        ),
        names!(
            world,
            CareServiceClient,
            list_open_services,
            size,
            services,
            ListOpenServicesRequest {
                parent: member.clone()
            },
            name
        ),
        names!(
            world,
            FundServiceClient,
            list_proposals,
            size,
            proposals,
            ListProposalsRequest {
                parent: unit.clone()
            },
            name
        ),
    ])
}

// Behaviour 46.
async fn a_request_is_listed_at_its_station_while_it_is_open(world: &mut World) -> Result<()> {
    let [station, other] = world.street.stations;
    let reader = &world.client_of(world.member(3));
    let ids = |unit| async move {
        let services = reader.open_requests(unit).await?;
        anyhow::Ok(
            services
                .iter()
                .map(|it| it.service)
                .collect::<Vec<EntryId>>(),
        )
    };
    let first = world.requested(world.member(0), 60).await?;
    let second = world.requested(world.member(2), 30).await?;
    assert_eq!(ids(station).await?, [first, second]);
    assert!(ids(other).await?.is_empty());
    world
        .does(world.member(1), AcceptCare { service: first })
        .await?;
    assert_eq!(ids(station).await?, [second]);
    Ok(())
}

async fn a_member_is_found_by_id_and_by_short_code(world: &mut World) -> Result<()> {
    let (member, staff) = (world.member(0), world.client_of(&world.street.staff[0]));
    let by_id = staff.member(&member.id.to_string()).await?;
    let by_code = staff.member(&by_id.code).await?;
    assert_eq!(by_id, by_code);
    assert_eq!(by_id.member, member.id);
    // One digit is read wrong.
    let wrong: String = by_id
        .code
        .char_indices()
        .map(|(index, digit)| match (index, digit) {
            (0, '9') => '8',
            (0, _) => '9',
            _ => digit,
        })
        .collect();
    let refused = staff.member(&wrong).await;
    assert_eq!(reason_of(refused), "MEMBER_CODE_WRONG");
    Ok(())
}
