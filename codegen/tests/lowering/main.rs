//! What schemas become: the model, as text; and what is said where something is wrong.
//!
//! ```text
//! dump.rs     a model as text
//! golden.rs   files that hold what is expected, and that rewrite themselves where it is not so
//! scenario.rs schema files, options and what becomes of them, in one text
//! ```
//!
//! `tests/cases` holds schemas of one feature each, with what becomes of them in `model.txt`; `tests/scenarios` holds
//! scenarios.
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod dump;
mod golden;
mod scenario;

use std::path::{Path, PathBuf};

use golden::{Golden, sorted};
use ottla_codegen::{Options, model_of};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

#[test]
fn cases_become_models() {
    let mut golden = Golden::default();
    let cases = sorted(&tests().join("cases"));
    assert!(cases.len() >= 34, "{} cases", cases.len());
    for case in cases {
        let name = Path::new("cases").join(case.file_name().unwrap());
        let model = model_of(&[name], &Options::new().base_dir(tests()));
        let model = model.unwrap_or_else(|errors| panic!("{}: {errors}", case.display()));
        golden.check(&case.join("model.txt"), &dump::dump(&model));
    }
    golden.finish();
}

#[test]
fn scenarios_end_as_they_say() {
    let mut golden = Golden::default();
    let scenarios = sorted(&tests().join("scenarios"));
    assert!(scenarios.len() >= 20, "{} scenarios", scenarios.len());
    for path in scenarios {
        let text = std::fs::read_to_string(&path).unwrap();
        golden.check(&path, &scenario::replay(&text));
    }
    golden.finish();
}
