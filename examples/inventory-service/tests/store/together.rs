//! Several stores at once, as replicas have them.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use inventory_service::store::{Effect, Store, Wanted};
use ottla_tests::random::Random;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;

use crate::place::{NOW, Place, order, shown};

on_both! {
    each_order_is_decided_by_one_of_them
    clones_take_turns
}

const ORDERS: u64 = 1_500;

/// All orders, in batches of any size and in any order, each in records of the replica's own.
fn batches(partition: i32, mut random: Random) -> Vec<Vec<Wanted>> {
    let mut orders: Vec<_> =
        (0..ORDERS).map(|number| order(&format!("o-{number}"), partition, number as i64)).collect();
    for at in (1..orders.len()).rev() {
        orders.swap(at, random.index(at + 1));
    }
    let mut batches = Vec::new();
    while !orders.is_empty() {
        let rest = orders.len() - orders.len().min(1 + random.index(80));
        batches.push(orders.split_off(rest));
    }
    batches
}

/// What a replica does: what is away is tried again, the same.
async fn work(store: Store, batches: Vec<Vec<Wanted>>) -> BTreeMap<String, Vec<Effect>> {
    let mut effects: BTreeMap<String, Vec<Effect>> = BTreeMap::new();
    for batch in batches {
        let mut attempts = 0;
        let decided = loop {
            match store.reserve(&batch, NOW).await {
                Ok(decided) => break decided,
                Err(away) => {
                    attempts += 1;
                    assert!(attempts < 50, "{away}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        };
        for (wanted, effect) in batch.into_iter().zip(decided) {
            effects.entry(wanted.order_id).or_default().push(effect);
        }
    }
    effects
}

async fn each_order_is_decided_by_one_of_them(place: Place) {
    let mut random = Random::from_environment("INVENTORY_STORE_SEED");
    let (items, stock) = (5, 200);
    let mut working = Vec::new();
    for partition in 0..4 {
        let store = place.open(items, stock).await;
        working.push(tokio::spawn(work(store, batches(partition, random.fork()))));
    }
    let mut all: BTreeMap<String, Vec<Effect>> = BTreeMap::new();
    for worked in working {
        for (order_id, effects) in worked.await.expect("no panic") {
            all.entry(order_id).or_default().extend(effects);
        }
    }
    let mut of_items: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (order_id, effects) in &all {
        let decisions: Vec<_> = effects
            .iter()
            .filter_map(|effect| match effect {
                // Again, if the answer of an attempt was lost.
                Effect::Decided(decision) | Effect::Again(decision) => Some(decision),
                _ => None,
            })
            .collect();
        let [decision] = decisions[..] else { panic!("{order_id}: {effects:?}") };
        assert_eq!(effects.iter().filter(|effect| **effect == Effect::Duplicate).count(), 3, "{order_id}");
        let (count, reserved) = of_items.entry(decision.item.clone()).or_default();
        *count += 1;
        *reserved += i64::from(decision.is_reserved);
    }
    assert_eq!(all.len() as u64, ORDERS);
    assert_eq!(place.rows().await.len() as u64, ORDERS);
    // Nothing is left while somebody is sent away.
    for (item, (count, reserved)) in of_items {
        assert_eq!(reserved, count.min(stock), "{item}");
    }
    place.adds_up().await;
}

async fn clones_take_turns(place: Place) {
    let store = place.open(5, 1_000_000).await;
    let working: Vec<_> = (0..4)
        .map(|partition| {
            let store = store.clone();
            let batches: Vec<_> = (0..20)
                .map(|batch| {
                    let id = |number: i64| format!("o-{partition}-{batch}-{number}");
                    (0..20).map(|number| order(&id(number), partition, batch * 20 + number)).collect()
                })
                .collect();
            tokio::spawn(work(store, batches))
        })
        .collect();
    let mut ids = HashSet::new();
    for worked in working {
        for (order_id, effects) in worked.await.expect("no panic") {
            assert!(matches!(effects[..], [Effect::Decided(_)]), "{effects:?}");
            ids.insert(order_id);
        }
    }
    assert_eq!(ids.len(), 1_600);
    place.adds_up().await;
}

/// What is left is not read before those are done who may take it. The constraint, which would tell as well, is not there.
#[tokio::test]
async fn the_last_unit_is_not_given_away_twice() {
    let Some(place) = Place::postgres() else { return };
    let store = place.open(1, 1).await;
    place.run("ALTER TABLE stock DROP CONSTRAINT stock_available_check").await;
    let mut other = PgConnection::connect(&place.url).await.expect("a connection");
    let taken = "BEGIN; INSERT INTO reservations VALUES ('theirs', 'item-0', 'reserved', 0, 0, 0);
        UPDATE stock SET available = available - 1";
    sqlx::raw_sql(taken).execute(&mut other).await.expect("a unit");
    let reserving = tokio::spawn(async move { store.reserve(&[order("mine", 0, 1)], NOW).await });
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'inventory-service' AND wait_event_type = 'Lock'";
    while place.run(waiting).await.is_empty() {
        assert!(!reserving.is_finished(), "it does not wait");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sqlx::raw_sql("COMMIT").execute(&mut other).await.expect("an end");
    let effects = reserving.await.expect("no panic").expect("effects");
    assert_eq!(shown(&effects), ["rejected"]);
    place.adds_up().await;
}
