//! `ottla check` in small repositories: what becomes of each file, what is found and where, and how the command ends.
//!
//! Each scenario is a few lines of text: what is in the repository, what is done to it, what is run, and what is said. The
//! files of `scenarios/` hold them by subject matter; where something else is said than what stands there, they are rewritten and
//! the test fails.
//!
//! ```text
//! scenario.rs   texts -> steps
//! repository.rs steps -> a repository, and runs of the command
//! shown.rs      what was said, in short
//! streams.rs    reports that nobody can read
//! unusual.rs    repositories that a few lines of text do not tell
//! ```

mod repository;
mod scenario;
mod shown;
mod speed;
mod streams;
mod unusual;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repository::Repository;
use scenario::{Scenario, Step};

/// Is git there? In CI it has to be.
fn has_git() -> bool {
    let is_there = Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(is_there || std::env::var_os("CI").is_none(), "git is not there: install git");
    if !is_there {
        println!("skipped: git is not there");
    }
    is_there
}

/// The same text with what is said now.
fn played(scenario: &Scenario) -> String {
    let mut repository = Repository::new();
    let mut text = format!("== {}\n", scenario.name);
    for step in &scenario.steps {
        text.push_str(&step.text);
        if let Step::Run(arguments) = &step.parse() {
            text.push_str(&repository.run(arguments));
        } else {
            repository.play(&scenario.name, &step.parse());
        }
    }
    text
}

fn check(name: &str) {
    if !has_git() {
        return;
    }
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/scenarios").join(name);
    let known = fs::read_to_string(&path).expect("the scenarios");
    let (head, scenarios) = scenario::read(&known);
    assert!(!scenarios.is_empty(), "{name} has no scenarios");
    let played: Vec<String> = scenarios.iter().map(played).collect();
    let now = format!("{head}{}", played.join("\n"));
    if now == known {
        return;
    }
    fs::write(&path, &now).expect("the scenarios");
    let differs = known.lines().zip(now.lines()).find(|(known, now)| known != now);
    let (known, now) = differs.unwrap_or(("(ends)", "(ends)"));
    panic!("{} was rewritten\n    {known}\n    is now\n    {now}", path.display());
}

#[test]
fn scenarios_are_many() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/scenarios");
    let files = fs::read_dir(folder).expect("the scenarios").map(|entry| entry.expect("an entry").path());
    let count: usize =
        files.map(|path| scenario::read(&fs::read_to_string(path).expect("text")).1.len()).sum();
    assert!(count >= 60, "there are {count} scenarios only");
}

macro_rules! scenarios {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(concat!(stringify!($name), ".txt"));
        })*
    };
}

scenarios! { rules levels history references matching commits files names waivers baselines broken flags }
