//! Three registries on one PostgreSQL answer as if they were one that takes requests one after the other.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::history::check::Violation;
use ottla_tests::history::registry::{Answer, Op, Refusal};
use ottla_tests::history::{Event, History};
use ottla_tests::postgres::{Cluster, Stop};
use ottla_tests::random::Random;

use crate::fleet::{Fleet, LITTLE_PATIENCE, PATIENCE, Replica, assert_explained, explain};
use crate::{databases, moment, random, restart, serve};

/// How many times something happens to a registry, and to the database.
const TROUBLES: (usize, usize) = (18, 6);

/// Registries are killed and started again, or stopped in their tracks for a while.
fn trouble_registries(replicas: &[Replica], random: &mut Random) -> [usize; 2] {
    let mut troubles = [0; 2];
    for number in 0..TROUBLES.0 {
        thread::sleep(moment(random, 400));
        let replica = &replicas[random.index(replicas.len())];
        troubles[number % 2] += 1;
        if number % 2 == 0 {
            replica.kill();
            thread::sleep(moment(random, 300));
            replica.start();
        } else {
            replica.with(|server| server.pause());
            thread::sleep(moment(random, 1500));
            replica.with(|server| server.resume());
        }
    }
    troubles
}

/// PostgreSQL is stopped in every way, and stays away for a while.
fn trouble_postgres(cluster: &Cluster, random: &mut Random) {
    for number in 0..TROUBLES.1 {
        thread::sleep(Duration::from_millis(1000) + moment(random, 1000));
        match number % 4 {
            0 => cluster.stop(Stop::Fast),
            1 => cluster.kill(),
            2 => cluster.pause(),
            _ => cluster.stop(Stop::Immediate),
        }
        .expect("a server to stop");
        thread::sleep(moment(random, 800));
        if number % 4 == 2 { cluster.resume().expect("a server to resume") } else { restart(cluster) }
    }
}

#[test]
fn replicas_are_linearizable_whatever_happens_to_them() {
    let Some(cluster) = Cluster::installed() else { return };
    let mut random = random();
    for _ in databases() {
        check_under_trouble(&cluster, &mut random);
    }
}

fn check_under_trouble(cluster: &Cluster, random: &mut Random) {
    let started = Instant::now();
    let start = serve(&cluster.database()).with(&["--postgres-timeout", "2s"]);
    let fleet = Fleet::new(&start, 3, 2);
    let (mut one, mut other) = (random.fork(), random.fork());
    fleet.run(random, 4, LITTLE_PATIENCE, || {
        thread::scope(|scope| {
            scope.spawn(|| trouble_postgres(cluster, &mut other));
            let [kills, pauses] = trouble_registries(&fleet.replicas, &mut one);
            println!("{kills} times killed, {pauses} times paused");
        });
        // All is well again, and work goes on for a moment.
        thread::sleep(Duration::from_secs(1));
    });
    let answered = fleet.answered.load(Ordering::Relaxed);
    println!("{answered} requests were answered in {:?}", started.elapsed());
    for history in fleet.into_histories() {
        let effort = assert_explained(&history);
        assert!(effort.answered > 500 && effort.in_doubt > 0, "{effort:?}");
    }
}

/// Without faults there are no lost answers, and so nothing that could excuse a wrong one.
#[test]
fn a_wrong_answer_in_what_replicas_told_is_found() {
    let Some(cluster) = Cluster::shared() else { return };
    let fleet = Fleet::new(&serve(&cluster.database()), 3, 1);
    fleet.run(&mut random(), 6, PATIENCE, || thread::sleep(Duration::from_secs(2)));
    let history = fleet.into_histories().pop().expect("a history");
    let effort = assert_explained(&history);
    assert!(effort.answered > 200 && effort.in_doubt == 0, "{effort:?}");
    for (name, doctored) in doctored(&history) {
        let found = explain(&doctored);
        let is_violation = matches!(found, Err(Violation::Unexplained(_) | Violation::Contradiction(_)));
        assert!(is_violation, "{name}: {found:?}");
    }
}

/// Registries that may give old answers, and hear of nothing, do: and it is found.
#[test]
fn replicas_that_may_be_stale_are_found_out() {
    let Some(cluster) = Cluster::shared() else { return };
    let stale = ["--max-staleness", "500ms", "--postgres-listen", "false", "--postgres-poll", "600s"];
    let fleet = Fleet::new(&serve(&cluster.database()).with(&stale), 3, 1);
    fleet.run(&mut random(), 6, PATIENCE, || thread::sleep(Duration::from_secs(2)));
    let history = fleet.into_histories().pop().expect("a history");
    let found = explain(&history);
    assert!(matches!(found, Err(Violation::Unexplained(_))), "{found:?}");
}

/// The history, each time with one answer that cannot be.
fn doctored(history: &History<Op, Answer>) -> Vec<(&'static str, History<Op, Answer>)> {
    let op_of = |number: usize| {
        let asked = history.iter().find_map(|event| match event {
            Event::Asked(n, op) if *n == number => Some(op),
            _ => None,
        });
        asked.expect("the question to an answer")
    };
    let change = |what: &dyn Fn(&Op, &Answer) -> Option<Answer>| {
        let changes = history.iter().enumerate().rev().find_map(|(at, event)| match event {
            Event::Answered(number, answer) => Some((at, *number, what(op_of(*number), answer)?)),
            Event::Asked(..) => None,
        });
        let (at, number, answer) = changes.expect("an answer to change");
        let mut history = history.clone();
        history[at] = Event::Answered(number, answer);
        history
    };
    let registered = |op: &Op| matches!(op, Op::Register { .. });
    vec![
        (
            "an id given twice",
            change(&|op, answer| match answer {
                Answer::Held { id, version } if registered(op) && *id > 1 => {
                    Some(Answer::Held { id: id - 1, version: *version })
                }
                _ => None,
            }),
        ),
        (
            "a version given twice",
            change(&|op, answer| match answer {
                Answer::Held { id, version } if registered(op) && *version > 1 => {
                    Some(Answer::Held { id: *id, version: version - 1 })
                }
                _ => None,
            }),
        ),
        (
            "a lost write",
            change(&|op, answer| match (op, answer) {
                (Op::ById { .. }, Answer::Text(_)) => Some(Answer::Refused(Refusal::NoSchema)),
                _ => None,
            }),
        ),
        (
            "a stale read",
            change(&|op, answer| match (op, answer) {
                (Op::List { deleted: true, .. }, Answer::Versions(versions)) if versions.len() > 1 => {
                    Some(Answer::Versions(versions[..versions.len() - 1].to_vec()))
                }
                _ => None,
            }),
        ),
        (
            "a delete undone",
            change(&|op, answer| match (op, answer) {
                (Op::List { deleted: false, .. }, Answer::Versions(versions)) if versions[0] > 1 => {
                    Some(Answer::Versions([&[versions[0] - 1], &versions[..]].concat()))
                }
                _ => None,
            }),
        ),
    ]
}
