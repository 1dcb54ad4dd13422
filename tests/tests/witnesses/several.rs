//! Two servers on one PostgreSQL, with the same witnesses: each publishes what
//! is newest, and neither minds the other.

use anyhow::Result;
use ledger::log::{Position, SignedNote, Standing};

use crate::scripted::Scripted;
use crate::town::{Kind, Town, judged};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_publish_together() -> Result<()> {
    let mut town = Town::new(Kind::Postgres)?;
    let one = Scripted::honest(1, &town.key).await?;
    let two = Scripted::honest(2, &town.key).await?;
    let policy = format!(
        "{}{}group both all one two\nquorum both\n",
        one.line("one"),
        two.line("two")
    );
    town.start(&policy).await?;
    let opened = town.opens().await?;
    let mut second = town.beside()?;
    second.start(&policy).await?;
    let mut size = opened;
    for number in 0..20 {
        let at = if number % 2 == 0 { &town } else { &second };
        (_, size) = at.grows().await?;
    }
    assert_eq!(size, opened + 20);
    let policy = town.policy(&policy)?;
    // Both come to it, though one has recorded it alone.
    for town in [&town, &second] {
        let note = town.published(size).await?;
        assert_eq!(judged(&policy, &note)?, (Standing::Witnessed, size));
        assert_eq!(note.signature_count(), 3, "each signature once");
        assert_eq!(town.collecting()?.ahead.borrow().clone(), None);
        assert_eq!(town.audit().await?, size);
    }
    // All that is published is witnessed.
    let (store, mut position) = (town.store().await?, Position::ZERO);
    while let Some(note) = store.published_over(position).await? {
        let (standing, covered) = judged(&policy, &SignedNote::parse(&note)?)?;
        assert_eq!(standing, Standing::Witnessed);
        position = Position::new(covered);
    }
    second.end().await?;
    town.end().await
}
