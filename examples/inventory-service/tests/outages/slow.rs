//! A database that is slower than orders come in: memory is bounded.

use std::time::Duration;

use ottla_tests::postgres::Cluster;

use crate::stage::{Stage, metric, until};

/// The most memory that a process had, in bytes.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes << 10
}

#[test]
fn whatever_the_lag_memory_is_bounded() {
    let Some(cluster) = Cluster::installed() else { return };
    let Some(mut stage) = Stage::set("slow") else { return };
    stage.database = cluster.database();
    assert!(stage.start("one", &[]).terminate().is_some_and(|status| status.success()));
    stage.execute(
        "CREATE FUNCTION dawdle() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$ \
         LANGUAGE plpgsql",
    );
    stage.execute(
        "CREATE TRIGGER dawdle BEFORE INSERT ON reservations FOR EACH ROW EXECUTE FUNCTION dawdle()",
    );
    // 60 MB: more than the service may hold.
    let orders = stage.orders();
    let padding = "x".repeat(900);
    for number in 0..60_000 {
        let id = format!("o-{number}");
        orders.send(&id, &orders.value_of(&id, &padding), Default::default());
    }
    orders.flush();
    let server = stage.start("one", &["--cycle-records=200"]);
    let mut client = server.client();
    until("it has begun", || metric(&mut client, "inventory_consumed_total") > Some(1_000.0));
    std::thread::sleep(Duration::from_secs(5));
    let lag: f64 = (0..3)
        .filter_map(|partition| {
            metric(&mut client, &format!("inventory_consumer_lag_records{{partition=\"{partition}\"}}"))
        })
        .sum();
    assert!(lag > 30_000.0, "{lag}");
    let peak = peak(server.pid());
    assert!(peak < 200 << 20, "{} MB", peak >> 20);
    let queued = metric(&mut client, "inventory_queued_bytes").expect("a gauge");
    assert!(queued < 40e6, "{queued}");
    assert_eq!(metric(&mut client, "inventory_rebalances_total{kind=\"lost\"}"), Some(0.0));
    println!("peak: {} MB, lag: {lag}", peak >> 20);
}
