//! A replica that was thought dead, and is not.

use std::time::Duration;

use crate::stage::{Stage, metric, until};

/// The group waits six seconds for who does not answer.
const LONGER_THAN_THE_SESSION: Duration = Duration::from_secs(8);

#[test]
fn who_was_thought_dead_has_no_second_effect() {
    let Some(stage) = Stage::set("zombie") else { return };
    let orders = stage.orders();
    let mut ids = orders.place(200);
    let arguments = ["--cycle-records=20"];
    let zombie = stage.start("zombie", &arguments);
    let other = stage.start("other", &arguments);
    for _ in 0..2 {
        // Stopped somewhere in its work: orders keep both busy.
        ids.extend(orders.place(4_000));
        let mut client = zombie.client();
        let before = metric(&mut client, "inventory_consumed_total").unwrap_or_default();
        until("it is at work", || {
            metric(&mut client, "inventory_consumed_total").is_some_and(|count| count > before + 40.0)
        });
        zombie.pause();
        std::thread::sleep(LONGER_THAN_THE_SESSION);
        ids.extend(orders.place(200));
        until("the other has all partitions", || {
            metric(&mut other.client(), "inventory_assigned_partitions") == Some(3.0)
        });
        zombie.resume();
        ids.extend(orders.place(200));
        stage.each_once(&ids);
        // It has noticed, and is a member again.
        until("it has partitions again", || {
            metric(&mut zombie.client(), "inventory_assigned_partitions").is_some_and(|count| count >= 1.0)
        });
    }
    ids.extend(orders.place(200));
    stage.each_once(&ids);
    assert_eq!(stage.dead(), []);
}

#[test]
fn who_was_thought_dead_and_replaced_ends() {
    let Some(stage) = Stage::set("replaced") else { return };
    let orders = stage.orders();
    let mut ids = orders.place(2_000);
    let mut zombie = stage.start("one", &["--cycle-records=20"]);
    zombie.pause();
    let _successor = stage.start("one", &["--cycle-records=20"]);
    ids.extend(orders.place(200));
    stage.each_once(&ids);
    zombie.resume();
    let status = zombie.wait().expect("an end");
    assert!(!status.success() && zombie.log().contains("another process"), "{}", zombie.log());
    ids.extend(orders.place(200));
    stage.each_once(&ids);
}
