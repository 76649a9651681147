//! Others can read the reports of the gate: what the golden files of `gate/tests/report` hold is valid by the schemas of
//! the formats.

use std::path::Path;
use std::process::Command;

use ottla_clients::outcome::{run, skip};
use ottla_clients::python::{self, GATE};

#[test]
fn reports_are_valid() {
    let python = match python::interpreter(GATE) {
        Ok(python) => python,
        Err(problem) => return skip(&problem),
    };
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gate = package.join("../../gate");
    let mut validate = Command::new(python);
    // -B: no compiled files beside the sources.
    validate.arg("-B").arg(package.join("python/gate/reports.py")).arg(gate.join("tests/report/golden"));
    validate.arg(gate.join("docs/report.schema.json")).arg(gate.join("tests/report/junit-10.xsd"));
    match run(&mut validate) {
        Ok(printed) => println!("{printed}"),
        Err(printed) => panic!("{printed}"),
    }
}
