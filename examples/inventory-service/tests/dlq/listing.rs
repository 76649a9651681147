//! What is listed.

use inventory_service::dead_letter::{Failure, Reason};
use serde_json::Value;

use crate::command::list;
use crate::letters::{Record, Writer};
use crate::stage::Stage;

fn json(stage: &Stage, arguments: &[&str]) -> Vec<Value> {
    let lines = list(stage, &[&["--format=json"], arguments].concat());
    lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn each_is_a_line_by_partition_and_offset() {
    let Some(stage) = Stage::set("listing") else { return };
    let (writer, topic) = (Writer::to(&stage.broker.address()), stage.dead_letter_topic());
    assert!(list(&stage, &[]).is_empty());
    let text = Record::new("o-1", "text");
    writer.write(&topic, 2, &text.dead("orders", (4, 17), Reason::InvalidOrder));
    let binary =
        Record { key: Some(b"\x00\xff".to_vec()), value: Some(b"\x00\x80".to_vec()), ..text.clone() };
    writer.write(&topic, 0, &binary.dead("orders", (0, 1), Reason::Undecodable));
    let nothing = Record { key: None, value: None, headers: Vec::new() };
    writer.write(&topic, 0, &nothing.dead("orders", (0, 2), Reason::Unreadable));
    writer.write(&topic, 2, &text.dead("orders", (4, 18), Reason::UnknownSchema).without_value());

    let (when, why) = ("2023-11-14T22:14:20.000Z, attempt 1", "not replayed: it is of no use");
    assert_eq!(
        list(&stage, &[]),
        [
            format!(r#"0:0 undecodable, from orders 0:1, {when}, key b"\x00\xff", 2 bytes, {why}"#),
            format!("0:1 unreadable, from orders 0:2, {when}, key null, no value, {why}"),
            format!(r#"2:0 invalid_order, from orders 4:17, {when}, key "o-1", 4 bytes, {why}"#),
            format!(r#"2:1 unknown_schema, from orders 4:18, {when}, key "o-1", value left out, {why}"#),
        ]
    );
    let places = |arguments: &[&str]| -> Vec<String> {
        let lines = list(&stage, arguments);
        lines.iter().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
    };
    assert_eq!(places(&["--reason=unreadable", "--reason=invalid_order"]), ["0:1", "2:0"]);
    assert_eq!(places(&["--reason=unreadable,unknown_schema"]), ["0:1", "2:1"]);
    assert_eq!(places(&["--limit=3"]), ["0:0", "0:1", "2:0"]);
    assert_eq!(places(&["--limit=1", "--reason=unknown_schema"]), ["2:1"]);
    assert!(list(&stage, &["--reason=refused_by_database"]).is_empty());
}

#[test]
fn programs_read_json() {
    let Some(stage) = Stage::set("listing-json") else { return };
    let (writer, topic) = (Writer::to(&stage.broker.address()), stage.dead_letter_topic());
    let mut record = Record::new("ä", "text");
    record.headers.extend([("null".to_owned(), None), ("binary".to_owned(), Some(vec![0xff]))]);
    writer.write(&topic, 1, &record.dead("orders", (4, 17), Reason::InvalidOrder));
    let binary =
        Record { key: Some(b"\xff".to_vec()), value: Some(b"\x00\x80".to_vec()), headers: Vec::new() };
    writer.write(&topic, 1, &binary.dead("orders", (0, 0), Reason::Undecodable));
    let nothing = Record { key: None, value: None, headers: Vec::new() };
    writer.write(&topic, 1, &nothing);
    let [first, second, third] = json(&stage, &[]).try_into().expect("three");
    let expected = serde_json::json!({
        "partition": 1, "offset": 0, "state": "not replayed",
        "reason": "invalid_order", "message": "it is of no use",
        "from": { "topic": "orders", "partition": 4, "offset": 17, "timestamp": 1_700_000_000_000_i64 },
        "group": "reporter", "instance": "one",
        "attempt": 1, "failedAt": 1_700_000_060_000_i64, "firstFailedAt": 1_700_000_060_000_i64,
        "key": "ä", "value": "text", "valueLeftOut": false,
        "headers": [
            { "name": "from", "value": "upstream" },
            { "name": "null", "value": null },
            { "name": "binary", "valueBase64": "/w==" },
        ],
    });
    assert_eq!(first, expected);
    assert_eq!((&second["keyBase64"], &second["valueBase64"]), (&"/w==".into(), &"AIA=".into()));
    assert_eq!((second.get("key"), second.get("value")), (None, None));
    for field in ["reason", "key", "value", "attempt", "failedAt"] {
        assert_eq!(third.get(field), Some(&Value::Null), "{field}");
    }
    assert_eq!(third["from"]["topic"], Value::Null);
}

#[test]
fn what_is_not_committed_is_not_listed() {
    let Some(stage) = Stage::set("listing-aborted") else { return };
    let (kafka, topic) = (stage.broker.address(), stage.dead_letter_topic());
    let letter = |key: &str| Record::new(key, "x").dead("orders", (0, 0), Reason::Undecodable);
    let writer = Writer::in_transactions(&kafka, "listing-aborted");
    for (key, is_committed) in [("aborted", false), ("committed", true), ("aborted-later", false)] {
        writer.begin();
        writer.write(&topic, 0, &letter(key));
        if is_committed { writer.commit() } else { writer.abort() }
    }
    let keys = |stage: &Stage| json(stage, &[]).iter().map(|line| line["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys(&stage), ["committed"]);
    writer.begin();
    writer.write(&topic, 0, &letter("open"));
    assert_eq!(keys(&stage), ["committed"]);
    writer.commit();
    assert_eq!(keys(&stage), ["committed", "open"]);
}

#[test]
fn nothing_in_a_dead_letter_commands_the_terminal() {
    let Some(stage) = Stage::set("listing-hostile") else { return };
    let hostile = "\u{1b}]0;owned\u{7}\r\n\u{9b}2J\u{202e}";
    let mut record = Record::new(hostile, hostile);
    record.headers.push((hostile.to_owned(), Some(hostile.into())));
    let failure = Failure { reason: Reason::Undecodable, message: hostile.to_owned() };
    let mut letter = record.dead_with(hostile, (0, 0), &failure);
    letter.headers.push(("__connect.errors.exception.class.name".to_owned(), Some(hostile.into())));
    Writer::to(&stage.broker.address()).write(&stage.dead_letter_topic(), 0, &letter);
    for arguments in [&[][..], &["--format=json"]] {
        let [line] = list(&stage, arguments).try_into().expect("one line");
        assert!(line.chars().all(|c| (' '..='~').contains(&c)), "{line:?}");
        assert!(line.contains("owned"), "{line}");
    }
    let said = crate::command::replay(&stage, &["--dry-run"]);
    assert!(said.status == 3 && said.problems.contains("owned"), "{said:?}");
    assert!(said.problems.trim_end().chars().all(|c| (' '..='~').contains(&c)), "{said:?}");
}
