//! The script of GitLab's job.

use std::fs;

use ottla_clients::outcome::skip;
use serde_json::Value;

use super::files::files;
use super::project::{Change, Project};
use super::{Ended, path_with_ottla, shell};

/// Runs the job in each shell that runners use, with variables of the job and further ones.
fn run(project: &Project, variables: &[(&str, &str)]) -> Option<Vec<Ended>> {
    let job = match files() {
        Ok(files) => &files["gitlab"]["ottla-check"],
        Err(problem) => {
            skip(&problem);
            return None;
        }
    };
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, value) in job["variables"].as_object().expect("variables") {
        all.push((name.clone(), value.as_str().expect("a text").to_owned()));
    }
    all.push(("CI_PROJECT_DIR".into(), project.path().display().to_string()));
    all.push(("CI_MERGE_REQUEST_TARGET_BRANCH_NAME".into(), "main".into()));
    all.push(("PATH".into(), path_with_ottla()));
    all.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let script = format!("{}\n{}", lines(&job["before_script"]), lines(&job["script"]));
    let shells: [&[&str]; 2] = [&["bash", "-eo", "pipefail"], &["sh", "-e"]];
    Some(
        shells
            .into_iter()
            .map(|name| run_in(name, &script, project, &all, &job["artifacts"]["reports"]))
            .collect(),
    )
}

fn run_in(
    name: &[&str],
    script: &str,
    project: &Project,
    variables: &[(String, String)],
    reports: &Value,
) -> Ended {
    let files: Vec<_> = ["codequality", "junit"]
        .map(|kind| project.path().join(reports[kind].as_str().expect("a file")))
        .into();
    for file in &files {
        let _ = fs::remove_file(file);
    }
    let ended = shell(name, script, &project.path(), variables);
    if matches!(ended.code, Some(0 | 1 | 3)) {
        let [quality, junit] = [0, 1].map(|at| fs::read_to_string(&files[at]).expect("a report"));
        let issues: Value = serde_json::from_str(&quality).expect("JSON");
        assert_eq!(
            issues.as_array().map(|issues| issues.is_empty()),
            Some(ended.code == Some(0)),
            "{quality}"
        );
        assert!(junit.starts_with("<?xml "), "{junit}");
    }
    ended
}

fn lines(script: &Value) -> String {
    let lines = script.as_array().expect("a list").iter().map(|line| line.as_str().expect("a text"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Does the job end like that, and say that, in each shell?
fn check(project: &Project, variables: &[(&str, &str)], code: i32, said: &str) {
    for ended in run(project, variables).unwrap_or_default() {
        assert_eq!(ended.code, Some(code), "{}", ended.said);
        assert!(ended.said.contains(said), "{}", ended.said);
    }
}

#[test]
fn changes_pass_or_fail() {
    let compatible = Project::with(Change::Compatible, false);
    check(&compatible, &[], 0, "1 compatible: no findings");
    let breaking = Project::with(Change::Breaking, false);
    check(&breaking, &[], 1, "schemas/order.avsc:3:");
    check(&breaking, &[("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "gone")], 3, "NOT COMPARED");
    check(&breaking, &[("OTTLA_FAIL_ON", "everything")], 2, "no such severity");
}

#[test]
fn variables_are_lists_of_lines_and_no_code() {
    let project = Project::with(Change::Breaking, false);
    fs::copy(project.path().join("schemas/order.avsc"), project.path().join("schemas/an order.avsc"))
        .expect("a copy");
    let against = ("OTTLA_AGAINST", "git:change\ngit:origin/main");
    check(
        &project,
        &[against, ("OTTLA_PATHS", "schemas/order.avsc")],
        1,
        "against 2 baselines: 1 unchanged, 1 incompatible",
    );
    let hostile = "$(touch pwned)`touch pwned`; touch pwned \"; touch pwned #' && touch pwned";
    check(&project, &[("OTTLA_PATHS", hostile)], 2, "touch pwned");
    check(&project, &[("OTTLA_FAIL_ON", hostile)], 2, "touch pwned");
    assert!(!project.path().join("pwned").exists());
}

#[test]
fn what_is_missing_is_said() {
    let project = Project::with(Change::Compatible, false);
    let path = std::env::var("PATH").expect("a path");
    if std::env::split_paths(&path).any(|folder| folder.join("ottla").exists()) {
        return skip("ottla is installed here");
    }
    check(&project, &[("PATH", &path)], 2, "OTTLA_REPOSITORY does not say where to build it from");
}
