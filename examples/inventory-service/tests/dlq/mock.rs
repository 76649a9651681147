//! Without transactions: on a real cluster, and on one that has none.

use inventory_service::dead_letter::Reason;
use rdkafka::mocking::MockCluster;

use crate::command::{at, replay_all, run};
use crate::letters::{Record, Writer, read};
use crate::stage::Stage;

fn letters(orders: &str) -> Vec<Record> {
    let letter = |n: i64| Record::new(&format!("o-{n}"), "text").dead(orders, (0, n), Reason::InvalidOrder);
    (0..5).map(letter).collect()
}

#[test]
fn a_mock_cluster_will_do() {
    let cluster = MockCluster::new(1).expect("a mock cluster");
    for topic in ["orders", "dlq"] {
        cluster.create_topic(topic, 2, 1).expect("a topic");
    }
    let kafka = cluster.bootstrap_servers();
    Writer::to(&kafka).write_all("dlq", 1, &letters("orders"));
    let run = |command: &str, arguments: &[&str]| {
        let said = run(at(&kafka, "dlq", "g", command, arguments));
        assert!(said.status == 0 && said.problems.is_empty(), "{said:?}");
        said.lines
    };
    assert!(run("list", &[]).iter().all(|line| line.contains("not replayed")));
    let lines = run("replay", &["--exactly-once=false"]);
    assert_eq!(lines.last().map(String::as_str), Some("5 sent, 0 passed over"));
    assert_eq!(run("replay", &["--exactly-once=false"]), ["0 sent, 0 passed over"]);
    assert!(run("list", &[]).iter().all(|line| line.contains(", replayed: ")));
    let lines = run("replay", &["--exactly-once=false", "1:3"]);
    assert_eq!(lines.last().map(String::as_str), Some("1 sent, 0 passed over"));
    assert_eq!(read(&kafka, "orders").len(), 6);
}

#[test]
fn a_real_cluster_too() {
    let Some(stage) = Stage::set("replay-plain") else { return };
    let (kafka, topic) = (stage.broker.address(), stage.dead_letter_topic());
    Writer::to(&kafka).write_all(&topic, 0, &letters(&stage.topic()));
    let replay = |arguments: &[&str]| replay_all(&stage, &[&["--exactly-once=false"], arguments].concat());
    assert_eq!(replay(&["0:4"]).last().map(String::as_str), Some("1 sent, 0 passed over"));
    assert_eq!(replay(&[]).last().map(String::as_str), Some("5 sent, 0 passed over"));
    assert_eq!(replay(&[]), ["0 sent, 0 passed over"]);
    assert_eq!(replay_all(&stage, &[]), ["0 sent, 0 passed over"], "progress is the same for both");
    assert_eq!(read(&kafka, &stage.topic()).len(), 6);
}
