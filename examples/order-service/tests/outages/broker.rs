//! A broker that is away at first, stopped in its tracks under load, killed, and there again.
//!
//! One story, as a broker takes its time to start.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ottla_clients::registry::Registry;
use ottla_tests::http::{Answer, Client};
use ottla_tests::kafka::Broker;
use ottla_tests::server::Server;

use crate::registry::start_at;
use crate::stage::{Record, id, metric, order, post, records, service, try_post, until};

/// How long the service may take to say that it does not know: its delivery timeout and librdkafka's second.
const BOUND: Duration = Duration::from_millis(1_000 + 2_000 + 500);

#[test]
fn orders_wait_for_a_broker_only_so_long() {
    let Some(broker) = Broker::start() else { return };
    let registry = Registry::start();
    broker.kill();
    let server = away_at_first(&broker, &registry);
    let mut placed = HashMap::new();
    stopped_under_load(&broker, &server, &mut placed);
    killed(&broker, &server, &mut placed);
    client_gone(&broker, &registry);

    // All that was acknowledged is there, under its id, where it was said to be.
    let records: Vec<Record> = records(&broker, registry.url(), "outage");
    for (id, place) in &placed {
        let found = records.iter().any(|r| r.key == *id && (r.partition, r.offset) == *place);
        assert!(found, "{id} is not at {place:?}");
    }
    assert!(records.iter().all(|record| record.order.order_id == record.key));
}

fn away_at_first(broker: &Broker, registry: &Registry) -> Server {
    let serve = service(&broker.address(), registry.url(), "outage");
    let serve = serve.with(&["--delivery-timeout=1s", "--max-in-flight=8", "--idempotency-window=1h"]);
    let (url, starting) = start_at(&serve);
    let mut client = Client::new(&url);
    until("an answer", || client.get("/health/live").is_ok());
    let reasons = client.get("/health/ready").expect("an answer").json()["reasons"].clone();
    assert!(reasons["kafka"].is_string() && reasons["topic"].is_string(), "{reasons}");
    refused(&post(&mut client, &[], &order()), "not-ready", "not-placed");
    assert!(!starting.is_finished(), "it says that it listens before it is ready");
    broker.run().expect("a broker that starts again");
    starting.join().expect("no panic").expect("a service that starts")
}

fn stopped_under_load(broker: &Broker, server: &Server, placed: &mut HashMap<String, (i32, i64)>) {
    let mut client = server.client();
    note(&post(&mut client, &[], &order()), placed);
    broker.pause();
    // More than may wait: those beyond are told so at once, the others when their time is up.
    let clients: Vec<_> = (0..30)
        .map(|number| {
            let mut client = server.client();
            std::thread::spawn(move || {
                let (key, started) = (format!("stopped-{number}"), Instant::now());
                let answer = post(&mut client, &[("Idempotency-Key", &key)], &order());
                (key, answer, started.elapsed())
            })
        })
        .collect();
    let mut unknown = Vec::new();
    for client in clients {
        let (key, answer, took) = client.join().expect("an answer");
        assert!(took < BOUND, "{took:?}");
        if answer.json()["outcome"] == "unknown" {
            refused(&answer, "unknown-outcome", "unknown");
            assert_eq!(answer.json()["idempotencyKey"], key);
            unknown.push((key, id(&answer)));
        } else {
            refused(&answer, "too-many", "not-placed");
            assert!(took < Duration::from_millis(900), "{took:?}");
        }
    }
    assert_eq!(unknown.len(), 8, "as many as may wait");

    // It has noticed that nobody is there: nothing is put in the queue any more, and probes are told.
    until("not ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 503));
    let started = Instant::now();
    let answer = post(&mut client, &[], &order());
    refused(&answer, "broker-away", "not-placed");
    assert!(started.elapsed() < Duration::from_millis(500));

    broker.resume();
    until("ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 200));
    // To repeat a request with its key is safe.
    for (key, order_id) in unknown {
        let again = post(&mut client, &[("Idempotency-Key", &key)], &order());
        assert_eq!((again.status, id(&again)), (202, order_id));
        note(&again, placed);
    }
    until("nothing waits", || metric(&mut client, "orders_in_flight") == Some(0.0));
}

fn killed(broker: &Broker, server: &Server, placed: &mut HashMap<String, (i32, i64)>) {
    let mut client = server.client();
    broker.kill();
    // Before it was noticed: unknown, with a key that the service has thought of. After: not placed.
    let started = Instant::now();
    let answer = post(&mut client, &[], &order());
    assert!(started.elapsed() < BOUND && answer.status == 503, "{}", answer.text());
    until("not ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 503));
    refused(&post(&mut client, &[], &order()), "broker-away", "not-placed");
    broker.run().expect("a broker that starts again");
    until("ready", || client.get("/health/ready").is_ok_and(|answer| answer.status == 200));
    let again = match answer.json()["idempotencyKey"].as_str() {
        Some(key) => post(&mut client, &[("Idempotency-Key", key)], &order()),
        None => post(&mut client, &[], &order()),
    };
    if answer.json()["outcome"] == "unknown" {
        assert_eq!(id(&again), id(&answer));
    }
    note(&again, placed);
}

/// An order whose client does not wait is placed all the same, also when the service is asked to end meanwhile.
fn client_gone(broker: &Broker, registry: &Registry) {
    let serve = service(&broker.address(), registry.url(), "gone").with(&["--delivery-timeout=30s"]);
    let mut server = serve.start().expect("a service that starts");
    broker.kill();
    let mut client = server.client().timeout(Duration::from_millis(300));
    let key = [("Idempotency-Key", "gone")];
    try_post(&mut client, &key, &order()).expect_err("no answer");
    server.signal(rustix::process::Signal::TERM);
    broker.run().expect("a broker that starts again");
    let status = server.wait().expect("an end");
    assert!(status.success(), "{status}: {}", server.log());
    let placed: Vec<Record> = records(broker, registry.url(), "gone");
    let server = service(&broker.address(), registry.url(), "gone").start().expect("a service that starts");
    let again = post(&mut server.client(), &key, &order());
    assert_eq!(placed.into_iter().map(|record| record.key).collect::<Vec<_>>(), [id(&again)]);
}

/// Takes note of an order that was placed.
fn note(answer: &Answer, placed: &mut HashMap<String, (i32, i64)>) {
    assert_eq!(answer.status, 202, "{}", answer.text());
    let number = |name: &str| answer.json()[name].as_i64().expect("a number");
    let partition = i32::try_from(number("partition")).expect("a partition");
    placed.insert(id(answer), (partition, number("offset")));
}

fn refused(answer: &Answer, kind: &str, outcome: &str) {
    let problem = answer.json();
    assert_eq!(answer.status, 503, "{problem}");
    assert_eq!(problem["type"], format!("urn:problem-type:order-service:{kind}"), "{problem}");
    assert_eq!(problem["outcome"], outcome);
    assert_eq!(answer.header("retry-after"), Some("1"));
}
