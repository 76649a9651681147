//! The demo as its users run it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use ottla_tests::kafka::Broker;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The demo, which keeps its folder in one of the test's own.
fn demo(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DEMO_")) {
        command.env_remove(name);
    }
    command.args(arguments).env("TMPDIR", folder.path()).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let output = demo(&folder, arguments).output().expect("a program that runs");
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(
        output.status.code() == Some(1),
        left.len() == 1,
        "the folder stays if, and only if, something fails"
    );
    output
}

/// The whole story. The numbers of its summary.
fn tell(arguments: &[&str]) -> HashMap<String, f64> {
    let output = run(arguments);
    let told = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    for chapter in 1..=6 {
        assert!(told.contains(&format!("\n{chapter}  ")), "there is no chapter {chapter}: {told}");
    }
    let summary = told.lines().filter_map(|line| line.trim().split_once("  "));
    let number = |text: &str| text.trim().split(' ').next()?.parse().ok();
    let summary: HashMap<_, _> =
        summary.filter_map(|(name, value)| Some((name.to_owned(), number(value)?))).collect();
    for (name, expected) in [("dead letters", 2.0), ("duplicates suppressed", 3.0)] {
        assert_eq!(summary.get(name), Some(&expected), "{name}: {told}");
    }
    let placed = summary["orders placed"];
    assert_eq!((placed, summary["orders acknowledged"]), (placed, summary["reserved"] + summary["rejected"]));
    assert!(summary["rejected"] >= 2.0 && summary["reserved"] > summary["rejected"], "{told}");
    summary
}

#[test]
fn on_the_mock_cluster() {
    let summary = tell(&["--burst", "120"]);
    assert!(summary["orders placed"] > 140.0 && summary["time taken"] < 60.0, "{summary:?}");
}

#[test]
fn on_a_real_kafka() {
    let Some(broker) = Broker::start() else { return };
    let summary = tell(&["--kafka", &broker.address()]);
    assert_eq!(summary["outcomes sent twice"], 0.0);
    // Once more: runs do not meet.
    tell(&["--kafka", &broker.address(), "--burst", "100"]);
}

#[test]
fn what_is_wrong_is_said() {
    let output = run(&["--kafka-config", "kafka.properties"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let output = run(&["--registry", "nonsense"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("logs and databases are in "), "{output:?}");
    let help = run(&["--help"]);
    let help = String::from_utf8(help.stdout).expect("text");
    for flag in ["--kafka <HOST:PORT>", "--registry <URL>", "--keep", "[env: DEMO_KEEP="] {
        assert!(help.contains(flag), "{flag}: {help}");
    }
}

/// A demo whose services run, and their processes.
fn started(folder: &TempDir) -> (Child, Vec<u32>) {
    let mut demo = demo(folder, &[]).stdout(Stdio::piped()).spawn().expect("a program that runs");
    let mut lines = BufReader::new(demo.stdout.take().expect("output")).lines().map_while(Result::ok);
    let mut processes = Vec::new();
    while processes.len() < 2 {
        let line = lines.next().expect("a line");
        if let Some((_, id)) = line.split_once("(process ") {
            processes.push(id.trim_end_matches(')').parse().expect("a number"));
        }
    }
    assert!(processes.iter().all(|id| is_running(*id)));
    // It may go on telling.
    std::thread::spawn(move || lines.for_each(drop));
    (demo, processes)
}

/// Who has ended and was not waited for does not run any more.
fn is_running(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

fn all_end(processes: &[u32]) {
    let started = Instant::now();
    while processes.iter().any(|id| is_running(*id)) {
        assert!(started.elapsed() < PATIENCE, "services outlive the demo: {processes:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn services_end_with_it_even_if_it_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut demo, processes) = started(&folder);
    demo.kill().expect("a process to kill");
    demo.wait().expect("a child");
    all_end(&processes);
}

#[test]
fn it_can_be_interrupted_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut demo, processes) = started(&folder);
    kill_process(Pid::from_child(&demo), Signal::INT).expect("a process");
    assert_eq!(demo.wait().expect("a child").code(), Some(1));
    all_end(&processes);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
