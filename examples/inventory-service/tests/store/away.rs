//! A database that does not answer.

use std::time::{Duration, Instant};

use inventory_service::store::{Away, OpenError, Seed, Store};
use ottla_tests::postgres::{Cluster, Stop};
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;

use crate::place::{NOW, Place, order, shown};

const SEED: Seed = Seed { items: 1, stock: 100 };
const PATIENCE: Duration = Duration::from_secs(2);
/// No test may hang on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(10);

/// It gives up in time.
async fn is_away<T: std::fmt::Debug>(doing: impl Future<Output = Result<T, Away>>) {
    let started = Instant::now();
    doing.await.expect_err("nobody answers");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

/// It works again, sooner or later.
async fn recovers(store: &Store, partition: i32) {
    let started = Instant::now();
    let batch = [order("a", 0, 0), order(&format!("b-{partition}"), partition, 0)];
    let effects = loop {
        match store.reserve(&batch, NOW).await {
            Ok(effects) => break shown(&effects),
            Err(away) => assert!(started.elapsed() < SOON * 2, "{away}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(effects[0], "again reserved");
    assert!(["reserved", "again reserved"].contains(&effects[1].as_str()), "{effects:?}");
    assert_eq!(store.ping().await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_silent_down_or_killed() {
    let Some(cluster) = Cluster::installed() else { return };
    let place = Place::on(&cluster);
    let store = Store::open(&place.url, SEED, PATIENCE).await.expect("a store");
    assert_eq!(shown(&store.reserve(&[order("a", 0, 0)], NOW).await.expect("effects")), ["reserved"]);

    cluster.pause().expect("a server to pause");
    is_away(store.reserve(&[order("b-1", 1, 0)], NOW)).await;
    is_away(store.ping()).await;
    let batch = [order("b-1", 1, 0)];
    // While the next one waits, it is known how the one before it has ended.
    let (_, known) = tokio::join!(biased; is_away(store.reserve(&batch, NOW)), store.ping());
    known.expect_err("nobody has answered");
    let opened = Store::open(&place.url, SEED, PATIENCE).await.expect_err("nobody answers");
    assert!(opened.is_temporary(), "{opened:?}");
    cluster.resume().expect("a server to go on");
    recovers(&store, 1).await;

    cluster.stop(Stop::Fast).expect("a server to stop");
    is_away(store.reserve(&[order("b-2", 2, 0)], NOW)).await;
    is_away(store.ping()).await;
    let opened = Store::open(&place.url, SEED, PATIENCE).await.expect_err("nobody listens");
    assert!(matches!(opened, OpenError::Away(_)), "{opened:?}");
    cluster.start().expect("a server");
    recovers(&store, 2).await;

    cluster.kill().expect("a server to kill");
    is_away(store.reserve(&[order("b-3", 3, 0)], NOW)).await;
    cluster.start().expect("a server");
    recovers(&store, 3).await;

    assert!(cluster.end_sessions(&place.url, "application_name = 'inventory-service'") > 0);
    is_away(store.reserve(&[order("b-4", 4, 0)], NOW)).await;
    recovers(&store, 4).await;
    place.adds_up().await;
    assert_eq!(place.stock().await, ["item-0 95"]);
}

/// Somebody has locked what an order needs: it waits, but not for ever, and leaves nobody behind who still waits.
#[tokio::test]
async fn a_row_that_is_locked() {
    let Some(cluster) = Cluster::shared() else { return };
    let place = Place::on(cluster);
    let store = Store::open(&place.url, SEED, PATIENCE).await.expect("a store");
    assert_eq!(shown(&store.reserve(&[order("a", 0, 0)], NOW).await.expect("effects")), ["reserved"]);
    let mut other = PgConnection::connect(&place.url).await.expect("a connection");
    let locked = sqlx::raw_sql("BEGIN; SELECT 1 FROM stock FOR UPDATE").execute(&mut other).await;
    locked.expect("a lock");
    is_away(store.reserve(&[order("b-1", 1, 0)], NOW)).await;
    let started = Instant::now();
    let waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'inventory-service' AND state <> 'idle'";
    while !place.run(waiting).await.is_empty() {
        assert!(started.elapsed() < SOON, "somebody still waits");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(place.run("SELECT order_id FROM reservations").await, ["a"]);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("an end");
    recovers(&store, 1).await;
    place.adds_up().await;
}

#[tokio::test]
async fn a_file_that_another_program_has_locked() {
    let place = Place::sqlite();
    let store = Store::open(&place.url, SEED, PATIENCE).await.expect("a store");
    assert_eq!(shown(&store.reserve(&[order("a", 0, 0)], NOW).await.expect("effects")), ["reserved"]);
    let mut other = SqliteConnection::connect(&place.url).await.expect("a connection");
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("a lock");
    let batch = [order("b-1", 1, 0)];
    let (_, known) = tokio::join!(biased; is_away(store.reserve(&batch, NOW)), store.ping());
    assert_eq!(known, Ok(()));
    let opened = Store::open(&place.url, SEED, PATIENCE).await.expect_err("it is locked");
    assert!(opened.is_temporary(), "{opened:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("an end");
    recovers(&store, 1).await;
    place.adds_up().await;
}

/// Who is not waited for leaves nothing half-done.
#[tokio::test]
async fn a_call_that_is_given_up_in_the_middle() {
    let mut places = vec![Place::sqlite()];
    places.extend(Place::postgres());
    for place in places {
        let store = Store::open(&place.url, Seed { items: 1, stock: 100_000 }, SOON).await.expect("a store");
        store.reserve(&[order("a", 0, 0)], NOW).await.expect("effects");
        for round in 0..40 {
            let batch: Vec<_> =
                (0..50).map(|n| order(&format!("o-{round}-{n}"), 1, round * 50 + n)).collect();
            let limit = Duration::from_micros(100 * round as u64);
            let _ = tokio::time::timeout(limit, store.reserve(&batch, NOW)).await;
            if round % 10 == 9 {
                recovers(&store, round as i32).await;
            }
        }
        place.adds_up().await;
        let rows = place.run("SELECT order_id FROM reservations WHERE order_id LIKE 'o-%'").await.len();
        assert!(rows.is_multiple_of(50), "{rows}");
    }
}
