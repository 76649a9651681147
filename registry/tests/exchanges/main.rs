//! Replays exchanges over HTTP: requests, and the answers that they have to get.
//!
//! ```text
//! recorded/           what Confluent Schema Registry 8.5 answered to our requests
//! differences.jsonl   where this registry answers otherwise, why, and what
//! own/                what the recordings do not cover     flags/   the same for a registry in other settings
//! scenario.rs         reads the files     variables.rs   `${name}` in requests and answers
//! replay.rs           sends and reports   compare.rs     answers
//! ```

mod compare;
mod differences;
mod replay;
mod scenario;
mod variables;

use std::path::PathBuf;

use differences::Differences;
use ottla_tests::postgres::Cluster;
use ottla_tests::server::Serve;
use replay::Report;
use scenario::Scenario;

/// How many scenarios and requests there are: none may get lost unnoticed.
const RECORDED: (usize, usize) = (117, 5114);
const OWN: (usize, usize) = (15, 371);
const FLAGS: (usize, usize) = (1, 25);

/// A registry in its usual settings.
fn registry(database: &str) -> Serve {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), database)
}

/// Over a database that holds nothing at the start, and is gone at the end.
fn registry_in_memory() -> Serve {
    registry("sqlite::memory:")
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/exchanges").join(name)
}

/// One registry, empty at the start; the scenarios one after the other, as each is independent of those before it.
fn replay<'a>(serve: &Serve, scenarios: impl Iterator<Item = &'a Scenario>, differences: &Differences) {
    let server = serve.start().expect("a registry");
    let mut report = Report::default();
    for scenario in scenarios {
        report.replay(&server, scenario, differences);
    }
    report.finish();
}

fn scenarios(name: &str, count: (usize, usize)) -> Vec<Scenario> {
    let scenarios = scenario::read(&folder(name));
    let requests = scenarios.iter().map(|s| s.steps.len()).sum();
    assert_eq!((scenarios.len(), requests), count, "scenarios and requests in {name}/");
    scenarios
}

fn recorded() -> (Vec<Scenario>, Differences) {
    let scenarios = scenarios("recorded", RECORDED);
    let differences = Differences::read(&folder("differences.jsonl"), &scenarios);
    (scenarios, differences)
}

#[test]
fn recorded_exchanges() {
    let (scenarios, differences) = recorded();
    replay(&registry_in_memory(), scenarios.iter(), &differences);
}

#[test]
fn recorded_exchanges_last_scenario_first() {
    let (scenarios, differences) = recorded();
    replay(&registry_in_memory(), scenarios.iter().rev(), &differences);
}

#[test]
fn all_exchanges_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    let (recorded, differences) = recorded();
    let own = scenarios("own", OWN);
    replay(&registry(&cluster.database()), recorded.iter().chain(&own), &differences);
}

#[test]
fn own_exchanges() {
    replay(&registry_in_memory(), scenarios("own", OWN).iter(), &Differences::default());
}

#[test]
fn own_exchanges_with_flags() {
    let mut flags = vec!["--mode-mutability", "false", "--compatibility", "FULL", "--cluster-id", "there"];
    flags.extend(["--incompatible-code", "409"]);
    let serve = registry_in_memory().with(&flags);
    replay(&serve, scenarios("flags", FLAGS).iter(), &Differences::default());
}
