//! Database, registry and broker away, one after the other, while orders come in.
//!
//! An outage never fills the dead letters, never passes a record over, and never costs the service its place in the group.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use inventory_service::events::OrderCreatedV2;
use ottla::client::Client;
use ottla::serdes::{Register, Serializer};
use ottla::subject::Topic;
use ottla_clients::program;
use ottla_clients::registry::Registry;
use ottla_tests::kafka::Broker;
use ottla_tests::postgres::Cluster;
use ottla_tests::server::{Serve, Server};
use rdkafka::message::OwnedHeaders;

use crate::stage::{Stage, metric, until};

/// Longer than the group waits for who does not answer.
const AWAY: Duration = Duration::from_secs(20);

/// Places orders for that long.
fn place_for(stage: &Stage, time: Duration, ids: &mut HashSet<String>) {
    let orders = stage.orders();
    let started = Instant::now();
    while started.elapsed() < time {
        ids.extend(orders.place(20));
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// Why the service says that it is not ready.
fn reason(server: &Server, check: &str) -> Option<String> {
    let reasons = server.client().get("/health/ready").ok()?.json()["reasons"].clone();
    reasons[check].as_str().map(str::to_owned)
}

/// What is to be so after each outage: everything is handled, nobody has lost a place, and no record is a dead letter.
fn all_is_well(stage: &Stage, server: &Server, ids: &HashSet<String>, cause: &str) {
    stage.each_once(ids);
    assert_eq!(stage.dead(), []);
    let mut client = server.client();
    until("it is ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 200));
    let sample = format!("inventory_retries_total{{cause=\"{cause}\"}}");
    assert!(metric(&mut client, &sample).is_some_and(|retries| retries > 0.0), "{}", server.log());
    until("nothing waits", || metric(&mut client, "inventory_paused_partitions") == Some(0.0));
}

#[test]
fn a_database_that_is_away_is_waited_for() {
    let Some(cluster) = Cluster::installed() else { return };
    let Some(mut stage) = Stage::set("database") else { return };
    stage.database = cluster.database();
    let server = stage.start("one", &["--database-timeout=3s"]);
    let mut ids = stage.orders().place(100);
    stage.each_once(&ids);

    // It is there, and does not answer.
    cluster.pause().expect("a pause");
    place_for(&stage, AWAY, &mut ids);
    let told = reason(&server, "database");
    cluster.resume().expect("it goes on");
    assert!(told.is_some(), "{}", server.log());
    all_is_well(&stage, &server, &ids, "database");

    // It is gone in the middle of something, and comes back.
    ids.extend(stage.orders().place(2_000));
    cluster.kill().expect("it can be killed");
    place_for(&stage, Duration::from_secs(3), &mut ids);
    until("it is told", || reason(&server, "database").is_some());
    cluster.start().expect("it starts again");
    all_is_well(&stage, &server, &ids, "database");
    let lost = metric(&mut server.client(), "inventory_rebalances_total{kind=\"lost\"}");
    assert_eq!(lost, Some(0.0), "it kept its place");
}

#[test]
fn a_registry_that_is_away_is_waited_for_by_those_who_need_it() {
    let Some(shared) = Stage::set("registry-kafka") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite://{}", folder.path().join("registry.db").display());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let start = || Serve::new(program::ottla(), &database).with(&["--listen", &address]);
    let mut registry = start().start().expect("a registry");
    let mut stage = Stage::with("registry", shared.broker.clone(), Arc::new(Registry::start()));
    stage.url = format!("http://{address}");
    let server = stage.start("one", &[]);
    let orders = stage.orders();
    let mut ids = orders.place(50);
    stage.each_once(&ids);

    // An order of a version that the service has not met is in one partition.
    let new = of_version_2(&stage);
    registry.kill();
    orders.send("new", &new, OwnedHeaders::new());
    orders.flush();
    let (started, mut others) = (Instant::now(), HashSet::new());
    while started.elapsed() < AWAY {
        others.extend(orders.place(10));
        std::thread::sleep(Duration::from_millis(250));
    }
    // The others go on meanwhile.
    let ledger = stage.ledger();
    let handled = others.iter().filter(|id| ledger.rows.contains_key(*id)).count();
    assert!(handled > others.len() / 3, "{handled} of {}: {}", others.len(), server.log());
    assert!(handled < others.len() && !ledger.rows.contains_key("new"), "its partition waits");
    assert!(reason(&server, "registry").is_some());
    let mut client = server.client();
    let lagging = (0..3).any(|partition| {
        let sample = format!("inventory_consumer_lag_seconds{{partition=\"{partition}\"}}");
        metric(&mut client, &sample).is_some_and(|seconds| seconds > 10.0)
    });
    assert!(lagging, "the age of what waits is told");

    let _registry = start().start().expect("a registry");
    ids.extend(others);
    ids.insert("new".to_owned());
    stage.each_once(&ids);
    assert_eq!(stage.dead(), []);
    until("it is ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 200));
    assert!(metric(&mut client, "inventory_retries_total{cause=\"registry\"}") > Some(0.0));
}

fn of_version_2(stage: &Stage) -> Vec<u8> {
    let client = Client::new(&stage.url).expect("a client");
    let serializer = Serializer::builder(Topic::value(stage.topic().as_str()));
    let serializer = serializer.register(Register::IfMissing).build(&client);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut bytes = Vec::new();
    let event = OrderCreatedV2::new("new", "cust-123", 1.0, 1_700_000_000_000);
    runtime.block_on(serializer.serialize(&event, &mut bytes)).expect("an event");
    bytes
}

#[test]
fn a_broker_that_is_away_is_waited_for() {
    let Some(broker) = Broker::start() else { return };
    let stage = Stage::with("broker", Arc::new(broker), Arc::new(Registry::start()));
    let server = stage.start("one", &["--cycle-records=100"]);
    let mut ids = stage.orders().place(3_000);
    until("it is in the middle of it", || {
        metric(&mut server.client(), "inventory_consumed_total").is_some_and(|count| count > 200.0)
    });
    // Stopped in its tracks for longer than a transaction may take.
    stage.broker.pause();
    std::thread::sleep(AWAY);
    let told = reason(&server, "kafka");
    stage.broker.resume();
    assert!(told.is_some(), "{}", server.log());
    ids.extend(stage.orders().place(500));
    stage.each_once(&ids);

    // Killed under load, and started again.
    ids.extend(stage.orders().place(3_000));
    stage.broker.kill();
    std::thread::sleep(Duration::from_secs(2));
    stage.broker.run().expect("a broker that starts again");
    ids.extend(stage.orders().place(500));
    stage.each_once(&ids);
    assert_eq!(stage.dead(), []);
    let mut client = server.client();
    until("it is ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 200));
}
