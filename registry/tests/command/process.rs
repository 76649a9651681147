//! Running the command to its end, and servers that were made for a test.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ottla_tests::http::{Answer, Client};
use ottla_tests::server::{Serve, Server};
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(30);

/// How the command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

/// The command, without any `OTTLA_` variables from outside.
pub fn ottla(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTTLA_") {
            command.env_remove(name);
        }
    }
    // Nothing of what is asked for with these may show.
    command.args(arguments).env("RUST_BACKTRACE", "full").env_remove("RUST_LOG");
    command
}

/// Waits for the end of a command that should come by itself.
pub fn run(command: &mut Command) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| File::create(folder.path().join(name)).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let started = Instant::now();
    command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err"));
    let mut child = command.spawn().unwrap();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it does not end: {} {}", read("out"), read("err"));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ended { code, out: read("out"), err: read("err"), took: started.elapsed() }
}

/// A server over a file.
pub fn over(file: &Path) -> Serve {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), &url(file))
}

/// The URL of a file.
pub fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// A server in memory.
pub fn start(arguments: &[&str]) -> Server {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").with(arguments).start().unwrap()
}

/// Registers one of the texts that are all compatible with each other.
pub fn register(client: &mut Client, subject: &str, number: usize) -> Answer {
    let text = json!({"type": "int", "number": number}).to_string();
    client.post(&format!("/subjects/{subject}/versions"), &json!({ "schema": text })).unwrap()
}
