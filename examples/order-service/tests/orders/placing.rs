//! Orders that are placed.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::stage::{Stage, id, metric, order, post};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis() as i64
}

#[test]
fn an_order_is_in_the_topic_where_the_answer_says() {
    let Some(stage) = Stage::set("an-order") else { return };
    let server = stage.start(&[]);
    let mut client = server.client();
    let before = now();
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let answer = post(&mut client, &[("traceparent", &parent), ("tracestate", "vendor=1")], &order());
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let records = stage.records();
    let [record] = records.as_slice() else { panic!("{records:?}") };
    let place = json!({"orderId": record.key, "partition": record.partition, "offset": record.offset});
    assert_eq!(answer.json(), place);
    assert_eq!(record.order.order_id, record.key);
    assert_eq!((record.order.customer_id.as_str(), record.order.total_amount), ("cust-123", 250.75));
    assert!((before..=now()).contains(&record.order.created_at));

    // The trace goes on in the record, from another span than the caller's.
    let headers: HashMap<_, _> = record.headers.iter().cloned().collect();
    let carried = &headers["traceparent"];
    assert!(carried.starts_with(&format!("00-{TRACE}-")) && carried.ends_with("-01"), "{carried}");
    assert_ne!(carried, &parent);
    assert_eq!(headers["tracestate"], "vendor=1");

    // What is seen from outside.
    assert_eq!(client.get("/health/live").expect("an answer").status, 200);
    assert_eq!(client.get("/health/ready").expect("an answer").json(), json!({"status": "ready"}));
    for sample in
        ["orders_produced_total", "orders_acknowledged_total", "orders_delivery_duration_seconds_count"]
    {
        assert_eq!(metric(&mut client, sample), Some(1.0), "{sample}");
    }
    assert_eq!(metric(&mut client, "orders_in_flight"), Some(0.0));
    assert_eq!(metric(&mut client, r#"http_requests_total{route="/orders",status="202"}"#), Some(1.0));
    assert!(server.log().contains(TRACE), "the trace is in the log: {}", server.log());
}

#[test]
fn without_a_trace_one_begins_and_without_a_key_each_request_is_an_order() {
    let Some(stage) = Stage::set("no-trace") else { return };
    let server = stage.start(&["--log-format=json"]);
    let mut client = server.client();
    let (first, second) = (post(&mut client, &[], &order()), post(&mut client, &[], &order()));
    assert_ne!(id(&first), id(&second));
    for record in stage.records() {
        let [(name, value)] = record.headers.as_slice() else { panic!("{:?}", record.headers) };
        assert_eq!((name.as_str(), value.len()), ("traceparent", 55));
    }
    let log = server.log();
    let placed = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let placed: Vec<_> = placed.filter(|line| line["message"] == "placed").collect();
    assert_eq!(placed.len(), 2, "{log}");
    assert_eq!((&placed[0]["order_id"], &placed[0]["topic"]), (&json!(id(&first)), &json!("no-trace")));
    assert_eq!(placed[0]["offset"], first.json()["offset"]);
}

#[test]
fn a_trace_goes_on_whatever_is_logged() {
    let Some(stage) = Stage::set("quiet") else { return };
    let server = stage.start(&["--log-level=error"]);
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    post(&mut server.client(), &[("traceparent", &parent)], &order());
    let records = stage.records();
    let [(name, value)] = records[0].headers.as_slice() else { panic!("{records:?}") };
    assert!(
        name == "traceparent" && value.starts_with(&format!("00-{TRACE}-")) && *value != parent,
        "{value}"
    );
    assert!(!server.log().contains(TRACE), "{}", server.log());
}

#[test]
fn many_at_once_are_each_placed_once() {
    let Some(stage) = Stage::set("many") else { return };
    let server = stage.start(&[]);
    let clients: Vec<_> = (0..8)
        .map(|number| {
            let mut client = server.client();
            std::thread::spawn(move || {
                let body = json!({"customerId": format!("c-{number}"), "totalAmount": 1});
                let posts = (0..50).map(|_| post(&mut client, &[], &body));
                posts.inspect(|answer| assert_eq!(answer.status, 202)).map(|answer| answer.json()).collect()
            })
        })
        .collect();
    let mut told: Vec<serde_json::Value> = Vec::new();
    for client in clients {
        let answers: Vec<_> = client.join().expect("answers");
        told.extend(answers);
    }
    let records = stage.records();
    let mut found: Vec<_> = records
        .iter()
        .map(|r| json!({"orderId": r.key, "partition": r.partition, "offset": r.offset}))
        .collect();
    for places in [&mut told, &mut found] {
        places.sort_by_key(ToString::to_string);
    }
    assert_eq!(told, found);
    let partitions: std::collections::BTreeSet<_> = records.iter().map(|r| r.partition).collect();
    assert_eq!(partitions.len(), 3, "the topic was created as asked for, and keys spread over it");
}
