//! Certificates of service: checked with nothing but the log's key, and not even
//! the issuer can lie in one.

use anyhow::{Context, Result, ensure};
use client::audit::{ServerSource, Signatures};
use client::audit_reading;
use client::certificate::{
    Body, CODE, Certificate, Collected, Collector, Person as Named, Question, Visit, committed,
    is_claimed, verify,
};
use ledger::act::{
    Approve, Certify, DisputeService, GrantSource, RecordEvent, Reverse, RuleOnDispute, Ruling,
    UpdateProfile,
};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::event::{Attendance, Roster};
use ledger::log::{Policy, VerifierKey};
use ledger::{EntryId, Millis, YearMonth};

use super::{clocked, code};
use crate::world::{World, minutes};

on_both!(in clocked;
    a_certificate_is_proven_offline_and_no_lie_in_it_is,
    a_visit_that_was_undone_is_not_certified,
    an_event_is_certified_like_a_visit,
);

const SALT: [u8; 32] = [8; 32];

fn policy(world: &World) -> Result<Policy> {
    let log_key: VerifierKey = world.verifier_key().parse()?;
    Ok(Policy::of_log(log_key))
}

async fn collected(world: &World, volunteer: usize) -> Result<Collected> {
    let question = Question {
        member: world.member(volunteer).id,
        span: [YearMonth::parse(2020, 1)?, YearMonth::parse(2199, 12)?],
    };
    let source = ServerSource::new(world.client_of(&world.street.auditor));
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let collector = Collector::new(question);
    let (_, collector) =
        audit_reading(source, &log_key, Signatures::Each, collector, |_| {}).await?;
    Ok(collector.collected())
}

async fn receipt(world: &World, entry: EntryId) -> Result<String> {
    let auditor = world.client_of(&world.street.auditor);
    Ok(auditor.receipt(entry).await?.to_string())
}

/// An honest body about a volunteer, with a profile.
async fn body(world: &World, volunteer: usize) -> Result<Body> {
    let profile = r#"{"name":"Li"}"#;
    let opening = Opening::new(SALT, profile.as_bytes().to_vec())?;
    let update = UpdateProfile {
        member: world.member(volunteer).id,
        profile: opening.commitment(CommitmentKind::Identity),
    };
    let update = world.does(&world.street.root, update).await?;
    let collected = collected(world, volunteer).await?;
    ensure!(collected.profile == Some(update), "the newest profile");
    let mut visits = Vec::new();
    for found in collected.visits {
        visits.push(Visit {
            item: found.item,
            unit: found.unit,
            minutes: found.minutes,
            stated: receipt(world, found.stated).await?,
            settled: receipt(world, found.settled).await?,
        });
    }
    Ok(Body {
        ledger: world.street.pen.origin().to_owned(),
        scheme: "Street time bank".to_owned(),
        unit: collected.unit,
        member: world.member(volunteer).id.to_string(),
        person: Some(Named {
            profile: profile.to_owned(),
            salt: hex::encode(SALT),
            receipt: receipt(world, update).await?,
        }),
        from: "2020-01".to_owned(),
        to: "2199-12".to_owned(),
        minutes: visits.iter().map(|visit| visit.minutes).sum(),
        visits,
    })
}

/// The file of a body that the operator stands for.
async fn issued(world: &World, volunteer: usize, body: &Body) -> Result<Certificate> {
    let body = serde_json::to_string(body)?;
    let opening = Opening::new(SALT, committed(&body))?;
    let certify = Certify {
        member: world.member(volunteer).id,
        certificate: code(CODE)?,
        until: world.now().plus_days(365),
        papers: Some(opening.commitment(CommitmentKind::Identity)),
    };
    let entry = world.does(&world.street.root, certify).await?;
    Ok(Certificate {
        timebank_certificate: 1,
        body,
        salt: hex::encode(SALT),
        receipt: receipt(world, entry).await?,
    })
}

// VOL-13.
async fn a_certificate_is_proven_offline_and_no_lie_in_it_is(world: &mut World) -> Result<()> {
    let elder = world.member(0);
    for length in [60, 90] {
        world.paid(elder, world.member(2), length).await?;
        world.pass_hours(4);
    }
    world.paid(elder, world.member(1), 30).await?;
    let honest = body(world, 2).await?;
    let file = issued(world, 2, &honest).await?;
    let bytes = serde_json::to_vec(&file)?;
    ensure!(is_claimed(&bytes) && !is_claimed(b"{}"));
    let policy = policy(world)?;
    let certified = verify(&bytes, &policy)?;
    assert_eq!(
        (certified.body.minutes, certified.body.visits.len()),
        (150, 2)
    );
    assert_eq!(certified.issuer, world.street.root.id);
    // Whoever alters a letter has no receipt for it.
    let altered = Certificate {
        body: file.body.replace("\"minutes\":60", "\"minutes\":90"),
        ..file.clone()
    };
    let refused = verify(&serde_json::to_vec(&altered)?, &policy).err();
    let refused = refused.context("it is believed")?.to_string();
    ensure!(refused.contains("altered"), "{refused}");
    // And an issuer who lies has no receipt for the lie.
    let theirs = body(world, 1).await?;
    for (lie, expected) in lies(&honest, &theirs) {
        let file = serde_json::to_vec(&issued(world, 2, &lie).await?)?;
        let refused = verify(&file, &policy).err().context(expected)?.to_string();
        ensure!(refused.contains(expected), "{expected}: {refused}");
    }
    Ok(())
}

/// What an issuer may try, and what is said to it.
fn lies(honest: &Body, theirs: &Body) -> Vec<(Body, &'static str)> {
    let lie = |change: fn(&mut Body, &Body)| {
        let mut body = honest.clone();
        change(&mut body, theirs);
        body
    };
    let person = |body: &mut Body, change: fn(&mut Named)| body.person.as_mut().map(change);
    let mut another_name = honest.clone();
    person(&mut another_name, |it| {
        r#"{"name":"Wang"}"#.clone_into(&mut it.profile);
    });
    vec![
        (lie(|it, _| it.minutes += 60), "all visits"),
        (
            lie(|it, _| {
                it.visits[0].minutes += 60;
                it.minutes += 60;
            }),
            "visit 1: the receipts say 60 minutes",
        ),
        (
            lie(|it, _| {
                it.visits.push(it.visits[0].clone());
                it.minutes += 60;
            }),
            "visit 3 is listed twice",
        ),
        (
            lie(|it, theirs| it.visits.push(theirs.visits[0].clone())),
            "the receipt of visit 3 is for another entry",
        ),
        (
            lie(|it, _| it.visits[0].settled = it.visits[1].settled.clone()),
            "the receipt of visit 1 is for another entry",
        ),
        (
            lie(|it, _| it.visits[0].settled = it.visits[0].stated.clone()),
            "the receipt of visit 1 is for another entry",
        ),
        (
            lie(|it, _| "2020-02".clone_into(&mut it.to)),
            "the receipt of visit 1 is for another entry",
        ),
        (
            lie(|it, theirs| it.person.clone_from(&theirs.person)),
            "the person is not the one",
        ),
        (another_name, "the person is not the one"),
        (
            lie(|it, theirs| it.member.clone_from(&theirs.member)),
            "the receipt of the issue is for another entry",
        ),
        (
            lie(|it, _| "another.example/ledger".clone_into(&mut it.ledger)),
            "the receipt of the issue is for another entry",
        ),
        (
            lie(|it, _| "nothing".clone_into(&mut it.visits[0].stated)),
            "the receipt of visit 1",
        ),
    ]
}

async fn a_visit_that_was_undone_is_not_certified(world: &mut World) -> Result<()> {
    let elder = world.member(0);
    let (service, _) = world.paid(elder, world.member(2), 60).await?;
    world.pass_hours(4);
    world.paid(elder, world.member(2), 90).await?;
    let reason = None;
    world
        .does(elder, DisputeService { service, reason })
        .await?;
    let void = RuleOnDispute {
        service,
        ruling: Ruling::Void,
        reason,
    };
    world.does(&world.street.regulator, void).await?;
    let visits = collected(world, 2).await?.visits;
    assert_eq!(visits.iter().map(|it| it.minutes).collect::<Vec<_>>(), [90]);
    ensure!(visits[0].service != service);
    Ok(())
}

// VOL-13, STA-9.
async fn an_event_is_certified_like_a_visit(world: &mut World) -> Result<()> {
    let (staff, root) = (&world.street.staff[0], &world.street.root);
    world.paid(world.member(0), world.member(2), 90).await?;
    world.pass_hours(12);
    let attended = |length| -> Result<_> {
        let volunteer = world.member(2).id;
        let minutes = minutes(length)?;
        let roster = Roster::new(vec![Attendance { volunteer, minutes }]);
        Ok(RecordEvent {
            unit: world.street.stations[0],
            item: code("companionship")?,
            start: Millis::new(world.now().get() - length * 180_000),
            roster: roster.context("a roster")?,
            source: GrantSource::Issue,
            evidence: None,
        })
    };
    let mut events = Vec::new();
    for length in [60, 120] {
        let proposal = world.does(staff, attended(length)?).await?;
        world.does(root, Approve { proposal }).await?;
        events.push(proposal);
    }
    let (entry, reason) = (events[1], None);
    let proposal = world.does(staff, Reverse { entry, reason }).await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    let honest = body(world, 2).await?;
    let file = serde_json::to_vec(&issued(world, 2, &honest).await?)?;
    let minutes: Vec<_> = verify(&file, &policy(world)?)?.body.visits;
    let minutes: Vec<_> = minutes.iter().map(|visit| visit.minutes).collect();
    assert_eq!(minutes, [90, 60], "the event that was undone is not in it");
    Ok(())
}
