//! 4: the consumer is killed in the middle of a burst, and started again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::{Story, start};
use crate::Problem;
use crate::ledger::Ledger;
use crate::role::Role;
use crate::shop::{Placed, Shop, order};
use crate::tale::{chapter, ensure, say};
use crate::tally::sent_twice;

/// Customers who order at the same time, and how long each thinks before the next order.
const CUSTOMERS: u32 = 8;
const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn does_no_harm(story: &mut Story) -> Result<(), Problem> {
    chapter(4, "The consumer is killed in the middle of a burst, and started again");
    let (burst, url) = (story.burst, story.orders.url().to_owned());
    let before = story.outcomes.seen().len();
    // The second half waits, on a machine that is slow, until the kill is prepared: it comes in the middle in any case.
    let (next, allowed) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(burst / 2)));
    let customers = (0..CUSTOMERS).map(|_| {
        tokio::spawn(customer(story.shop.clone(), url.clone(), burst, next.clone(), allowed.clone()))
    });
    let customers: Vec<_> = customers.collect();

    story.outcomes.number(before + burst as usize / 3).await?;
    // The worst moment: what was decided is in the database, and Kafka does not know yet.
    let rows = Ledger::next_commit(&story.database, || allowed.store(burst, Relaxed)).await?;
    story.inventory.kill();
    let down = Instant::now();
    let so_far = story.outcomes.seen().len();
    say!(
        "kill -9 {}, between its database and Kafka: {rows} rows there, {so_far} outcomes here",
        story.inventory.id()
    );
    ensure!(so_far - before < burst as usize, "the burst was over before the kill");
    let mut ids = Vec::new();
    for customer in customers {
        for placed in customer.await?? {
            story.acknowledged(&placed);
            ids.push(placed.order_id);
        }
    }
    say!("order-service went on without it: {} orders acknowledged", ids.len());
    ensure!(ids.len() == burst as usize, "{} of {burst} orders were acknowledged", ids.len());

    tokio::time::sleep(story.kafka.pause().saturating_sub(down.elapsed())).await;
    let (cast, kafka, names) = (&story.cast, &story.kafka, &story.names);
    let role = (Role::InventoryService, "inventory-service-restarted");
    story.inventory = start::inventory(cast, kafka, names, &story.database, role).await?;
    say!(
        "the same replica, process {}: at work {} ms after the kill",
        story.inventory.id(),
        down.elapsed().as_millis()
    );
    story.outcomes.of(&ids).await?;
    // What is sent twice would be so by then.
    tokio::time::sleep(Duration::from_millis(300)).await;
    story.tally.disturbed = so_far..story.outcomes.seen().len();
    each_once(story).await
}

/// Orders until all are placed.
async fn customer(
    shop: Shop,
    url: String,
    burst: u32,
    next: Arc<AtomicU32>,
    allowed: Arc<AtomicU32>,
) -> Result<Vec<Placed>, Problem> {
    let mut all = Vec::new();
    loop {
        let number = next.fetch_add(1, Relaxed);
        if number >= burst {
            return Ok(all);
        }
        while number >= allowed.load(Relaxed) {
            tokio::time::sleep(PAUSE).await;
        }
        let order = order(&format!("cust-{}", number % CUSTOMERS), f64::from(number));
        all.push(shop.place(&url, &format!("burst-{number}"), &order).await?);
        tokio::time::sleep(PAUSE).await;
    }
}

/// One row an order, and one outcome, as far as this Kafka goes.
async fn each_once(story: &mut Story) -> Result<(), Problem> {
    let replays = story.inventory.log();
    let replays = replays.iter().filter(|line| line.message.contains("its outcome is sent again"));
    story.tally.replayed = replays.count();
    let ledger = Ledger::read(&story.database).await?;
    let (orders, twice) = (story.tally.acknowledged.len(), sent_twice(&story.outcomes.seen()));
    say!(
        "{orders} orders, {} rows in SQLite: {} reserved, {} rejected",
        ledger.rows(),
        ledger.reserved,
        ledger.rejected
    );
    say!("{} units were there, {} are left: it adds up", ledger.initial, ledger.available);
    ensure!(ledger.rows() == orders && ledger.adds_up(), "{orders} orders, but {ledger:?}");
    let replayed = story.tally.replayed;
    if story.kafka.is_real() {
        say!("{replayed} records were read again, and told by their offset; outcomes visible twice: {twice}");
        ensure!(twice == 0, "{twice} outcomes are visible twice");
    } else {
        say!("{replayed} records were read again, and told by their offset; outcomes sent twice: {twice}");
        say!("(at least once: each record that is read again may send one more; with --kafka none does)");
    }
    Ok(())
}
