//! Decided in the same batches, without Kafka.

use std::time::{Duration, Instant};

use inventory_service::lag;
use inventory_service::store::{Seed, Source, Store, Wanted};

use crate::backlog::{id, runtime};
use crate::{BATCH, Bench};

/// Orders in a second.
pub fn run(bench: &Bench, database: &str) -> f64 {
    let seed = Seed { items: 10, stock: 1_000_000_000 };
    runtime().block_on(async {
        let store = Store::open(database, seed, Duration::from_secs(30)).await.expect("a database");
        let started = Instant::now();
        for first in (0..bench.orders).step_by(BATCH) {
            let numbers = first..(first + BATCH).min(bench.orders);
            let wanted: Vec<_> = numbers
                .map(|number| Wanted {
                    order_id: id(bench, number),
                    source: Source { partition: 0, offset: number as i64 },
                })
                .collect();
            store.reserve(&wanted, lag::now()).await.expect("decisions");
        }
        let took = started.elapsed().as_secs_f64();
        store.close().await;
        bench.orders as f64 / took
    })
}
