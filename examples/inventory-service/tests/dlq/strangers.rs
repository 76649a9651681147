//! What others have put among the dead letters, and what cannot go back.

use inventory_service::dead_letter::{self, Failure, LeftOut, Reason, Reporter};

use crate::command::{list, replay, replay_all};
use crate::letters::{Record, Writer, read};
use crate::raw;
use crate::stage::Stage;

#[test]
fn what_cannot_go_back_is_passed_over_and_named() {
    let Some(stage) = Stage::set("passed-over") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    stage.alter_topic(&orders, "max.message.bytes", "2000");
    let writer = Writer::to(&kafka);
    let record = Record::new("o-1", "text");
    let dead = |record: &Record, topic: &str| record.dead(topic, (0, 0), Reason::Undecodable);
    writer.write_all(
        &topic,
        1,
        &[
            dead(&Record::new("first", "text"), &orders),
            record.clone(),
            dead(&record, &orders).without_value(),
            dead(&record, "not-there"),
            dead(&record, "__consumer_offsets"),
            dead(&record, &topic),
            dead(&record, "no/topic\0 at all"),
            dead(&record, &"x".repeat(5_000)),
            dead(&Record::new("large", &"x".repeat(5_000)), &orders),
            dead(&Record::new("last", "text"), &orders),
        ],
    );
    let reasons = [
        "it does not say where it came from",
        "its value was left out",
        "it came from topic not-there, which does not exist",
        "it says that it came from __consumer_offsets",
        "it says that it came from passed-over-dlq",
        r"it came from topic no/topic\0 at all, which does not exist",
        "it came from topic xxx",
        "topic passed-over-orders does not take a record of its size",
    ];
    let dry = replay(&stage, &["--dry-run"]);
    // What the topic takes is known when it is tried.
    assert_eq!(
        (dry.status, dry.lines.last().map(String::as_str)),
        (3, Some("3 would be sent, 7 passed over"))
    );
    let said = replay(&stage, &["--log-level=off"]);
    assert_eq!(
        (said.status, said.lines.last().map(String::as_str)),
        (3, Some("2 sent, 8 passed over")),
        "{said:?}"
    );
    let named: Vec<_> = said.problems.lines().collect();
    assert_eq!(named.len(), reasons.len(), "{named:?}");
    for (offset, reason) in (1..).zip(reasons) {
        let line = format!("inventory-service: 1:{offset} is passed over: {reason}");
        assert!(named.iter().any(|named| named.starts_with(&line)), "{line}: {named:?}");
    }
    let keys: Vec<_> = read(&kafka, &orders).iter().map(|sent| Record::of(sent).key).collect();
    assert_eq!(keys, [Some(b"first".to_vec()), Some(b"last".to_vec())]);

    let lines = list(&stage, &[]);
    let passed_over = lines.iter().filter(|line| line.contains(", passed over")).count();
    assert_eq!(passed_over, 7, "all but the one whose size nobody can see: {lines:?}");
    assert_eq!(replay_all(&stage, &[]), ["0 sent, 0 passed over"]);
}

#[test]
fn they_can_be_sent_elsewhere_by_their_places() {
    let Some(stage) = Stage::set("elsewhere") else { return };
    let (kafka, topic) = (stage.broker.address(), stage.dead_letter_topic());
    let (stranger, lost) = (Record::new("stranger", "text"), Record::new("lost", "text"));
    let letters = [stranger.clone(), lost.dead("not-there", (0, 0), Reason::Undecodable)];
    Writer::to(&kafka).write_all(&topic, 0, &letters);
    assert_eq!(replay(&stage, &[]).status, 3);
    let to = format!("--to={}", stage.outcome_topic());
    let lines = replay_all(&stage, &[&to, "0:1", "0:0"]);
    assert_eq!(lines.last().map(String::as_str), Some("2 sent, 0 passed over"));
    let mut sent: Vec<_> = read(&kafka, &stage.outcome_topic()).iter().map(Record::of).collect();
    sent.sort_by_key(|record| record.key.clone());
    assert_eq!((sent[0].key.as_deref(), &sent[1]), (Some(&b"lost"[..]), &stranger));

    let said = replay(&stage, &["--to=elsewhere-dlq"]);
    assert!(said.status == 1 && said.problems.contains("the dead letters themselves"), "{said:?}");
    let said = replay(&stage, &["--to=not-there"]);
    assert!(said.status == 1 && said.problems.contains("no such topic"), "{said:?}");
}

#[test]
fn a_header_whose_name_is_no_text_is_no_end_to_anything() {
    let Some(stage) = Stage::set("no-text") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    raw::write(&kafka, &topic, 0, b"x", (b"\xff\xfe", b"y"));
    raw::write(&kafka, &topic, 0, b"x", (b"__connect.errors.topic", orders.as_bytes()));
    let lines = list(&stage, &["--format=json"]);
    assert!(lines.len() == 2 && lines[0].contains(r#""headers":[{"name":null,"value":null}]"#), "{lines:?}");
    let said = replay(&stage, &[]);
    assert_eq!(
        (said.status, said.lines.last().map(String::as_str)),
        (3, Some("1 sent, 1 passed over")),
        "{said:?}"
    );
    let named = "inventory-service: 0:0 is passed over: the name of a header is no UTF-8";
    assert!(said.problems.starts_with(named) && said.problems.lines().count() == 1, "{said:?}");
    assert_eq!(read(&kafka, &orders).len(), 1);

    let record = &read(&kafka, &topic)[0];
    let failure = Failure { reason: Reason::Undecodable, message: "it is of no use".to_owned() };
    let reporter = Reporter { group: "g", instance: "one" };
    let headers = dead_letter::headers(record, &failure, reporter, 0, LeftOut::Nothing);
    let names: Vec<_> =
        dead_letter::readable(&headers).map(|header| header.map(|header| header.key)).collect();
    assert_eq!(names[..2], [None, Some("__connect.errors.topic")], "it becomes a dead letter like any other");
}
