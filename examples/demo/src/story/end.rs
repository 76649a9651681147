//! 6: everything ends, in its order, and what it amounts to.

use super::Story;
use crate::Problem;
use crate::ledger::Ledger;
use crate::tale::{chapter, ensure, say};
use crate::tally::{Latency, sent_twice};

pub(super) async fn of_all(story: &mut Story) -> Result<(), Problem> {
    chapter(6, "Everything ends (SIGTERM), and adds up");
    // Who takes orders, then who handles them, then what both need.
    let players = [Some(&mut story.orders), story.new_orders.as_mut(), Some(&mut story.inventory)];
    for player in players.into_iter().flatten().chain(story.own_registry.as_mut()) {
        match player.terminate().await {
            Ok(took) => say!("{:20}  ended well, in {} ms", player.name(), took.as_millis()),
            // Somebody may have tried what happens.
            Err(problem) if story.is_shared => say!("{problem}"),
            Err(problem) => return Err(problem),
        }
    }
    let letters = story.kafka.committed(&story.names.dead_letter_topic).await?.len();
    let is_so = story.is_shared || letters == story.tally.dead_letters;
    ensure!(is_so, "there were {} dead letters, and are {letters}", story.tally.dead_letters);
    story.tally.dead_letters = letters;
    let ledger = Ledger::read(&story.database).await?;
    summary(story, ledger)?;
    adds_up(story, ledger)
}

fn summary(story: &Story, ledger: Ledger) -> Result<(), Problem> {
    let (tally, seen) = (&story.tally, story.outcomes.seen());
    let disturbed = |at: usize| tally.disturbed.contains(&at);
    let calm = seen.iter().enumerate().filter(|(at, _)| !disturbed(*at)).map(|(_, seen)| seen);
    let calm = Latency::of(calm).ok_or("there are no outcomes")?;
    let killed = Latency::of(seen.get(tally.disturbed.clone()).unwrap_or_default());
    say!(" ");
    say!("orders placed              {}", tally.sent.len());
    say!("orders acknowledged        {}", tally.acknowledged.len());
    say!("reserved                   {}", ledger.reserved);
    say!("rejected                   {}", ledger.rejected);
    say!("dead letters               {}", tally.dead_letters);
    say!(
        "duplicates suppressed      {} ({} by order-service, {} by inventory-service)",
        tally.answered_from_memory + tally.passed_over,
        tally.answered_from_memory,
        tally.passed_over
    );
    say!("read again after the kill  {}", tally.replayed);
    say!("outcomes sent twice        {}", sent_twice(&seen));
    say!("created to outcome read    p50 {} ms, p99 {} ms", calm.p50.as_millis(), calm.p99.as_millis());
    if let Some(killed) = killed {
        say!(
            "  while the consumer was away  {} orders, the longest {} ms",
            killed.count,
            killed.longest.as_millis()
        );
    }
    say!("time taken                 {:.1} s", story.began.elapsed().as_secs_f64());
    Ok(())
}

/// Each acknowledged order has one row and an outcome, the one that the row says; exactly one, where Kafka is real.
fn adds_up(story: &Story, ledger: Ledger) -> Result<(), Problem> {
    let (tally, seen) = (&story.tally, story.outcomes.seen());
    let orders = tally.acknowledged.len();
    if story.is_shared {
        ensure!(
            ledger.rows() >= orders,
            "{orders} orders were acknowledged, and {} have a row",
            ledger.rows()
        );
        ensure!(ledger.adds_up(), "the stock does not add up: {ledger:?}");
        return Ok(());
    }
    ensure!(ledger.rows() == orders, "{orders} orders were acknowledged, and {} have a row", ledger.rows());
    ensure!(ledger.adds_up(), "the stock does not add up: {ledger:?}");
    let twice = sent_twice(&seen);
    ensure!(seen.len() - twice == orders, "{orders} orders have {} outcomes", seen.len() - twice);
    ensure!(!story.kafka.is_real() || twice == 0, "{twice} outcomes are visible twice");
    let mut first: std::collections::HashMap<_, _> = std::collections::HashMap::new();
    for outcome in &seen {
        let known = *first.entry(&outcome.order_id).or_insert(outcome.is_reserved);
        ensure!(known == outcome.is_reserved, "order {} has two different outcomes", outcome.order_id);
    }
    let reserved = first.values().filter(|is_reserved| **is_reserved).count();
    ensure!(
        reserved as i64 == ledger.reserved,
        "{reserved} outcomes and {} rows are reserved",
        ledger.reserved
    );
    Ok(())
}
