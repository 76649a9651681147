//! Running the command to its end.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How the command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

/// `ottla decode`, without any `OTTLA_` variables from outside. No registry is where it is by default.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
    prepare(&mut command);
    command.arg("decode").args(arguments);
    command
}

/// The same with 512 MiB of memory, 1 MiB of stack and 30 s of time.
pub fn bound(arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    prepare(&mut command);
    let script = "ulimit -v 524288 && ulimit -s 1024 && ulimit -t 30 && exec \"$@\"";
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_ottla"), "decode"]).args(arguments);
    command
}

fn prepare(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTTLA_") {
            command.env_remove(name);
        }
    }
    command.env("OTTLA_REGISTRY", "http://127.0.0.1:1");
}

/// Waits for the end of a command that gets these bytes on its standard input.
pub fn run(command: &mut Command, input: &[u8]) -> Ended {
    let started = Instant::now();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // It may end before it has read all.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    Ended { code: output.status.code(), out, err, took: started.elapsed() }
}

/// Runs a command that is to decode all; what it printed.
pub fn printed(command: &mut Command, input: &[u8]) -> String {
    let ended = run(command, input);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
    ended.out
}

/// Runs a command that is to fail; what it printed, and what it said.
pub fn failed(command: &mut Command, input: &[u8]) -> (String, String) {
    let ended = run(command, input);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.starts_with("ottla: ") && ended.err.ends_with('\n'), "{ended:?}");
    (ended.out, ended.err)
}
