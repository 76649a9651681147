//! A registry that tests are hostile to.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ottla_tests::http::{Answer, Client, MEDIA};
use ottla_tests::server::{Serve, Server};
use serde_json::Value;

/// A registry in memory, started with further arguments.
pub fn start(arguments: &[&str]) -> Server {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").with(arguments).start().unwrap()
}

/// Tests that keep the processor busy and look at the clock run one after the other.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends a body as it is.
pub fn send(client: &mut Client, method: &str, target: &str, body: &[u8]) -> Answer {
    client.send(method, target, &[("Content-Type", MEDIA)], Some(body)).unwrap()
}

/// Registers a text, whatever comes of it.
pub fn register(client: &mut Client, subject: &str, text: &str) -> Answer {
    let body = serde_json::json!({ "schema": text });
    client.post(&format!("/subjects/{subject}/versions"), &body).unwrap()
}

/// Registers a value that is a schema, and has to succeed.
pub fn registered(client: &mut Client, subject: &str, schema: &Value) -> i64 {
    let answer = register(client, subject, &schema.to_string());
    assert_eq!(answer.status, 200, "{}", shortened(&answer.text()));
    answer.json()["id"].as_i64().unwrap()
}

/// Waits until something is so.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How often a limit was met.
pub fn limited(server: &Server, limit: &str) -> u64 {
    metric(server, &format!("ottla_http_limited_total{{limit=\"{limit}\"}}"))
}

/// The value of a sample.
pub fn metric(server: &Server, sample: &str) -> u64 {
    value(&server.client().get("/metrics").unwrap().text(), sample)
}

/// The value of a sample in a text.
#[track_caller]
pub fn value(metrics: &str, sample: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {sample}")).parse::<f64>().unwrap() as u64
}

/// Resident memory of a server, in megabytes.
pub fn memory(server: &Server) -> u64 {
    memory_of(server.pid())
}

/// Resident memory of a process, in megabytes.
pub fn memory_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// The beginning of a text, for messages.
pub fn shortened(text: &str) -> String {
    text.chars().take(300).collect()
}
