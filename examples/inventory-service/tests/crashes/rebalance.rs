//! One replica, three, and one again, while orders come in.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use ottla_tests::server::Server;

use crate::stage::{Stage, metric, until};

fn assigned(server: &Server) -> Option<f64> {
    metric(&mut server.client(), "inventory_assigned_partitions")
}

#[test]
fn partitions_move_and_nothing_is_lost_or_repeated() {
    let Some(stage) = Stage::set("rebalance") else { return };
    let first = stage.start("first", &[]);
    until("it has all", || assigned(&first) == Some(3.0));
    let orders = stage.orders();
    let is_over = Arc::new(AtomicBool::new(false));
    let placing = {
        let is_over = is_over.clone();
        std::thread::spawn(move || {
            let mut ids = HashSet::new();
            while !is_over.load(Relaxed) {
                ids.extend(orders.place(50));
                std::thread::sleep(Duration::from_millis(20));
            }
            ids
        })
    };
    let (mut second, mut third) = (stage.start("second", &[]), stage.start("third", &[]));
    until("each has one", || [&first, &second, &third].into_iter().all(|s| assigned(s) == Some(1.0)));
    // Each of them works.
    for server in [&first, &second, &third] {
        let before = metric(&mut server.client(), "inventory_consumed_total");
        until("it works", || metric(&mut server.client(), "inventory_consumed_total") > before);
    }
    for server in [&mut second, &mut third] {
        assert!(server.terminate().is_some_and(|status| status.success()), "{}", server.log());
    }
    until("the first has all again", || assigned(&first) == Some(3.0));
    is_over.store(true, Relaxed);
    let ids = placing.join().expect("orders");
    stage.each_once(&ids);
    // No partition was taken from somebody who had not given it back.
    assert_eq!(metric(&mut first.client(), "inventory_rebalances_total{kind=\"lost\"}"), Some(0.0));
    assert!(metric(&mut first.client(), "inventory_rebalances_total{kind=\"revoked\"}") > Some(0.0));
}
