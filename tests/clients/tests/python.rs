//! Python's `confluent-kafka` against the registry.

use std::path::Path;
use std::process::Command;

use ottla_clients::outcome::{run, skip};
use ottla_clients::python;
use ottla_clients::registry::Registry;

#[test]
fn confluent_kafka_works() {
    let python = match python::interpreter() {
        Ok(python) => python,
        Err(problem) => return skip(&problem),
    };
    let registry = Registry::start();
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/suite.py");
    // -B: no compiled files beside the sources.
    match run(Command::new(python).arg("-B").arg(suite).arg(registry.url())) {
        Ok(printed) => println!("{printed}"),
        Err(printed) => panic!("{printed}\n{}", registry.log()),
    }
}
