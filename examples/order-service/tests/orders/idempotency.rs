//! The same order again.

use serde_json::json;

use crate::stage::{Stage, id, metric, order, post};

#[test]
fn a_key_stands_for_one_order() {
    let Some(stage) = Stage::set("keys") else { return };
    let mut server = stage.start(&[]);
    let mut client = server.client();
    let key = [("Idempotency-Key", "checkout-7")];
    let first = post(&mut client, &key, &order());
    assert_eq!((first.status, first.header("idempotent-replayed")), (202, None));

    // The same order, however it is written, is answered from memory.
    for body in [order(), json!({"totalAmount": 250.750, "customerId": "cust-123"})] {
        let again = post(&mut client, &key, &body);
        assert_eq!((again.status, again.header("idempotent-replayed")), (202, Some("true")));
        assert_eq!(again.json(), first.json());
    }
    assert_eq!(metric(&mut client, "orders_repeated_total"), Some(2.0));

    // Another order is refused.
    let other = post(&mut client, &key, &json!({"customerId": "cust-123", "totalAmount": 250.76}));
    assert_eq!((other.status, other.header("content-type")), (422, Some("application/problem+json")));
    assert_eq!(other.json()["type"], "urn:problem-type:order-service:key-reused");
    assert_eq!(stage.records().len(), 1);

    // After a restart nothing is remembered, but the id is the same: consumers know that it is the same order.
    server.terminate();
    let server = stage.start(&[]);
    let again = post(&mut server.client(), &key, &order());
    assert_eq!((again.status, id(&again)), (202, id(&first)));
    let records = stage.records();
    assert_eq!(records.len(), 2);
    assert!(
        records.iter().all(|record| record.key == id(&first) && record.partition == records[0].partition)
    );
}

#[test]
fn a_key_is_forgotten_in_time_and_when_there_are_too_many() {
    let Some(stage) = Stage::set("forgotten-keys") else { return };
    for arguments in [
        ["--idempotency-window=0s", "--idempotency-keys=10"],
        ["--idempotency-window=1h", "--idempotency-keys=1"],
    ] {
        let server = stage.start(&arguments);
        let mut client = server.client();
        let first = post(&mut client, &[("Idempotency-Key", "a")], &order());
        post(&mut client, &[("Idempotency-Key", "b")], &order());
        let other =
            post(&mut client, &[("Idempotency-Key", "a")], &json!({"customerId": "x", "totalAmount": 1}));
        assert_eq!((other.status, id(&other)), (202, id(&first)), "{arguments:?}");
    }
}
