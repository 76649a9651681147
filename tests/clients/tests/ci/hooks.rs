//! The hooks, run by pre-commit.

use std::fs;

use ottla_clients::outcome::skip;
use ottla_clients::python::{GATE, interpreter};

use super::files::root;
use super::project::{self, Change, Project, git};
use super::{Ended, path_with_ottla, shell};

/// Runs a hook over all files of a project. The hooks are in a repository of their own, as they are for everybody else.
fn run(project: &Project, hook: &str) -> Option<Ended> {
    let python = match interpreter(GATE) {
        Ok(python) => python,
        Err(problem) => {
            skip(&problem);
            return None;
        }
    };
    let hooks = project.beside("hooks");
    if !hooks.join(".git").exists() {
        fs::copy(root().join(".pre-commit-hooks.yaml"), hooks.join(".pre-commit-hooks.yaml"))
            .expect("the hooks");
        git(&hooks, &["init", "--quiet"]);
        project::commit(&hooks, "Hooks");
    }
    let revision = git(&hooks, &["rev-parse", "HEAD"]);
    let config =
        format!("repos:\n- repo: {}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n", hooks.display());
    fs::write(project.path().join(".pre-commit-config.yaml"), config).expect("a configuration");
    git(&project.path(), &["add", ".pre-commit-config.yaml"]);
    let cache = project.beside("cache").display().to_string();
    let variables = [("PATH".to_owned(), path_with_ottla()), ("PRE_COMMIT_HOME".to_owned(), cache)];
    let script = format!("'{}' -B -m pre_commit run --all-files --color never", python.display());
    Some(shell(&["bash", "-e"], &script, &project.path(), &variables))
}

#[test]
fn a_breaking_change_is_not_committed() {
    let compatible = Project::with(Change::Compatible, false);
    let Some(ended) = run(&compatible, "ottla-check") else { return };
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    assert!(ended.said.contains("Passed"), "{}", ended.said);
    let breaking = Project::with(Change::Breaking, false);
    let Some(ended) = run(&breaking, "ottla-check") else { return };
    assert_eq!(ended.code, Some(1), "{}", ended.said);
    assert!(
        ended.said.contains("schemas/order.avsc:3:") && ended.said.contains("exit code: 1"),
        "{}",
        ended.said
    );
}

#[test]
fn an_old_lock_file_is_not_committed() {
    let project = Project::with(Change::Compatible, false);
    let locked = shell(&["bash", "-e"], "ottla lock", &project.path(), &[("PATH".into(), path_with_ottla())]);
    assert_eq!(locked.code, Some(0), "{}", locked.said);
    let Some(ended) = run(&project, "ottla-lock") else { return };
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    assert!(ended.said.contains("Passed"), "{}", ended.said);
    let schema = project.path().join("schemas/order.avsc");
    let text = fs::read_to_string(&schema).expect("a schema");
    fs::write(&schema, text.replace("\"note\"", "\"remark\"")).expect("a schema");
    let Some(ended) = run(&project, "ottla-lock") else { return };
    assert_ne!(ended.code, Some(0), "{}", ended.said);
    assert!(ended.said.contains("Failed"), "{}", ended.said);
}
