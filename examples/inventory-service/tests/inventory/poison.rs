//! Records that nothing can be done about.

use rdkafka::message::{Header, OwnedHeaders};

use crate::raw;
use crate::stage::{Stage, metric, until};

#[test]
fn poison_goes_to_the_dead_letters_and_stops_nobody() {
    let Some(stage) = Stage::set("poison") else { return };
    let orders = stage.orders();
    let well_formed = orders.value("o-1", 1.0);
    let id = &well_formed[1..5];
    let mut unknown_id = well_formed.clone();
    unknown_id[1..5].copy_from_slice(&424_242_i32.to_be_bytes());
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("no-frame", b"{\"orderId\": 1}".to_vec(), "undecodable"),
        ("empty", Vec::new(), "undecodable"),
        ("cut", well_formed[..well_formed.len() - 3].to_vec(), "undecodable"),
        ("unknown", unknown_id, "unknown_schema"),
        ("no-id", orders.value("", 1.0), "invalid_order"),
        ("negative", orders.value("o-2", -1.0), "invalid_order"),
    ];
    assert_eq!(id.len(), 4);
    let ids = orders.place(50);
    for (key, value, _) in &cases {
        let headers = OwnedHeaders::new().insert(Header { key: "from", value: Some("upstream") });
        orders.send(key, value, headers);
    }
    orders.flush();
    let ids = ids.into_iter().chain(orders.place(50)).collect();
    let server = stage.start("one", &[]);
    stage.each_once(&ids);

    let dead = stage.dead();
    assert_eq!(dead.len(), cases.len(), "{dead:?}");
    for (key, value, reason) in cases {
        let letter = dead.iter().find(|letter| letter.key.as_deref() == Some(key.as_bytes())).expect(key);
        assert_eq!(letter.value.as_deref(), Some(value.as_slice()), "{key}: the value is untouched");
        assert_eq!(letter.headers[0], ("from".to_owned(), "upstream".to_owned()), "{key}");
        assert_eq!(letter.header("__connect.errors.exception.class.name"), Some(reason), "{key}");
        assert_eq!(letter.header("__connect.errors.topic"), Some("poison-orders"), "{key}");
        assert_eq!(letter.header("dead-letter.attempt"), Some("1"), "{key}");
    }
    let mut client = server.client();
    for (reason, count) in [("undecodable", 3.0), ("unknown_schema", 1.0), ("invalid_order", 2.0)] {
        let sample = format!("inventory_dead_letters_total{{reason=\"{reason}\"}}");
        assert_eq!(metric(&mut client, &sample), Some(count), "{sample}");
    }
    assert_eq!(metric(&mut client, "inventory_retries_total{cause=\"kafka\"}"), Some(0.0));
}

#[test]
fn what_the_database_refuses_is_a_dead_letter_and_the_others_of_the_cycle_are_not() {
    let Some(stage) = Stage::set("refused") else { return };
    let orders = stage.orders();
    // It makes the tables.
    assert!(stage.start("one", &[]).terminate().is_some_and(|status| status.success()));
    stage.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON reservations WHEN NEW.order_id LIKE 'cursed%' \
         BEGIN SELECT RAISE(ABORT, 'no order may be called that'); END",
    );
    let mut ids = orders.place(40);
    orders.send("cursed-1", &orders.value("cursed-1", 1.0), OwnedHeaders::new());
    orders.flush();
    ids.extend(orders.place(40));
    let server = stage.start("one", &[]);
    stage.each_once(&ids);
    let [letter] = stage.dead().try_into().expect("one dead letter");
    assert_eq!(letter.key.as_deref(), Some(&b"cursed-1"[..]));
    assert_eq!(letter.header("__connect.errors.exception.class.name"), Some("refused_by_database"));
    let message = letter.header("__connect.errors.exception.message").unwrap_or_default();
    assert!(message.contains("no order may be called that"), "{message}");
    let mut client = server.client();
    until("all are handled", || metric(&mut client, "inventory_consumed_total") == Some(81.0));
}

#[test]
fn a_record_that_leaves_no_room_for_headers_loses_its_value_but_not_its_place() {
    let Some(stage) = Stage::set("too-large") else { return };
    let orders = stage.orders();
    // The topic for dead letters takes less than that of orders.
    stage.alter_topic(&stage.dead_letter_topic(), "max.message.bytes", "2000");
    // With others in the same cycle, which are not to blame, as dead letters and as orders.
    let (small, large) = (b"nonsense".to_vec(), vec![b'x'; 5_000]);
    let keys = ["small-1", "large-1", "small-2", "large-2", "small-3", "small-4", "large-3", "small-5"];
    for key in keys {
        let value = if key.starts_with("large") { &large } else { &small };
        orders.send(key, value, OwnedHeaders::new());
    }
    orders.flush();
    let ids = orders.place(20);
    let _server = stage.start("one", &[]);
    stage.each_once(&ids);
    until("the dead letters", || stage.dead().len() == keys.len());
    for letter in stage.dead() {
        let key = String::from_utf8(letter.key.clone().unwrap_or_default()).expect("text");
        let is_large = key.starts_with("large");
        assert_eq!(letter.value, (!is_large).then(|| small.clone()), "{key}");
        assert_eq!(letter.header("dead-letter.value-left-out"), is_large.then_some("true"), "{key}");
        assert_eq!(letter.header("__connect.errors.topic"), Some("too-large-orders"), "{key}");
    }
}

#[test]
fn a_header_that_no_client_would_write_does_no_harm() {
    let Some(stage) = Stage::set("raw") else { return };
    let orders = stage.orders();
    let header: (&[u8], &[u8]) = (b"\xff\xfe", b"raw");
    raw::write(&stage.broker.address(), &stage.topic(), 0, &orders.value("raw-1", 1.0), header);
    raw::write(&stage.broker.address(), &stage.topic(), 0, b"nonsense", header);
    let mut ids = orders.place(20);
    ids.insert("raw-1".to_owned());
    let server = stage.start("one", &[]);
    stage.each_once(&ids);
    assert_eq!(stage.dead_count(), 1);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn a_record_whose_headers_alone_are_too_large_is_told_of_all_the_same() {
    let Some(stage) = Stage::set("too-many-headers") else { return };
    let orders = stage.orders();
    stage.alter_topic(&stage.dead_letter_topic(), "max.message.bytes", "2000");
    let headers = OwnedHeaders::new().insert(Header { key: "padding", value: Some(&"x".repeat(5_000)) });
    orders.send("heavy", b"nonsense", headers);
    orders.flush();
    let ids = orders.place(20);
    let _server = stage.start("one", &[]);
    stage.each_once(&ids);
    until("the dead letter", || stage.dead().len() == 1);
    let [letter] = stage.dead().try_into().expect("one dead letter");
    assert_eq!((letter.key.as_deref(), letter.value.as_deref()), (None, None));
    assert_eq!(letter.header("dead-letter.all-left-out"), Some("true"));
    assert_eq!(letter.header("__connect.errors.topic"), Some("too-many-headers-orders"));
}
