//! Events per second and the time an order takes, compared with the least that could be done:
//! `cargo bench -p inventory-service`.
//!
//! A backlog of orders is handled by the service, with SQLite and with PostgreSQL. It is compared with a loop that only consumes
//! the same records, and with the same orders decided in the same batches without Kafka. Everything is on the same machine, the
//! databases sync to the disk.
//!
//! ```text
//! backlog.rs   orders in the topic; consumed, and no more      insert.rs    decided, without Kafka
//! drain.rs     handled by the service                          latency.rs   from createdAt to the outcome, at a steady rate
//! ```
//!
//! `-- --orders N` sets the size of the backlog (1,000,000). The ids of orders have no order, unless `-- --ids-in-order` is given.
//! `-- --smoke` does everything once, in tiny sizes; what it prints
//! then means nothing.

mod backlog;
mod drain;
mod insert;
mod latency;

use std::process::ExitCode;
use std::time::Duration;

use ottla_clients::registry::Registry;
use ottla_tests::kafka::Broker;
use ottla_tests::postgres::Cluster;

/// Records of a cycle, and orders of a batch.
const BATCH: usize = 1_000;

/// What everything runs on.
struct Bench {
    broker: Broker,
    registry: Registry,
    orders: usize,
    are_ids_in_order: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_smoke = arguments.iter().any(|argument| argument == "--smoke");
    let are_ids_in_order = arguments.iter().any(|argument| argument == "--ids-in-order");
    let size = arguments.iter().skip_while(|argument| *argument != "--orders").nth(1);
    let orders = size.map_or(if is_smoke { 2_000 } else { 1_000_000 }, |n| n.parse().expect("a number"));
    let Some(broker) = Broker::start() else { return ExitCode::SUCCESS };
    let cluster = Cluster::durable().expect("a PostgreSQL that starts");
    let bench = Bench { broker, registry: Registry::start(), orders, are_ids_in_order };
    backlog::place(&bench);
    let ids = if are_ids_in_order { "in order" } else { "without any order" };
    println!("{orders} orders, ids {ids}, cycles of at most {BATCH} records");
    println!("                           SQLite    PostgreSQL   (orders/s)");
    let consumed = backlog::consume(&bench);
    println!("consumed, and no more  {consumed:10.0}    {consumed:10.0}");
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    let inserted = [insert::run(&bench, &sqlite("inserted.db")), insert::run(&bench, &cluster.database())];
    println!("decided, no Kafka      {:10.0}    {:10.0}", inserted[0], inserted[1]);
    let drained = [
        drain::run(&bench, "sqlite", &sqlite("drained.db")),
        drain::run(&bench, "postgres", &cluster.database()),
    ];
    println!("the service            {:10.0}    {:10.0}", drained[0].per_second, drained[1].per_second);
    let ratio = |kind: usize| drained[kind].per_second / consumed.min(inserted[kind]);
    println!("ratio to the slower    {:10.2}    {:10.2}   (0.60 is the aim)", ratio(0), ratio(1));
    println!(
        "most memory, MB        {:10.0}    {:10.0}   (200 is the limit)",
        drained[0].peak, drained[1].peak
    );

    let (rate, time) = match is_smoke {
        true => (200, Duration::from_secs(1)),
        false => (1_000, Duration::from_secs(30)),
    };
    println!("\n{rate} orders/s for {time:?}: from createdAt to the outcome that is committed");
    println!("                           SQLite    PostgreSQL   (ms)");
    let times = [
        latency::run(&bench, "sqlite-times", &sqlite("times.db"), rate, time),
        latency::run(&bench, "postgres-times", &cluster.database(), rate, time),
    ];
    for (name, part) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0)] {
        println!("{name:22} {:10}    {:10}", latency::at(&times[0], part), latency::at(&times[1], part));
    }
    ExitCode::SUCCESS
}
