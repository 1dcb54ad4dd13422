//! Two server processes on one PostgreSQL: one log, one history.

use anyhow::{Context, Result, ensure};
use ledger::act::Give;
use ledger::log::{Checkpoint, SignedNote, VerifierKey};
use proto::v1::StreamRecordsRequest;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::bank::{Bank, ORIGIN, Plan};

use crate::races::{check_spent, race, spending};
use crate::wire::{bearer, with_authorization};
use crate::world::{Database, Setting, World, binary, minutes, play};

/// Each scenario gets the second server, which signs with the same log key.
macro_rules! on_two_servers {
    ($($scenario:ident),+ $(,)?) => {
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $scenario() -> anyhow::Result<()> {
                    super::play_on_two(super::$scenario).await
                }
            )+
        }
    };
}

on_two_servers!(
    clients_of_two_servers_never_overdraw_one_balance,
    an_entry_sent_to_both_servers_is_recorded_once,
    each_server_shows_what_the_other_has_recorded,
    a_server_with_another_log_key_does_not_start,
);

async fn play_on_two(scenario: impl AsyncFnOnce(&mut World, &Bank) -> Result<()>) -> Result<()> {
    play(Database::Postgres, Setting::default(), async |world| {
        let plan = Plan::on(binary(), world.plan.database.clone())?;
        std::fs::copy(world.plan.data.join("log.key"), plan.data.join("log.key"))?;
        let second = plan.start()?;
        ensure!(second.read_only.is_none(), "{:?}", second.read_only);
        ensure!(second.verifier_key == world.verifier_key(), "one log key");
        scenario(world, &second).await?;
        tokio::task::spawn_blocking(|| second.end()).await??;
        std::fs::remove_dir_all(plan.data)?;
        Ok(())
    })
    .await
}

async fn clients_of_two_servers_never_overdraw_one_balance(
    world: &mut World,
    second: &Bank,
) -> Result<()> {
    let entries = spending(world, 64)?;
    let urls = [world.url().to_owned(), second.url()];
    let tally = race(&urls, entries).await?;
    check_spent(world, &tally, 64).await
}

async fn an_entry_sent_to_both_servers_is_recorded_once(
    world: &mut World,
    second: &Bank,
) -> Result<()> {
    let before = world.tree_size().await?;
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    };
    let (_, signed) = world.street.pen.sign(world.member(0), gift);
    let urls = [world.url().to_owned(), second.url()];
    let tally = race(&urls, vec![signed; 32]).await?;
    assert_eq!(tally[""], 32, "{tally:?}");
    assert_eq!(world.tree_size().await?, before + 1);
    assert_eq!(world.purse(world.member(0)).await?, (540, 0));
    Ok(())
}

async fn each_server_shows_what_the_other_has_recorded(
    world: &mut World,
    second: &Bank,
) -> Result<()> {
    let mut service = LedgerServiceClient::new(second.channel().await?);
    let request = StreamRecordsRequest {
        start_position: i64::try_from(world.tree_size().await?)?,
        follow: true,
    };
    let auditor = bearer(&world.street.auditor, ORIGIN);
    let request = with_authorization(request, &auditor)?;
    let mut followed = service.stream_records(request).await?.into_inner();
    for count in 1..=3 {
        let gift = Give {
            recipient: world.member(1).id,
            minutes: minutes(count)?,
        };
        let (_, signed) = world.street.pen.sign(world.member(0), gift);
        let recorded = world.records(&signed).await?;
        let shown = followed.message().await?.context("the stream goes on")?;
        let extra = recorded.receipt.extra.context("an extra")?;
        assert_eq!(shown.leaf, proto::decode_extra(&extra)?.leaf);
        let checkpoint = service
            .get_checkpoint(proto::v1::GetCheckpointRequest {})
            .await?;
        let note = SignedNote::parse(&checkpoint.into_inner().signed_note)?;
        let log_key: VerifierKey = second.verifier_key.parse()?;
        let checkpoint = Checkpoint::verify(&note, &log_key)?;
        assert!(checkpoint.size().contains(recorded.position));
    }
    Ok(())
}

async fn a_server_with_another_log_key_does_not_start(world: &mut World, _: &Bank) -> Result<()> {
    let plan = Plan::on(binary(), world.plan.database.clone())?;
    let Err(error) = plan.start() else {
        anyhow::bail!("it signs the log with a key of its own");
    };
    assert!(error.to_string().contains("before it listened"), "{error}");
    std::fs::remove_dir_all(plan.data)?;
    Ok(())
}
