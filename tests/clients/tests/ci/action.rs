//! The steps of the action, run as a runner of GitHub does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ottla_clients::outcome::skip;
use ottla_clients::program;
use serde_json::Value;

use super::files::files;
use super::project::{Change, Project};
use super::{Ended, shell};

/// How GitHub runs `shell: bash`.
const BASH: [&str; 5] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];

/// What became of the action.
struct Ran {
    last: Ended,
    /// What all steps printed.
    log: String,
    /// The names of the steps that were run.
    steps: Vec<String>,
    outputs: BTreeMap<String, String>,
    summary: String,
    sarif: Option<Value>,
}

/// Runs the steps up to the first that fails. Steps that use other actions are passed over, but for their conditions.
fn act(action: &Value, project: &Project, base: &str, inputs: &[(&str, &str)]) -> Ran {
    let runner = project.beside("runner");
    let known: BTreeMap<String, String> = inputs_of(action, inputs, base);
    let mut runs =
        Runner { known, path: std::env::var("PATH").expect("a path"), temp: runner.display().to_string() };
    let mut ran = Ran {
        last: Ended { code: None, said: String::new() },
        log: String::new(),
        steps: Vec::new(),
        outputs: BTreeMap::new(),
        summary: String::new(),
        sarif: None,
    };
    for step in action["runs"]["steps"].as_array().expect("steps") {
        if step["if"].as_str().is_some_and(|condition| !runs.is_met(condition)) {
            continue;
        }
        ran.steps.push(step["name"].as_str().expect("a name").to_owned());
        let Some(script) = step["run"].as_str() else { continue };
        assert!(!script.contains("${{"), "text of expressions must not become code: {script}");
        ran.last = runs.run(step, script, &project.path());
        ran.log.push_str(&ran.last.said);
        ran.summary.push_str(&fs::read_to_string(runner.join("GITHUB_STEP_SUMMARY")).expect("a summary"));
        if ran.last.code != Some(0) {
            break;
        }
    }
    for (name, output) in action["outputs"].as_object().expect("outputs") {
        ran.outputs.insert(name.clone(), runs.expanded(output["value"].as_str().expect("a value")));
    }
    let sarif = fs::read_to_string(runner.join("ottla.sarif")).ok();
    ran.sarif = sarif.map(|text| serde_json::from_str(&text).expect("JSON"));
    ran
}

/// What expressions may name.
fn inputs_of(action: &Value, inputs: &[(&str, &str)], base: &str) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        known.insert(format!("inputs.{name}"), input["default"].as_str().expect("a default").to_owned());
    }
    for (name, value) in inputs {
        let known = known.insert(format!("inputs.{name}"), (*value).to_owned());
        assert!(known.is_some(), "no such input: {name}");
    }
    known.insert("github.base_ref".into(), base.into());
    known.insert("github.action_path".into(), super::files::root().display().to_string());
    known
}

struct Runner {
    known: BTreeMap<String, String>,
    path: String,
    temp: String,
}

impl Runner {
    fn run(&mut self, step: &Value, script: &str, folder: &Path) -> Ended {
        let mut variables: Vec<(String, String)> = Vec::new();
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            variables.push((name.clone(), self.expanded(value.as_str().expect("a text"))));
        }
        let files = ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
        for name in files {
            let file = format!("{}/{name}", self.temp);
            fs::write(&file, "").expect("a file");
            variables.push((name.to_owned(), file));
        }
        variables.push(("RUNNER_TEMP".into(), self.temp.clone()));
        variables.push(("PATH".into(), self.path.clone()));
        variables.push(("GITHUB_BASE_REF".into(), self.known["github.base_ref"].clone()));
        let ended = shell(&BASH, script, folder, &variables);
        let [outputs, paths, _] =
            files.map(|name| fs::read_to_string(format!("{}/{name}", self.temp)).expect("a file"));
        for line in outputs.lines() {
            let (name, value) = line.split_once('=').expect("a name and a value");
            let step = step["id"].as_str().expect("an id, as there are outputs");
            self.known.insert(format!("steps.{step}.outputs.{name}"), value.to_owned());
        }
        for line in paths.lines() {
            self.path = format!("{line}:{}", self.path);
        }
        ended
    }

    /// The value of a name. What is not known is empty, as it is for GitHub; a name that GitHub does not know fails.
    fn value(&self, name: &str) -> String {
        let known = self.known.get(name).cloned();
        assert!(known.is_some() || name.starts_with("steps."), "no such name: {name}");
        known.unwrap_or_default()
    }

    /// A text, whose expressions are names.
    fn expanded(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
        let (name, after) = rest.split_once("}}").expect("an end of the expression");
        format!("{before}{}{}", self.value(name.trim()), self.expanded(after))
    }

    /// Are all comparisons of a condition true?
    fn is_met(&self, condition: &str) -> bool {
        condition.split("&&").all(|comparison| {
            let (sign, is_wanted) = if comparison.contains("!=") { ("!=", false) } else { ("==", true) };
            let (name, text) = comparison.split_once(sign).expect("a comparison");
            (self.value(name.trim()) == text.trim().trim_matches('\'')) == is_wanted
        })
    }
}

/// Runs the action with the tested program, unless the test is skipped.
fn run(project: &Project, inputs: &[(&str, &str)]) -> Option<Ran> {
    let action = match files() {
        Ok(files) => &files["action"],
        Err(problem) => {
            skip(&problem);
            return None;
        }
    };
    let program = program::ottla().to_str().expect("a path");
    Some(act(action, project, "main", &[&[("binary", program)], inputs].concat()))
}

#[test]
fn a_compatible_change_passes() {
    let project = Project::with(Change::Compatible, false);
    let Some(ran) = run(&project, &[]) else { return };
    assert_eq!(ran.last.code, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["exit-code"], "0");
    assert!(ran.summary.contains("✅"), "{}", ran.summary);
    assert!(ran.sarif.is_some() && Path::new(&ran.outputs["sarif"]).is_file(), "{:?}", ran.outputs);
    assert_eq!(ran.steps, ["Find ottla", "Fetch what to compare with", "Check schemas", "Result"]);
}

#[test]
fn a_breaking_change_fails_and_is_annotated() {
    let project = Project::with(Change::Breaking, false);
    let Some(ran) = run(&project, &[("sarif", "true")]) else { return };
    assert_eq!(ran.last.code, Some(1), "{}", ran.log);
    assert_eq!(ran.outputs["exit-code"], "1");
    let annotation = "::error file=schemas/order.avsc,line=3,";
    assert!(ran.log.lines().any(|line| line.starts_with(annotation)), "{}", ran.log);
    assert!(
        ran.summary.contains("❌") && ran.summary.contains("AVRO-READER-FIELD-NO-DEFAULT"),
        "{}",
        ran.summary
    );
    let results = &ran.sarif.expect("SARIF")["runs"][0]["results"];
    assert_eq!(results.as_array().map(Vec::len), Some(1), "{results}");
    // The finding is shown before the job fails.
    assert_eq!(ran.steps[3..], ["Show findings in code scanning", "Result"]);
}

#[test]
fn what_a_shallow_clone_lacks_is_fetched() {
    let Some(ran) = run(&Project::with(Change::Breaking, true), &[]) else { return };
    assert_eq!(ran.last.code, Some(1), "{}", ran.log);
    assert!(ran.log.contains("AVRO-READER-FIELD-NO-DEFAULT"), "{}", ran.log);
}

#[test]
fn what_cannot_be_fetched_is_not_fine() {
    let project = Project::with(Change::Compatible, true);
    fs::rename(project.origin(), project.beside("elsewhere").join("origin")).expect("moved");
    let Some(ran) = run(&project, &[]) else { return };
    assert_eq!(ran.last.code, Some(3), "{}", ran.log);
    assert_eq!(ran.outputs["exit-code"], "3");
    assert!(ran.log.contains("title=NOT COMPARED::"), "{}", ran.log);
    let invocation = &ran.sarif.expect("SARIF")["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
}

#[test]
fn inputs_are_lists_of_lines() {
    let project = Project::with(Change::Breaking, false);
    let inputs = [
        ("paths", "  schemas/order.avsc  \n\n"),
        ("against", "git:change\n git:origin/main\n"),
        ("fail-on", "note"),
        ("allow-new", "true"),
    ];
    let Some(ran) = run(&project, &inputs) else { return };
    assert_eq!(ran.last.code, Some(1), "{}", ran.log);
    let summary = "ottla: 1 file against 2 baselines: 1 unchanged, 1 incompatible: 1 error";
    assert!(ran.log.lines().any(|line| line == summary), "{}", ran.log);
}

#[test]
fn inputs_are_no_code() {
    let project = Project::with(Change::Compatible, false);
    let hostile = "$(touch pwned)`touch pwned`; touch pwned \"; touch pwned #' && touch pwned";
    for input in ["paths", "against", "config", "registry", "fail-on", "allow-new"] {
        let Some(ran) = run(&project, &[(input, hostile)]) else { return };
        assert!(!project.path().join("pwned").exists(), "{input}: {}", ran.log);
        // A registry is not asked, and whether new ones are allowed is a yes or a no.
        let expected = if matches!(input, "registry" | "allow-new") { 0 } else { 2 };
        let is_expected = ran.last.code == Some(expected) || (input == "against" && ran.last.code == Some(3));
        assert!(is_expected, "{input}: {:?}: {}", ran.last.code, ran.log);
    }
}

#[test]
fn a_wrong_configuration_is_none_of_the_schemas_fault() {
    let project = Project::with(Change::Compatible, false);
    fs::write(project.path().join("ottla.toml"), "unheard-of = 1\n").expect("a file");
    let Some(ran) = run(&project, &[]) else { return };
    assert_eq!(ran.last.code, Some(2), "{}", ran.log);
    assert!(ran.log.contains("unheard-of"), "{}", ran.log);
    assert_eq!((ran.outputs["sarif"].as_str(), ran.sarif), ("", None));
}

#[test]
fn a_program_may_come_in_an_archive() {
    let project = Project::with(Change::Compatible, false);
    let archive = project.beside("archive").join("ottla.tar.gz");
    // A script is enough to see which program is run, and is quicker to pack.
    let folder = project.beside("ottla-1.2.3");
    fs::write(folder.join("ottla"), "#!/bin/sh\necho \"packed: $1\"\n").expect("a file");
    let pack = format!("tar -czf '{}' ottla-1.2.3", archive.display());
    let packed = shell(&["sh", "-e"], &pack, folder.parent().expect("a folder"), &[]);
    assert_eq!(packed.code, Some(0), "{}", packed.said);
    let Some(ran) = run(&project, &[("binary", archive.to_str().expect("a path"))]) else { return };
    assert_eq!(ran.last.code, Some(0), "{}", ran.log);
    assert!(ran.log.contains("packed: check"), "{}", ran.log);
}

#[test]
fn sources_are_known_by_their_content() {
    let action = match files() {
        Ok(files) => &files["action"],
        Err(problem) => return skip(&problem),
    };
    let project = Project::with(Change::Compatible, false);
    let sources = project.beside("sources");
    fs::write(sources.join("main.rs"), "fn main() {}\n").expect("a file");
    let step = &action["runs"]["steps"][0];
    let hash = || {
        let mut known = inputs_of(action, &[], "main");
        known.insert("github.action_path".into(), sources.display().to_string());
        let path = std::env::var("PATH").expect("a path");
        let mut runner = Runner { known, path, temp: project.beside("runner").display().to_string() };
        let ended = runner.run(step, step["run"].as_str().expect("a script"), &project.path());
        assert_eq!(ended.code, Some(0), "{}", ended.said);
        assert_eq!(runner.value("steps.program.outputs.build"), "true");
        runner.value("steps.program.outputs.hash")
    };
    let known = hash();
    assert_eq!(known.len(), 40, "{known}");
    assert_eq!(hash(), known);
    fs::write(sources.join("main.rs"), "fn main() { }\n").expect("a file");
    assert_ne!(hash(), known);
}

#[test]
fn steps_are_shell() {
    let action = match files() {
        Ok(files) => &files["action"],
        Err(problem) => return skip(&problem),
    };
    let scripts =
        action["runs"]["steps"].as_array().expect("steps").iter().filter_map(|step| step["run"].as_str());
    let scripts: Vec<&str> = scripts.collect();
    assert_eq!(scripts.len(), 5);
    for script in scripts {
        assert!(!script.contains("${{"), "{script}");
        let ended = shell(&["bash", "-n"], script, Path::new("/"), &[]);
        assert_eq!((ended.code, ended.said.as_str()), (Some(0), ""), "{script}");
    }
}
