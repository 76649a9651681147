//! Only some.

use inventory_service::dead_letter::Reason;

use crate::command::{list, replay, replay_all};
use crate::letters::{Record, Writer, read};
use crate::stage::Stage;

#[test]
fn by_reason_or_by_place_and_progress_stays() {
    let Some(stage) = Stage::set("chosen") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    let writer = Writer::to(&kafka);
    for (offset, reason) in (0..).zip([Reason::Undecodable, Reason::InvalidOrder].repeat(3)) {
        let record = Record::new(&format!("o-{offset}"), "text");
        writer.write(&topic, 0, &record.dead(&orders, (0, offset), reason));
    }
    let keys = || -> Vec<String> {
        let sent = read(&kafka, &orders);
        let keys = sent.iter().filter_map(|sent| Record::of(sent).key);
        keys.map(|key| String::from_utf8(key).expect("text")).collect()
    };
    let said = replay_all(&stage, &["--reason=invalid_order"]);
    assert_eq!(said.last().map(String::as_str), Some("3 sent, 0 passed over"));
    assert_eq!(keys(), ["o-1", "o-3", "o-5"]);
    replay_all(&stage, &["0:4", "0:0", "0:4"]);
    assert_eq!(keys()[3..], ["o-0", "o-4"]);
    let said = replay_all(&stage, &["--dry-run", "0:2"]);
    assert_eq!(
        said,
        [r#"0:2 -> chosen-orders 0, key "o-2", 4 bytes, after attempt 1"#, "1 would be sent, 0 passed over"]
    );
    assert!(list(&stage, &[]).iter().all(|line| line.contains(", not replayed: ")), "progress stays");

    replay_all(&stage, &[]);
    assert_eq!(keys()[5..], ["o-0", "o-1", "o-2", "o-3", "o-4", "o-5"]);
    assert_eq!(replay_all(&stage, &["--reason=invalid_order"]), ["0 sent, 0 passed over"]);
    replay_all(&stage, &["0:3"]);
    assert_eq!(keys()[11..], ["o-3"], "a place counts whether it was replayed or not");
}

#[test]
fn places_that_are_not_there() {
    let Some(stage) = Stage::set("chosen-nowhere") else { return };
    let (kafka, topic, orders) = (stage.broker.address(), stage.dead_letter_topic(), stage.topic());
    let writer = Writer::in_transactions(&kafka, "chosen-nowhere-writer");
    for is_committed in [false, true] {
        writer.begin();
        writer.write(&topic, 0, &Record::new("o", "x").dead(&orders, (0, 0), Reason::Undecodable));
        if is_committed { writer.commit() } else { writer.abort() }
    }
    // 0 was aborted, 1 and 3 are the marks of transactions.
    let said = replay(&stage, &["0:0", "0:1", "0:2", "0:3", "0:4", "0:99", "1:0", "7:0"]);
    assert_eq!(
        (said.status, said.lines.last().map(String::as_str)),
        (3, Some("1 sent, 7 passed over")),
        "{said:?}"
    );
    let named = said.problems.matches("there is no dead letter at that place").count();
    assert_eq!(named, 7, "{said:?}");
    let said = replay(&stage, &["0:-1"]);
    assert!(said.status == 2 && said.problems.contains("PARTITION:OFFSET"), "{said:?}");
}
