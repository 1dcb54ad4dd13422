//! Who has a document: hashes under the key, which a rotation replaces.

use anyhow::{Result, ensure};
use ledger::YearMonth;
use ledger::act::EnrolMember;
use ledger::commitment::{CommitmentKind, Opening};
use ledger::member::NeedCategory;
use server::rotation::{Unreadable, rotate};
use server::store::connect;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;

use super::client;
use crate::site::{Kind, Site};

on_both_databases!(after_a_rotation_a_person_is_still_found);

/// The hashes of documents are made anew under the new key; of an erased profile
/// there is none.
async fn after_a_rotation_a_person_is_still_found(kind: Kind) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let clerk = &site.street.staff[0];
    let staff = client(&bank, clerk).await?;
    let profile = br#"{"document":{"kind":"id-card","number":"5101"}}"#;
    let mut enrolled = Vec::new();
    for number in [70, 71] {
        let opening = Opening::new([number; 32], profile.to_vec())?;
        let enrol = EnrolMember {
            member: Person::numbered(number.into()).id,
            unit: site.street.stations[0],
            birth_month: YearMonth::parse(1950, 3)?,
            need: NeedCategory::None,
            key: None,
            identity: Some(opening.commitment(CommitmentKind::Identity)),
        };
        let recorded = staff.submit(enrol, None).await?;
        staff.put_opening(recorded.entry_id, &opening).await?;
        enrolled.push(recorded.entry_id);
    }
    let people = |numbers: &[u64]| {
        let ids = numbers.iter().map(|number| Person::numbered(*number).id);
        let mut ids: Vec<_> = ids.collect();
        ids.sort_unstable();
        ids
    };
    ensure!(staff.find_people("ID card", "51-01").await? == people(&[70, 71]));
    ensure!(staff.find_people("ID card", "5102").await?.is_empty());
    let operator = client(&bank, &site.street.root).await?;
    operator.erase_opening(enrolled[0]).await?;
    let offer = ledger::matching::Offer {
        languages: vec!["yue".to_owned()],
        ..Default::default()
    };
    staff.put_offer(clerk.id, &offer).await?;
    let mut sql = site.sql().await?;
    let tag = "SELECT tag FROM person_tags";
    let before = sql.bytes(tag).await?;
    bank.end()?;
    let store = connect(&site.database_url(), ORIGIN).await?;
    rotate(&site.plan.data, &*store, Unreadable::Refuse).await?;
    ensure!(
        sql.bytes(tag).await? != before,
        "the hash is of the old key"
    );
    let bank = site.plan.start()?;
    let staff = client(&bank, clerk).await?;
    ensure!(staff.find_people("id-card", "5101").await? == people(&[71]));
    ensure!(staff.offer(clerk.id).await? == offer);
    let reads = staff.opening_reads(enrolled[1]).await?;
    ensure!(reads.len() == 2, "each question is written down: {reads:?}");
    bank.end()
}
