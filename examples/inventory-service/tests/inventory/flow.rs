//! Orders, their effects, their outcomes.

use std::collections::HashSet;

use rdkafka::message::{Header, OwnedHeaders};
use serde_json::json;

use crate::stage::{Stage, metric, until};

#[test]
fn each_order_takes_one_unit_until_nothing_is_left() {
    let Some(stage) = Stage::set("flow") else { return };
    let orders = stage.orders();
    let first = orders.place(200);
    let server = stage.start("one", &["--items=4", "--stock=60"]);
    let ids: HashSet<_> = first.into_iter().chain(orders.place(200)).collect();
    stage.each_once(&ids);

    // 400 orders for 240 units: every item that was asked for often enough is sold out.
    let ledger = stage.ledger();
    assert_eq!(ledger.stock.len(), 4);
    let rejected = ledger.rows.values().filter(|row| !row.is_reserved).count();
    assert!(rejected >= 160, "{rejected}");
    let seen = stage.outcomes();
    assert!(seen.iter().all(|seen| seen.key == seen.order_id));

    let mut client = server.client();
    assert_eq!(client.get("/health/live").expect("an answer").status, 200);
    assert_eq!(client.get("/health/ready").expect("an answer").json(), json!({"status": "ready"}));
    let counted = |client: &mut _, name: &str| metric(client, name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(counted(&mut client, "inventory_consumed_total"), 400.0);
    assert_eq!(counted(&mut client, "inventory_rejected_total"), rejected as f64);
    assert_eq!(counted(&mut client, "inventory_reserved_total"), 400.0 - rejected as f64);
    assert_eq!(counted(&mut client, "inventory_acknowledged_total"), 400.0);
    assert_eq!(counted(&mut client, "inventory_end_to_end_latency_seconds_count"), 400.0);
    assert!(counted(&mut client, "inventory_transactions_committed_total") >= 1.0);
    assert_eq!(counted(&mut client, "inventory_transactions_aborted_total"), 0.0);
    assert_eq!(counted(&mut client, "inventory_assigned_partitions"), 3.0);
    for partition in 0..3 {
        let sample = format!("inventory_consumer_lag_records{{partition=\"{partition}\"}}");
        until("nothing is left to handle", || metric(&mut client, &sample) == Some(0.0));
        let sample = format!("inventory_consumer_lag_seconds{{partition=\"{partition}\"}}");
        assert_eq!(metric(&mut client, &sample), Some(0.0));
    }
    let some = ids.iter().find(|id| ledger.rows[*id].is_reserved).expect("a reservation");
    assert!(server.log().contains(&format!("Reserving inventory for order {some}")), "{}", server.log());
}

#[test]
fn an_order_that_comes_twice_has_one_effect_and_the_trace_goes_on() {
    let Some(stage) = Stage::set("twice") else { return };
    let orders = stage.orders();
    let server = stage.start("one", &["--log-format=json"]);
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let trace = || OwnedHeaders::new().insert(Header { key: "traceparent", value: Some(parent) });
    // In one cycle, and later.
    for _ in 0..3 {
        orders.send("o-1", &orders.value("o-1", 1.0), trace());
    }
    orders.flush();
    let ids = HashSet::from(["o-1".to_owned()]);
    stage.each_once(&ids);
    orders.send("o-1", &orders.value("o-1", 2.0), OwnedHeaders::new());
    orders.flush();
    let mut client = server.client();
    until("all are handled", || metric(&mut client, "inventory_consumed_total") == Some(4.0));
    stage.each_once(&ids);
    assert_eq!(metric(&mut client, "inventory_duplicates_total"), Some(3.0));
    let [seen] = stage.outcomes().try_into().expect("one outcome");
    assert_eq!(seen.headers, [("traceparent".to_owned(), parent.to_owned())]);
    let log = server.log();
    let mut lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let line = lines.find(|line| line["order_id"] == "o-1").expect("a line about the order");
    assert_eq!(line["message"], "Reserving inventory for order o-1");
    assert!(line["partition"].is_i64() && line["offset"] == 0 && line["topic"] == "twice-orders", "{line}");
}

#[test]
fn without_transactions_it_works_too() {
    let Some(stage) = Stage::set("at-least-once") else { return };
    let orders = stage.orders();
    let mut server = stage.start("one", &["--exactly-once=false"]);
    let mut ids = orders.place(300);
    stage.each_once(&ids);
    assert_eq!(metric(&mut server.client(), "inventory_transactions_committed_total"), Some(0.0));
    // What is committed is not handled again.
    assert!(server.terminate().is_some_and(|status| status.success()));
    let server = stage.start("one", &["--exactly-once=false"]);
    ids.extend(orders.place(10));
    stage.each_once(&ids);
    assert_eq!(metric(&mut server.client(), "inventory_consumed_total"), Some(10.0));
}
