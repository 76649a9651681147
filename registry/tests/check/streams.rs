//! Reports that nobody can read: who stopped to read has read enough, but what could not be written is missing.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;

use crate::has_git;
use crate::repository::{Repository, record};

/// A repository with a file, and a change to it that breaks or not.
fn repository(breaks: bool) -> Repository {
    let repository = Repository::new();
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned()]));
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "one"]);
    let more = if breaks { "more:int" } else { "more:int=0" };
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned(), more.to_owned()]));
    repository
}

#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    if !has_git() || !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let repository = repository(false);
    for arguments in [&["check"][..], &["check", "--format", "json"], &["check", "--print-config"]] {
        let full = File::options().write(true).open("/dev/full").expect("a full disk");
        let output = repository.started(arguments).stdout(full).output().expect("ottla runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.starts_with("ottla: standard output: cannot be written: No space left"), "{said}");
    }
    let output = repository.started(&["check", "--format", "junit=/dev/full"]).output().expect("ottla runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 compatible"),
        "the text is printed all the same"
    );
}

#[test]
fn who_stops_to_read_changes_nothing() {
    if !has_git() {
        return;
    }
    for (breaks, code) in [(false, 0), (true, 1)] {
        let repository = repository(breaks);
        let mut command = repository.started(&["check"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ottla runs");
        // Nobody reads, from the start.
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        let status = child.wait().expect("an end");
        assert_eq!((status.code(), said.as_str()), (Some(code), ""));
    }
}
