//! The program, and what it says.

use std::process::{Command, Output, Stdio};

use crate::stage::Stage;

/// What the program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub lines: Vec<String>,
    pub problems: String,
}

/// `inventory-service dlq COMMAND` for the topics of the stage.
pub fn command(stage: &Stage, command: &str, arguments: &[&str]) -> Command {
    at(&stage.broker.address(), &stage.dead_letter_topic(), &stage.name, command, arguments)
}

/// The same, elsewhere.
pub fn at(kafka: &str, topic: &str, group: &str, command: &str, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inventory-service"));
    program.args(["dlq", command, "--kafka", kafka, "--dead-letter-topic", topic, "--group", group]);
    program.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("INVENTORY_SERVICE_") {
            program.env_remove(name);
        }
    }
    program
}

/// Runs it.
pub fn run(mut command: Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("a program that runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said {
        status: status.code().expect("an end of its own"),
        lines: text(stdout).lines().map(str::to_owned).collect(),
        problems: text(stderr),
    }
}

/// `dlq list`, which has to go well.
pub fn list(stage: &Stage, arguments: &[&str]) -> Vec<String> {
    let said = run(command(stage, "list", arguments));
    assert!(said.status == 0 && said.problems.is_empty(), "{said:?}");
    said.lines
}

/// `dlq replay`.
pub fn replay(stage: &Stage, arguments: &[&str]) -> Said {
    run(command(stage, "replay", arguments))
}

/// `dlq replay`, which has to go well. The lines, of which the last is the sum.
pub fn replay_all(stage: &Stage, arguments: &[&str]) -> Vec<String> {
    let said = replay(stage, arguments);
    assert!(said.status == 0 && said.problems.is_empty(), "{said:?}");
    said.lines
}
