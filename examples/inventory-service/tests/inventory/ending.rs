//! Asked to end, killed, started again.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::stage::{Stage, metric, until};

#[test]
fn killed_and_started_again_it_goes_on_where_it_was() {
    let Some(stage) = Stage::set("killed") else { return };
    let orders = stage.orders();
    let mut ids = orders.place(2_000);
    let mut stalls = Vec::new();
    for round in 0..4 {
        // Small cycles, so that it is killed in the middle of something.
        let mut server = stage.start("one", &["--cycle-records=50", "--longest-pause=200ms"]);
        let mut client = server.client();
        until("some are handled", || {
            metric(&mut client, "inventory_consumed_total").is_some_and(|count| count > 100.0)
        });
        match round % 2 {
            0 => drop(server.kill()),
            _ => assert!(server.terminate().is_some_and(|status| status.success()), "{}", server.log()),
        }
        let started = Instant::now();
        let mut server = stage.start("one", &["--cycle-records=50"]);
        let mut client = server.client();
        until("it works again", || {
            metric(&mut client, "inventory_consumed_total").is_some_and(|count| count > 0.0)
        });
        stalls.push(started.elapsed());
        server.kill();
        ids.extend(orders.place(1_000));
    }
    let _server = stage.start("one", &[]);
    stage.each_once(&ids);
    // Its name is the same, so nobody waits for the end of its session.
    assert!(stalls.iter().all(|stall| *stall < Duration::from_secs(15)), "{stalls:?}");
}

#[test]
fn asked_to_end_it_finishes_what_is_under_way() {
    let Some(stage) = Stage::set("terminated") else { return };
    let orders = stage.orders();
    let ids = orders.place(5_000);
    let mut server = stage.start("one", &["--cycle-records=100"]);
    server.signal(Signal::TERM);
    let status = server.wait().expect("an end");
    assert!(status.success(), "{status}: {}", server.log());
    // What has an effect has an outcome: nothing is left half-way.
    let seen = stage.outcomes();
    assert_eq!(seen.len(), stage.ledger().rows.len());
    let server = stage.start("one", &[]);
    stage.each_once(&ids);
    let handled = metric(&mut server.client(), "inventory_consumed_total");
    assert_eq!(handled, Some((ids.len() - seen.len()) as f64));
    assert_eq!(metric(&mut server.client(), "inventory_replayed_total"), Some(0.0));
}

#[test]
fn who_takes_its_name_ends_it() {
    let Some(stage) = Stage::set("fenced") else { return };
    let orders = stage.orders();
    let mut ids = orders.place(100);
    let mut first = stage.start("one", &[]);
    stage.each_once(&ids);
    let second = stage.start("one", &[]);
    ids.extend(orders.place(100));
    let status = first.wait().expect("an end");
    assert!(!status.success() && first.log().contains("another process"), "{status}: {}", first.log());
    stage.each_once(&ids);
    assert_eq!(second.client().get("/health/ready").expect("an answer").status, 200);
}
