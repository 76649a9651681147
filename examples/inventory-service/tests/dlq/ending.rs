//! Readers and clusters that are not there.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use inventory_service::dead_letter::Reason;

use crate::command::{at, command, run};
use crate::letters::{Record, Writer, read};
use crate::stage::Stage;

#[test]
fn who_reads_no_more_has_had_enough() {
    let Some(stage) = Stage::set("broken-pipe") else { return };
    let (kafka, orders) = (stage.broker.address(), stage.topic());
    let letter = |n| Record::new(&format!("o-{n}"), "text").dead(&orders, (0, n), Reason::InvalidOrder);
    // More than fits in a pipe.
    let letters: Vec<_> = (0..3_000).map(letter).collect();
    Writer::to(&kafka).write_all(&stage.dead_letter_topic(), 0, &letters);
    for name in ["list", "replay"] {
        let mut command = command(&stage, name, &[]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let output = child.wait_with_output().expect("an end");
        let problems = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && problems.is_empty(), "{name}: {} {problems}", output.status);
    }
    assert_eq!(read(&kafka, &orders).len(), letters.len(), "what was asked for is done");
    let mut command = command(&stage, "list", &[]);
    let full = File::options().write(true).open("/dev/full").expect("a disk that is full");
    let status = command.stdout(full).stderr(Stdio::null()).status().expect("a program");
    assert_eq!(status.code(), Some(1));
}

#[test]
fn what_is_not_there_is_named_in_time() {
    let Some(stage) = Stage::set("nowhere") else { return };
    let kafka = stage.broker.address();
    for name in ["list", "replay"] {
        let said = run(at(&kafka, "not-there", "g", name, &[]));
        assert!(said.status == 1 && said.problems.contains("topic not-there does not exist"), "{said:?}");
        let said = run(at(&kafka, "no/topic", "g", name, &[]));
        assert!(said.status == 1 && said.problems.contains("topic no/topic does not exist"), "{said:?}");
        let started = Instant::now();
        let said = run(at("127.0.0.1:1", "dlq", "g", name, &["--log-level=off"]));
        assert!(
            said.status == 1 && said.problems.contains("the cluster does not tell its topics"),
            "{said:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
        let said = run(at(
            &kafka,
            "dlq",
            "g",
            name,
            &["--kafka-option=sasl.password=hunter2=", "--kafka-option=group.id=x"],
        ));
        assert!(
            said.status == 1 && said.problems.contains("use --group") && !said.problems.contains("hunter2"),
            "{said:?}"
        );
        let said = run(at(&kafka, "dlq", "g", name, &["--reason=bad"]));
        assert!(said.status == 2 && said.problems.contains("expected one of undecodable"), "{said:?}");
    }
    assert!(!read(&kafka, &stage.topic()).iter().any(|_| true));
}
