//! What is sent back.

use inventory_service::dead_letter::Reason;
use rdkafka::Message as _;

use crate::command::{list, replay_all};
use crate::letters::{Record, Writer, read};
use crate::stage::Stage;

/// Records that are not easy to keep as they are.
fn records() -> Vec<Record> {
    let header = |name: &str, value: Option<&[u8]>| (name.to_owned(), value.map(<[u8]>::to_vec));
    let text = Record::new("o-1", "text");
    vec![
        text.clone(),
        Record {
            key: Some(b"\x00\xff\xfe".to_vec()),
            value: Some(vec![0, 0, 0, 0, 7, 0xff]),
            ..text.clone()
        },
        Record { key: None, ..text.clone() },
        Record { value: None, ..text.clone() },
        Record { key: Some(Vec::new()), value: Some(Vec::new()), ..text.clone() },
        Record { headers: Vec::new(), ..text.clone() },
        Record {
            headers: vec![
                header("twice", Some(b"1")),
                header("null", None),
                header("binary", Some(b"\xff\0")),
                header("twice", Some(b"2")),
                header("", Some(b"")),
            ],
            ..text
        },
    ]
}

#[test]
fn they_go_back_to_their_partitions_as_they_were() {
    let Some(stage) = Stage::set("replays") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    let (writer, records) = (Writer::to(&kafka), records());
    for (offset, record) in (0..).zip(&records) {
        let partition = (offset % 3) as i32;
        let letter = record.dead(&orders, (2 - partition, offset), Reason::InvalidOrder);
        writer.write(&topic, partition, &letter);
    }
    let lines = replay_all(&stage, &[]);
    assert_eq!(lines.last().map(String::as_str), Some("7 sent, 0 passed over"));
    assert_eq!(lines[0], r#"0:0 -> replays-orders 2, key "o-1", 4 bytes, after attempt 1"#);

    let sent = read(&kafka, &orders);
    assert_eq!(sent.len(), records.len());
    for partition in 0..3 {
        let expected = records.iter().skip(2 - partition as usize).step_by(3);
        let there = sent.iter().filter(|sent| sent.partition() == partition);
        for (sent, expected) in there.map(Record::of).zip(expected) {
            let (theirs, ours) = sent.headers.split_at(expected.headers.len());
            assert_eq!(
                (&sent.key, &sent.value, theirs),
                (&expected.key, &expected.value, &expected.headers[..])
            );
            let ours: Vec<_> = ours.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(ours, ["dead-letter.attempt", "dead-letter.first-failed-at"]);
        }
    }
    assert!(list(&stage, &[]).iter().all(|line| line.contains(", replayed: ")));
}

#[test]
fn only_what_was_not_replayed_yet() {
    let Some(stage) = Stage::set("replays-again") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    let writer = Writer::to(&kafka);
    let mut all = Vec::new();
    for round in 0..3 {
        for partition in 0..2 {
            let record = Record::new(&format!("{round}-{partition}"), "text");
            writer.write(&topic, partition, &record.dead(&orders, (partition, 0), Reason::InvalidOrder));
            all.extend(record.key);
        }
        let dry = replay_all(&stage, &["--dry-run"]);
        assert_eq!(dry.last().map(String::as_str), Some("2 would be sent, 0 passed over"));
        assert_eq!(read(&kafka, &orders).len(), 2 * round);
        let said = replay_all(&stage, &[]);
        assert_eq!(said.last().map(String::as_str), Some("2 sent, 0 passed over"));
        assert_eq!(said[..2], dry[..2], "what would be sent is what is sent");
        assert_eq!(replay_all(&stage, &[]), ["0 sent, 0 passed over"]);
    }
    let mut keys: Vec<_> = read(&kafka, &orders).iter().filter_map(|sent| Record::of(sent).key).collect();
    keys.sort();
    assert_eq!(keys, all);
}

#[test]
fn what_is_not_committed_does_not_go_back() {
    let Some(stage) = Stage::set("replays-aborted") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    let writer = Writer::in_transactions(&kafka, "replays-aborted-writer");
    for (key, is_committed) in [("aborted", false), ("committed", true), ("aborted", false)] {
        writer.begin();
        writer.write(&topic, 0, &Record::new(key, "x").dead(&orders, (0, 0), Reason::Undecodable));
        if is_committed { writer.commit() } else { writer.abort() }
    }
    assert_eq!(replay_all(&stage, &[]).last().map(String::as_str), Some("1 sent, 0 passed over"));
    let sent: Vec<_> = read(&kafka, &orders).iter().filter_map(|sent| Record::of(sent).key).collect();
    assert_eq!(sent, [b"committed"]);
}
