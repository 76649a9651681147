//! The files, validated by the schemas of GitHub, GitLab and pre-commit.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use ottla_clients::outcome::run;
use ottla_clients::python::{GATE, interpreter};
use serde_json::Value;

/// The root of this repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files by `action`, `gitlab` and `hooks`; an error says what is missing.
///
/// # Panics
/// If one of them is not valid.
pub fn files() -> Result<&'static Value, String> {
    static FILES: OnceLock<Result<Value, String>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let python = interpreter(GATE)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/gate/ci.py");
        let printed = run(Command::new(python).arg("-B").arg(script).arg(root()));
        let printed = printed.unwrap_or_else(|problem| panic!("{problem}"));
        Ok(serde_json::from_str(&printed).expect("the files as JSON"))
    });
    files.as_ref().map_err(Clone::clone)
}
