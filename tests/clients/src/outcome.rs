//! What a client's program printed, and what to do where a client cannot be had.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a program to its end and gives what it printed: as a value if it succeeded, as an error if not.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(printed) } else { Err(format!("{printed}\n{}", output.status)) }
}

/// The programs of that name in the path and in further folders, in order.
pub(crate) fn find(program: &str, further: &[&str]) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(further.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(program)).filter(|file| file.is_file()).collect()
}

/// Ends a test whose client is not to be had: it passes, with a word of why.
///
/// # Panics
/// In CI (`CI` is set), where it is to be had.
pub fn skip(problem: &str) {
    assert!(std::env::var_os("CI").is_none(), "{problem}");
    eprintln!("skipped: {problem}");
}

/// A folder of this package.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
