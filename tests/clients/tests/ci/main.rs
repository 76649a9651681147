//! The files for people's CI work: `action.yml`, `deploy/ci/gitlab.yml` and `.pre-commit-hooks.yaml`.
//!
//! ```text
//! files.rs     the files, validated by the schemas of GitHub, GitLab and pre-commit
//! project.rs   a small repository with a schema, and a change of it
//! action.rs    the steps of the action, run as a runner of GitHub does
//! gitlab.rs    the script of the job
//! hooks.rs     the hooks, run by pre-commit
//! ```
//!
//! The steps that build the program are not run: they would build it once more.
#![cfg(unix)]

mod action;
mod files;
mod gitlab;
mod hooks;
mod project;

use std::path::Path;
use std::process::{Command, Stdio};

use ottla_clients::program;

/// What a program said, and how it ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output and standard error.
    pub said: String,
}

/// Runs a shell script with variables of its own and no others, but where programs are. `ottla` is the one that is tested if
/// the script finds it by its name.
pub fn shell(shell: &[&str], script: &str, folder: &Path, variables: &[(String, String)]) -> Ended {
    let scripts = tempfile::tempdir().expect("a temporary folder");
    let file = scripts.path().join("script");
    std::fs::write(&file, script).expect("a script");
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(&file).current_dir(folder).stdin(Stdio::null());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", scripts.path());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().expect(shell[0]);
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ended { code: output.status.code(), said }
}

/// The path, with the tested program in front.
pub fn path_with_ottla() -> String {
    let folder = program::ottla().parent().expect("a folder").display();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}
