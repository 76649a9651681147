//! Both versions of the event.

use inventory_service::events::OrderCreatedV2;
use ottla::client::{Client, Schema};
use ottla::serdes::{Register, Serializer};
use ottla::subject::Topic;
use rdkafka::message::OwnedHeaders;
use uuid::Uuid;

use crate::stage::{Stage, metric, until};

/// Orders of version 2 with a currency, and their ids.
fn place_v2(stage: &Stage, count: usize) -> Vec<String> {
    let orders = stage.orders();
    let client = Client::new(stage.url.as_str()).expect("a client");
    let serializer = Serializer::builder(Topic::value(stage.topic().as_str()));
    let serializer = serializer.register(Register::IfMissing).build(&client);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(serializer.prepare()).expect("version 2 may follow version 1");
    let ids = (0..count).map(|_| Uuid::new_v4().to_string());
    let ids = ids.inspect(|id| {
        let event = OrderCreatedV2::new(id.as_str(), "cust-123", 1.0, 1_700_000_000_000);
        let event = event.with_currency("EUR".to_owned());
        let mut bytes = Vec::new();
        serializer.encode(&event, &mut bytes).expect("an event");
        orders.send(id, &bytes, OwnedHeaders::new());
    });
    let ids: Vec<_> = ids.collect();
    orders.flush();
    ids
}

#[test]
fn old_and_new_builds_read_old_and_new_orders() {
    let Some(stage) = Stage::set("evolution") else { return };
    let orders = stage.orders();
    let mut ids = orders.place(30);
    let mut old = stage.start("old", &[]);
    stage.each_once(&ids);
    // Version 2 comes while the old build runs, which reads it as what it knows.
    ids.extend(place_v2(&stage, 30));
    stage.each_once(&ids);
    assert_eq!(stage.dead(), []);
    assert!(old.terminate().is_some_and(|status| status.success()));

    // The new build reads both.
    let program = env!("CARGO_BIN_EXE_inventory-service-v2");
    let new = stage.build(program, "old", &["--log-format=json"]).start().expect("a service that starts");
    ids.extend(orders.place(30));
    let priced = place_v2(&stage, 30);
    ids.extend(priced.iter().cloned());
    stage.each_once(&ids);
    let mut client = new.client();
    until("all are handled", || metric(&mut client, "inventory_consumed_total") == Some(60.0));
    let log = new.log();
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let in_euros: Vec<_> = lines.filter(|line| line["currency"] == "EUR").collect();
    assert_eq!(in_euros.len(), 30, "{log}");
    assert!(in_euros.iter().all(|line| priced.iter().any(|id| line["order_id"] == *id)));

    // An incompatible version is refused, with the reason.
    let client = Client::new(stage.url.as_str()).expect("a client");
    let versions = format!("{}-value", stage.topic());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let third = include_str!("../../../../schemas/evolution/order_created_v3.avsc");
    let refused = runtime.block_on(client.register(&versions, &Schema::avro(third))).expect_err("a refusal");
    assert!(refused.is_incompatible(), "{refused}");
    let words = refused.to_string();
    assert!(words.contains("totalAmount") && words.contains("region"), "{words}");
}
