//! All kinds of processes are killed while orders come in: three replicas of this service, the order service, and the broker.
//!
//! `INVENTORY_KILLS` says how many times (30); `INVENTORY_SEED` repeats a sequence of kills.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ottla_clients::program;
use ottla_clients::registry::Registry;
use ottla_tests::http::Client;
use ottla_tests::kafka::Broker;
use ottla_tests::postgres::Cluster;
use ottla_tests::random::Random;
use ottla_tests::server::{Serve, Server};

use crate::stage::Stage;

const REPLICAS: [&str; 3] = ["one", "two", "three"];
const ARGUMENTS: [&str; 2] = ["--cycle-records=100", "--longest-pause=500ms"];

/// Orders that were acknowledged.
type Acknowledged = Arc<Mutex<HashSet<String>>>;

#[test]
fn each_acknowledged_order_has_one_effect_and_one_outcome() {
    let Some(cluster) = Cluster::installed() else { return };
    let Some(broker) = Broker::start() else { return };
    let mut stage = Stage::with("chaos", Arc::new(broker), Arc::new(Registry::start()));
    stage.database = cluster.database();
    let kills = std::env::var("INVENTORY_KILLS").map_or(30, |text| text.parse().expect("a number"));
    let mut random = Random::from_environment("INVENTORY_SEED");

    let shop = order_service(&stage);
    let mut order_service = shop.start().expect("an order service");
    let mut replicas = REPLICAS.map(|name| stage.start(name, &ARGUMENTS));
    let (acknowledged, is_over) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
    let customers: Vec<_> = (0..4)
        .map(|number| customer(order_service.url(), number, acknowledged.clone(), is_over.clone()))
        .collect();

    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(100 + random.below(900)));
        match random.below(10) {
            0 => {
                order_service.kill();
                order_service = shop.start().expect("an order service that starts again");
            }
            _ => {
                let replica = random.below(3) as usize;
                replicas[replica].kill();
                if random.below(3) == 0 {
                    // Long enough for others to take over.
                    std::thread::sleep(Duration::from_secs(7));
                }
                replicas[replica] = stage.start(REPLICAS[replica], &ARGUMENTS);
            }
        }
        if kill == kills / 2 {
            stage.broker.kill();
            stage.broker.run().expect("a broker that starts again");
        }
    }
    is_over.store(true, Relaxed);
    for customer in customers {
        customer.join().expect("a customer");
    }
    let acknowledged = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
    println!("{kills} kills, {} orders acknowledged", acknowledged.len());
    assert!(acknowledged.len() > 20 * kills, "{}", acknowledged.len());
    all_once(&stage, &acknowledged, &replicas);
}

/// Also orders whose acknowledgement got lost may be there, each of them once.
fn all_once(stage: &Stage, acknowledged: &HashSet<String>, replicas: &[Server]) {
    let started = Instant::now();
    let missing = loop {
        let seen: HashSet<_> = stage.outcomes().into_iter().map(|seen| seen.order_id).collect();
        let missing = acknowledged.difference(&seen).count();
        if missing == 0 || started.elapsed() > Duration::from_secs(90) {
            break missing;
        }
        std::thread::sleep(Duration::from_millis(500));
    };
    let logs = || replicas.iter().map(Server::log).collect::<Vec<_>>().join("\n----\n");
    assert_eq!(missing, 0, "orders have no outcome: {}", logs());
    let all: HashSet<_> = stage.ledger().rows.into_keys().collect();
    assert!(acknowledged.is_subset(&all));
    stage.each_once(&all);
    assert_eq!(stage.dead(), []);
}

/// At an address that stays the same.
fn order_service(stage: &Stage) -> Serve {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let kafka = stage.broker.address();
    let program = Serve::program(program::order_service()).with(&["--listen", &address, "--kafka", &kafka]);
    program.with(&["--registry", &stage.url, "--topic", &stage.topic(), "--delivery-timeout=3s"])
}

/// Places one order after the other, each until it is acknowledged.
fn customer(
    url: &str,
    number: usize,
    acknowledged: Acknowledged,
    is_over: Arc<AtomicBool>,
) -> std::thread::JoinHandle<()> {
    let mut client = Client::new(url).timeout(Duration::from_secs(10));
    std::thread::spawn(move || {
        for order in 0.. {
            let key = format!("customer-{number}-{order}");
            let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
            let body = br#"{"customerId": "cust-123", "totalAmount": 250.75}"#;
            while !is_over.load(Relaxed) {
                let answer = client.send("POST", "/orders", &headers, Some(body));
                if let Ok(answer) = answer
                    && answer.status == 202
                {
                    let id = answer.json()["orderId"].as_str().expect("an id").to_owned();
                    acknowledged.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            if is_over.load(Relaxed) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    })
}
