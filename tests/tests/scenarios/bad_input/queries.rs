//! Reads that ask for what has no name, or for a page of another list.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::AccountId;
use ledger::act::Give;
use proto::name::{ACCOUNTS, UNITS};
use proto::v1;
use proto::v1::account_service_client::AccountServiceClient;
use proto::v1::care_service_client::CareServiceClient;
use proto::v1::fund_service_client::FundServiceClient;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;
use tonic::{Code, Response, Status};

use crate::wire::{Said, bearer, with_authorization};
use crate::world::{World, minutes};

on_both!(
    a_page_token_leads_on_in_its_own_query_only,
    a_page_token_of_one_unit_is_refused_in_another,
    a_page_of_less_than_nothing_is_refused,
    a_name_of_the_wrong_form_is_refused_with_the_right_one,
);

fn refused<T>(answer: Result<Response<T>, Status>, what: &str) -> Result<Said> {
    let status = answer
        .err()
        .with_context(|| format!("{what} is answered"))?;
    Said::of(&status).with_context(|| what.to_owned())
}

fn auditor(world: &World) -> String {
    bearer(&world.street.auditor, ORIGIN)
}

async fn postings(world: &World, parent: String, page_token: &str) -> Result<Said> {
    let mut service = AccountServiceClient::new(world.channel().await?);
    let request = v1::ListPostingsRequest {
        parent,
        page_size: 1,
        page_token: page_token.to_owned(),
    };
    let request = with_authorization(request, &auditor(world))?;
    refused(service.list_postings(request).await, page_token)
}

/// The token of the second page of a member's statement.
async fn token_of(world: &World, owner: &Person) -> Result<String> {
    let mut service = AccountServiceClient::new(world.channel().await?);
    let request = v1::ListPostingsRequest {
        parent: ACCOUNTS.name(&AccountId::Member(owner.id)),
        page_size: 1,
        page_token: String::new(),
    };
    let request = with_authorization(request, &auditor(world))?;
    let answer = service.list_postings(request).await?.into_inner();
    ensure!(!answer.next_page_token.is_empty(), "there is a next page");
    Ok(answer.next_page_token)
}

async fn a_page_token_leads_on_in_its_own_query_only(world: &mut World) -> Result<()> {
    let (owner, neighbour) = (world.member(0), world.member(1));
    let gift = Give {
        recipient: neighbour.id,
        minutes: minutes(1)?,
    };
    world.does(owner, gift).await?;
    let token = token_of(world, owner).await?;
    let own = ACCOUNTS.name(&AccountId::Member(owner.id));
    let other = ACCOUNTS.name(&AccountId::Member(neighbour.id));
    // Whoever knows how a token is made leads it to another's posting: eight
    // bytes are of the query, and the rest is the place.
    let mut bytes = URL_SAFE_NO_PAD.decode(&token)?;
    let theirs = URL_SAFE_NO_PAD.decode(token_of(world, neighbour).await?)?;
    bytes[8..].copy_from_slice(&theirs[8..]);
    let elsewhere = URL_SAFE_NO_PAD.encode(&bytes);
    bytes[8..].fill(0xff);
    let nowhere = URL_SAFE_NO_PAD.encode(&bytes);
    for (parent, token) in [
        (&other, token.as_str()),
        (&own, "x"),
        (&own, "AAAA"),
        (&own, "…"),
        (&own, &token[1..]),
        (&own, &format!("{token}=")),
        (&own, &elsewhere),
        (&own, &nowhere),
    ] {
        let said = postings(world, parent.clone(), token).await?;
        assert_eq!(said.code, Code::InvalidArgument);
        assert_eq!(said.reason, "PAGE_TOKEN_INVALID", "{token}");
        assert_eq!(said.datum("field"), "page_token");
    }
    let mut service = AccountServiceClient::new(world.channel().await?);
    let request = v1::ListUnitsRequest {
        page_size: 1,
        page_token: token,
    };
    let said = refused(service.list_units(request).await, "a list of another call")?;
    assert_eq!(said.reason, "PAGE_TOKEN_INVALID");
    Ok(())
}

async fn a_page_token_of_one_unit_is_refused_in_another(world: &mut World) -> Result<()> {
    let [unit, other] = world.street.stations.map(|station| UNITS.name(&station));
    let mut service = AccountServiceClient::new(world.channel().await?);
    let token = auditor(world);
    let request = |parent: &str, page_token: &str| {
        let request = v1::ListMembersRequest {
            parent: parent.to_owned(),
            page_size: 1,
            page_token: page_token.to_owned(),
        };
        with_authorization(request, &token)
    };
    let first = service.list_members(request(&unit, "")?).await?;
    let page_token = first.into_inner().next_page_token;
    service.list_members(request(&unit, &page_token)?).await?;
    let answer = service.list_members(request(&other, &page_token)?).await;
    let said = refused(answer, "the members of another unit")?;
    assert_eq!(said.reason, "PAGE_TOKEN_INVALID");
    // The query of the other unit, and a place in the first.
    let theirs = service.list_members(request(&other, "")?).await?;
    let mut bytes = URL_SAFE_NO_PAD.decode(theirs.into_inner().next_page_token)?;
    bytes.truncate(8);
    bytes.extend(&URL_SAFE_NO_PAD.decode(&page_token)?[8..]);
    let mixed = URL_SAFE_NO_PAD.encode(&bytes);
    let answer = service.list_members(request(&other, &mixed)?).await;
    let said = refused(answer, "a place in another unit")?;
    assert_eq!(said.reason, "PAGE_TOKEN_INVALID");
    Ok(())
}

async fn a_page_of_less_than_nothing_is_refused(world: &mut World) -> Result<()> {
    let unit = UNITS.name(&world.street.stations[0]);
    let channel = world.channel().await?;
    let mut accounts = AccountServiceClient::new(channel.clone());
    let mut care = CareServiceClient::new(channel.clone());
    let mut fund = FundServiceClient::new(channel);
    let token = auditor(world);
    for page_size in [-1, i32::MIN] {
        let page_token = String::new();
        let units = v1::ListUnitsRequest {
            page_size,
            page_token: page_token.clone(),
        };
        let due = v1::ListDueRequest {
            page_size,
            page_token: page_token.clone(),
        };
        let members = v1::ListMembersRequest {
            parent: unit.clone(),
            page_size,
            page_token: page_token.clone(),
        };
        let proposals = v1::ListProposalsRequest {
            parent: unit.clone(),
            page_size,
            page_token,
        };
        let said = [
            refused(accounts.list_units(units).await, "units")?,
            refused(care.list_due(with_authorization(due, &token)?).await, "due")?,
            refused(
                accounts
                    .list_members(with_authorization(members, &token)?)
                    .await,
                "members",
            )?,
            refused(
                fund.list_proposals(with_authorization(proposals, &token)?)
                    .await,
                "proposals",
            )?,
        ];
        for said in said {
            assert_eq!(said.code, Code::InvalidArgument);
            assert_eq!(said.reason, "PAGE_SIZE_INVALID");
            assert_eq!(said.datum("field"), "page_size");
        }
    }
    Ok(())
}

async fn a_name_of_the_wrong_form_is_refused_with_the_right_one(world: &mut World) -> Result<()> {
    let channel = world.channel().await?;
    let mut accounts = AccountServiceClient::new(channel.clone());
    let mut care = CareServiceClient::new(channel);
    let token = auditor(world);
    let id = world.member(0).id.to_string();
    for name in [
        String::new(),
        id.clone(),
        "accounts/".to_owned(),
        format!("accounts/{id}"),
        format!("accounts/member-{}", id.to_uppercase()),
        format!("accounts/member-{id}0"),
        format!("accounts/member-{id}/"),
        "accounts/pool-1".to_owned(),
        format!("members/{id}"),
    ] {
        let what = format!("{name:?}");
        let request = with_authorization(v1::GetAccountRequest { name }, &token)?;
        let said = refused(accounts.get_account(request).await, &what)?;
        assert_eq!(said.code, Code::InvalidArgument, "{what}");
        assert_eq!(said.reason, "RESOURCE_NAME_INVALID", "{what}");
        assert_eq!(said.datum("field"), "name");
        assert!(said.datum("expected").contains("accounts/{account}"));
    }
    let name = "services/1".to_owned();
    let request = with_authorization(v1::GetServiceRequest { name }, &token)?;
    let said = refused(care.get_service(request).await, "a service")?;
    assert!(said.datum("expected").contains("services/{service}"));
    let name = "members/123456789000".to_owned();
    let request = with_authorization(v1::GetMemberRequest { name }, &token)?;
    let said = refused(accounts.get_member(request).await, "a short code")?;
    assert_eq!(said.reason, "MEMBER_CODE_WRONG");
    Ok(())
}
