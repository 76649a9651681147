//! From the service to the dead letters and back.

use rdkafka::message::OwnedHeaders;

use crate::command::{list, replay_all};
use crate::stage::{Stage, until};

#[test]
fn what_fails_again_is_counted_on_and_what_does_not_is_handled() {
    let Some(stage) = Stage::set("there-and-back") else { return };
    let orders = stage.orders();
    // It makes the tables.
    assert!(stage.start("one", &[]).terminate().is_some_and(|status| status.success()));
    stage.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON reservations WHEN NEW.order_id = 'cursed' \
         BEGIN SELECT RAISE(ABORT, 'no order may be called that'); END",
    );
    let _server = stage.start("one", &[]);
    orders.send("bad", b"no event", OwnedHeaders::new());
    orders.send("cursed", &orders.value("cursed", 1.0), OwnedHeaders::new());
    orders.flush();
    until("both are dead", || stage.dead().len() == 2);
    let lines = list(&stage, &["--reason=refused_by_database"]);
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(line.contains("key \"cursed\"") && line.contains("no order may be called that"), "{line}");

    stage.execute("DROP TRIGGER refuse");
    let said = replay_all(&stage, &[]);
    assert_eq!(said.last().map(String::as_str), Some("2 sent, 0 passed over"));
    stage.each_once(&std::iter::once("cursed".to_owned()).collect());
    until("one is dead again", || stage.dead().len() == 3);
    let dead = stage.dead();
    let bad: Vec<_> = dead.iter().filter(|letter| letter.key.as_deref() == Some(b"bad")).collect();
    let [first, second] = bad.as_slice() else { panic!("{dead:?}") };
    let attempts = [first, second].map(|letter| letter.header("dead-letter.attempt"));
    assert_eq!(attempts, [Some("1"), Some("2")]);
    assert_eq!(first.value, second.value);
    let since = [first, second].map(|letter| letter.header("dead-letter.first-failed-at"));
    assert!(since[0].is_some() && since[0] == since[1], "{since:?}");
    assert_eq!(first.headers.len(), second.headers.len(), "no header is there twice: {second:?}");
}
