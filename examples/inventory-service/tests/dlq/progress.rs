//! Killed in the middle, or two at once: each is sent once.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use inventory_service::dead_letter::Reason;
use rustix::process::{Pid, Signal, kill_process};

use crate::command::{command, replay_all};
use crate::letters::{Record, Writer, read};
use crate::stage::Stage;

const COUNT: usize = 12_000;

/// Many dead letters, in three partitions.
fn put(stage: &Stage) {
    let (writer, orders) = (Writer::to(&stage.broker.address()), stage.topic());
    for partition in 0..3 {
        let letter = |n| {
            let record = Record::new(&format!("{partition}-{n}"), "text");
            record.dead(&orders, (partition, n), Reason::InvalidOrder)
        };
        let letters: Vec<_> = (0..COUNT as i64 / 3).map(letter).collect();
        writer.write_all(&stage.dead_letter_topic(), partition, &letters);
    }
}

/// A replay that has sent something, and is not done.
fn begin(stage: &Stage) -> (Child, BufReader<ChildStdout>) {
    let mut command = command(stage, "replay", &[]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a replay");
    let mut said = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    said.read_line(&mut line).expect("a line");
    assert!(line.contains(" -> "), "{line}");
    (child, said)
}

fn each_once(stage: &Stage) {
    let mut times = BTreeMap::new();
    for sent in read(&stage.broker.address(), &stage.topic()) {
        *times.entry(Record::of(&sent).key).or_insert(0) += 1;
    }
    let wrong: Vec<_> = times.iter().filter(|(_, times)| **times != 1).collect();
    assert!(times.len() == COUNT && wrong.is_empty(), "{} of {COUNT}, {wrong:?}", times.len());
}

/// How many the last line says were sent.
fn sent(lines: &[String]) -> usize {
    let sum = lines.last().expect("a sum");
    sum.split(' ').next().and_then(|count| count.parse().ok()).expect("a number")
}

#[test]
fn killed_and_run_again_it_sends_nothing_twice_and_forgets_nothing() {
    let Some(stage) = Stage::set("replay-killed") else { return };
    put(&stage);
    for _ in 0..3 {
        let (mut child, _said) = begin(&stage);
        child.kill().expect("a kill");
        child.wait().expect("an end");
    }
    let rest = sent(&replay_all(&stage, &[]));
    assert!(rest > 0 && rest < COUNT, "{rest}: it was killed in the middle");
    each_once(&stage);
}

#[test]
fn a_second_replay_ends_the_first() {
    let Some(stage) = Stage::set("replay-fenced") else { return };
    put(&stage);
    let (child, mut said) = begin(&stage);
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::STOP).expect("a stop");
    let rest = sent(&replay_all(&stage, &[]));
    assert!(rest > 0 && rest < COUNT, "{rest}: the first was in the middle");
    kill_process(pid, Signal::CONT).expect("a continuation");
    let mut lines = String::new();
    said.read_to_string(&mut lines).expect("its output");
    let output = child.wait_with_output().expect("an end");
    let problems = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{problems}");
    assert!(problems.contains("another replay of this group has begun"), "{problems}");
    assert!(!lines.contains("passed over"), "there is no sum");
    each_once(&stage);
}
