//! Witnesses that are away, out of order, mistaken or malicious: members are
//! answered all the same, and a good witness is enough.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Result, ensure};
use ledger::log::Standing;
use ledger::log::witness::SIZE_MEDIA_TYPE;
use tokio::net::TcpListener;

use crate::scripted::{Reply, Scripted};
use crate::town::{Kind, PATIENCE, Town, judged, until};

on_both_databases!(
    bad_witnesses_are_passed_over_and_one_good_one_is_enough,
    a_silent_witness_holds_up_no_answer,
);

/// All that a witness may do but cosign.
fn bad_replies(elsewhere: &str) -> Vec<Reply> {
    let fixed = |status, headers, body: &str| Reply::Fixed(status, headers, body.to_owned());
    let size = "Content-Type: text/x.tlog.size\r\n";
    assert!(size.contains(SIZE_MEDIA_TYPE));
    vec![
        Reply::Never,
        Reply::HangUp,
        Reply::OtherTree,
        fixed(200, "", "good morning\n"),
        fixed(200, "", ""),
        fixed(200, "", &"— witness.example/s1 AAAAAAA=\n".repeat(10_000)),
        fixed(200, "", "— witness.example/s1 AAAAAAA=\n"),
        fixed(200, "", "\u{0}\u{1}\n"),
        fixed(400, "", "no\n"),
        fixed(403, "", "who are you\n"),
        fixed(404, "", ""),
        fixed(409, "", "1\n"),
        fixed(409, size, "one\n"),
        fixed(409, size, "18446744073709551616\n"),
        fixed(422, "", "that is not the tree\n"),
        fixed(429, "Retry-After: 1\r\n", ""),
        fixed(500, "", "panic\n"),
        fixed(
            307,
            Box::leak(format!("Location: {elsewhere}\r\n").into_boxed_str()),
            "",
        ),
        // Whatever it is asked from, it names another size.
        fixed(409, size, "0\n"),
    ]
}

async fn bad_witnesses_are_passed_over_and_one_good_one_is_enough(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let good = Scripted::honest(200, &town.key).await?;
    let (mut bad, mut lines, mut names) = (Vec::new(), String::new(), String::new());
    let elsewhere = format!("{}/add-checkpoint", good.url);
    for (number, reply) in (1..).zip(bad_replies(&elsewhere)) {
        let reply = move |_| reply.clone();
        let witness = Scripted::start(number, &town.key, reply).await?;
        lines += &witness.line(&format!("b{number}"));
        names = format!("{names} b{number}");
        bad.push(witness);
    }
    // One is not there at all.
    let nobody = closed_port().await?;
    let away = Scripted::honest(199, &town.key).await?;
    let lines = format!("{lines}witness away {} http://{nobody}\n", away.key);
    let good_line = good.line("good");
    let policy = format!("{lines}{good_line}group any 1 away{names} good\nquorum any\n");
    town.start(&policy).await?;
    let opened = town.opens().await?;
    let note = town.published(opened).await?;
    let judged_by = |lines: &str| judged(&town.policy(lines)?, &note);
    assert_eq!(judged_by(&policy)?, (Standing::Witnessed, opened));
    // The signatures are the log's and the good one's.
    assert_eq!(note.signature_count(), 2);
    let good_alone = format!("{good_line}quorum good\n");
    assert_eq!(judged_by(&good_alone)?, (Standing::Witnessed, opened));
    for (number, witness) in bad.iter_mut().enumerate() {
        let asked = until(&mut witness.asked, |asked| !asked.is_empty()).await?;
        assert!(asked.len() <= 8, "{number} is asked too often: {asked:?}");
    }
    // Nobody is sent elsewhere, and nobody but the good one is asked there.
    let asked = good.asked();
    let mut sizes: Vec<u64> = asked.iter().map(|asked| asked.size).collect();
    sizes.dedup();
    assert_eq!(sizes.len(), asked.len(), "{asked:?}");
    assert_eq!(town.audit().await?, opened);
    town.end().await
}

async fn a_silent_witness_holds_up_no_answer(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    town.settings.witness_timeout_seconds = 3_600;
    let mut silent = Scripted::start(1, &town.key, |_| Reply::Never).await?;
    let policy = format!("{}quorum w\n", silent.line("w"));
    town.start(&policy).await?;
    town.opens().await?;
    until(&mut silent.asked, |asked| !asked.is_empty()).await?;
    // It is being asked, for an hour; and members are answered.
    for _ in 0..20 {
        tokio::time::timeout(PATIENCE, town.grows()).await??;
    }
    ensure!(silent.asked().len() == 1, "one round at a time");
    assert_eq!(town.collecting()?.published.borrow().get(), 0);
    assert_eq!(town.served().await?, None);
    // Nor does it hold up the end.
    tokio::time::timeout(PATIENCE, town.end()).await?
}

/// An address where nobody listens any more.
async fn closed_port() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    Ok(listener.local_addr()?)
}
