//! Python's `confluent-kafka` against the registry.

use std::path::Path;
use std::process::Command;

use ottla_clients::outcome::{run, skip};
use ottla_clients::python;
use ottla_clients::registry::Registry;

#[test]
fn confluent_kafka_works() {
    let python = match python::interpreter(python::CLIENT) {
        Ok(python) => python,
        Err(problem) => return skip(&problem),
    };
    let registry = Registry::start();
    let mut suite = Command::new(python);
    // -B: no compiled files beside the sources. The registry is on this machine, whatever proxy is set.
    suite.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("python/suite.py")).arg(registry.url());
    match run(suite.env("NO_PROXY", "127.0.0.1")) {
        Ok(printed) => println!("{printed}"),
        Err(printed) => panic!("{printed}\n{}", registry.log()),
    }
}
