//! Handled by the service.

use std::time::{Duration, Instant};

use ottla_tests::http::Client;
use ottla_tests::server::{Serve, Server};

use crate::backlog::TOPIC;
use crate::{BATCH, Bench};

/// What was reached.
pub struct Drained {
    pub per_second: f64,
    /// The most memory that the process had, in MB.
    pub peak: f64,
}

/// A service of its own.
pub fn start(bench: &Bench, name: &str, database: &str, topic: &str) -> Server {
    let (kafka, batch) = (bench.broker.address(), BATCH.to_string());
    let program = Serve::program(env!("CARGO_BIN_EXE_inventory-service"));
    let program =
        program.with(&["--listen=127.0.0.1:0", "--kafka", &kafka, "--registry", bench.registry.url()]);
    let program =
        program.with(&["--database", database, "--group", name, "--instance", name, "--topic", topic]);
    let outcomes = format!("{name}-outcomes");
    let program = program.with(&["--outcome-topic", &outcomes, "--cycle-records", &batch, "--partitions=3"]);
    let program = program.with(&["--stock=1000000000", "--log-level=warn"]);
    program.start().expect("a service that starts")
}

/// Handles the backlog.
pub fn run(bench: &Bench, name: &str, database: &str) -> Drained {
    let server = start(bench, name, database, TOPIC);
    let mut client = server.client();
    // It began while it said that it is ready.
    let (first, started) = (consumed(&mut client), Instant::now());
    let mut last = first;
    while last < bench.orders {
        std::thread::sleep(Duration::from_millis(20));
        last = consumed(&mut client);
    }
    let took = started.elapsed().as_secs_f64();
    Drained { per_second: (last - first) as f64 / took, peak: peak(server.pid()) }
}

fn consumed(client: &mut Client) -> usize {
    let text = client.get("/metrics").expect("metrics").text();
    let line = text.lines().find_map(|line| line.strip_prefix("inventory_consumed_total "));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

fn peak(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes / 1_024.0
}
