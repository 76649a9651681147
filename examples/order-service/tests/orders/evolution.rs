//! The next version of the event: old and new builds on one topic, and a version that is refused.

use std::collections::HashMap;

use order_service::events::{OrderCreated, OrderCreatedV2};
use ottla_tests::http::Client;
use serde_json::{Value, json};

use crate::stage::{Stage, id, order, post};

const THIRD: &str = include_str!("../../../../schemas/evolution/order_created_v3.avsc");

fn order_in(currency: &str) -> Value {
    json!({"customerId": "cust-123", "totalAmount": 250.75, "currency": currency})
}

/// The versions that the registry has.
fn versions(registry: &mut Client, topic: &str) -> Value {
    registry.get(&format!("/subjects/{topic}-value/versions")).expect("an answer").json()
}

/// The id of the schema that the version was registered as.
fn schema_id(registry: &mut Client, topic: &str, version: u32) -> u64 {
    let answer = registry.get(&format!("/subjects/{topic}-value/versions/{version}")).expect("an answer");
    answer.json()["id"].as_u64().expect("an id")
}

#[test]
fn old_and_new_builds_run_side_by_side() {
    let Some(stage) = Stage::set("evolution") else { return };
    let topic = stage.topic.as_str();
    let mut registry = Client::new(stage.registry.url());
    let old = stage.start(&[]);
    let mut placed = HashMap::from([(id(&post(&mut old.client(), &[], &order())), None)]);
    assert_eq!(versions(&mut registry, topic), json!([1]));

    // The new build registers version 2, which may follow under BACKWARD; the old one goes on.
    let new = stage.start_v2(&[]);
    assert_eq!(versions(&mut registry, topic), json!([1, 2]));
    let level = registry.get("/config").expect("an answer").json();
    assert_eq!(level, json!({"compatibilityLevel": "BACKWARD"}));
    for (server, body, currency) in [
        (&new, order_in("EUR"), Some("EUR")),
        (&old, order(), None),
        (&new, order(), None),
        (&new, order_in("USD"), Some("USD")),
    ] {
        let answer = post(&mut server.client(), &[], &body);
        assert_eq!(answer.status, 202, "{}", answer.text());
        placed.insert(id(&answer), currency.map(str::to_owned));
    }
    // Started again, the old build is content with version 1: nothing is registered.
    drop(stage.start(&[]));
    assert_eq!(versions(&mut registry, topic), json!([1, 2]));

    // Both readers read both; the old one does not hear of the currency.
    let (by_old, by_new) = (stage.records_as::<OrderCreated>(), stage.records_as::<OrderCreatedV2>());
    assert_eq!((by_old.len(), by_new.len()), (5, 5));
    for (old, new) in by_old.iter().zip(&by_new) {
        assert_eq!((&old.key, old.order.created_at), (&new.key, new.order.created_at));
        for (customer, amount) in [
            (&old.order.customer_id, old.order.total_amount),
            (&new.order.customer_id, new.order.total_amount),
        ] {
            assert_eq!((customer.as_str(), amount), ("cust-123", 250.75));
        }
        assert_eq!(placed.get(&new.key), Some(&new.order.currency), "{}", new.key);
    }

    // They were indeed written in two versions.
    let mut count = |version| {
        let id = schema_id(&mut registry, topic, version);
        by_new.iter().filter(|record| u64::from(record.schema_id) == id).count()
    };
    assert_eq!((count(1), count(2)), (2, 3));
}

#[test]
fn a_currency_is_three_letters_and_part_of_what_a_key_stands_for() {
    let Some(stage) = Stage::set("currencies") else { return };
    let (old, new) = (stage.start(&[]), stage.start_v2(&[]));
    let mut client = new.client();
    let wrong = "it has to be three letters from A to Z, such as EUR";
    for (currency, message) in
        [(json!("eur"), wrong), (json!("EURO"), wrong), (json!(978), "it has to be a text")]
    {
        let body = json!({"customerId": "c", "totalAmount": 1, "currency": currency});
        let answer = post(&mut client, &[], &body);
        assert_eq!((answer.status, answer.header("content-type")), (422, Some("application/problem+json")));
        assert_eq!(answer.json()["errors"], json!([{"field": "currency", "message": message}]));
    }
    let answer = post(&mut old.client(), &[], &order_in("EUR"));
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["errors"], json!([{"field": "currency", "message": "there is no such field"}]));

    let key = [("Idempotency-Key", "checkout-7")];
    let first = post(&mut client, &key, &order_in("EUR"));
    let again = post(&mut client, &key, &order_in("EUR"));
    assert_eq!((first.status, again.header("idempotent-replayed")), (202, Some("true")));
    for other in [order_in("USD"), order()] {
        let answer = post(&mut client, &key, &other);
        assert_eq!(answer.status, 422, "{other}");
        assert_eq!(answer.json()["type"], "urn:problem-type:order-service:key-reused");
    }
    assert_eq!(stage.records().len(), 1);
}

#[test]
fn what_may_not_register_waits_for_version_2_and_version_3_is_refused_with_the_reason() {
    let Some(stage) = Stage::set("versions") else { return };
    let subject = format!("/subjects/{}-value/versions", stage.topic);
    let mut registry = Client::new(stage.registry.url());
    drop(stage.start(&[]));
    let second = include_str!("../../../../schemas/evolution/order_created_v2.avsc");
    let registered = registry.post(&subject, &json!({"schema": second})).expect("an answer");
    assert_eq!(registered.status, 200, "{}", registered.text());
    // The file is what the build writes: it finds its schema there.
    drop(stage.start_v2(&["--register=never"]));

    let refused = registry.post(&subject, &json!({"schema": THIRD})).expect("an answer");
    assert_eq!(refused.status, 409, "{}", refused.text());
    let problem = refused.json();
    let words = problem["message"].as_str().expect("a message");
    // What is wrong, and where: a field that has become another type, and one that nobody has written yet.
    assert!(words.contains("TYPE_MISMATCH") && words.contains("totalAmount"), "{words}");
    assert!(words.contains("READER_FIELD_MISSING_DEFAULT_VALUE") && words.contains("region"), "{words}");
    assert_eq!(versions(&mut registry, &stage.topic), json!([1, 2]));
}
