//! The same verdict here and there: for all pairs of schemas that there are verdicts of, `ottla check`, the comparison that
//! it is made of, and a registry that runs say the same.

use std::fs;
use std::path::Path;

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::{Question, Released, compare};
use ottla_gate::source::{Source, Text, load_texts};
use ottla_tests::http::Client;
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::served::Served;

const LEVELS: [Level; 3] = [Level::Backward, Level::Forward, Level::Full];

/// A version, what is to follow it, and whether it may under BACKWARD, as recorded elsewhere.
struct Pair {
    old: String,
    new: String,
    expected: bool,
}

fn pairs() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data");
    let mut pairs = Vec::new();
    for (file, old, new) in [("avro-compat.jsonl", "old", "new"), ("compat.jsonl", "writer", "reader")] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            let expected = line["compatible"].as_bool().unwrap();
            pairs.push(Pair { old: text(old), new: text(new), expected });
        }
    }
    assert_eq!(pairs.len(), 1203);
    pairs
}

/// A text as a source and as a version.
fn load(text: &str, mode: Mode) -> Option<Vec<Source>> {
    let text = Text { name: "schema.avsc".to_owned(), content: Ok(text.as_bytes().to_vec()) };
    let loaded = load_texts(vec![text], mode);
    loaded.errors.is_empty().then_some(loaded.sources)
}

/// May it follow, by the comparison of the gate?
fn local(pair: &Pair, level: Level) -> bool {
    let old = load(&pair.old, Mode::Lookup).unwrap();
    let new = load(&pair.new, Mode::Lookup).unwrap();
    let history = [Released { label: "version 1".to_owned(), schema: old[0].schema.clone().into() }];
    let question = Question { subject: "s", baseline: "registry:x", level };
    compare(&new, 0, &history, question).findings.is_empty()
}

fn post(client: &mut Client, path: &str, text: &str) -> (u16, Value) {
    let answer = client.post(path, &json!({"schema": text})).unwrap();
    (answer.status, answer.json())
}

fn subject(number: usize) -> String {
    format!("pair-{number:04}")
}

/// Registers each first schema under a subject of its own. Some are none that a registry takes unless it is told to.
fn register_all(served: &Served, pairs: &[Pair]) {
    let mut client = served.0.client();
    let lenient = json!({"compatibility": "NONE", "validateNewSchemas": false});
    assert_eq!(client.put("/config", &lenient).unwrap().status, 200);
    for (number, pair) in pairs.iter().enumerate() {
        let path = format!("/subjects/{}/versions", subject(number));
        let (status, answer) = post(&mut client, &path, &pair.old);
        assert_eq!(status, 200, "{answer} {}", pair.old);
    }
}

#[test]
fn the_comparison_says_what_a_registry_says() {
    let (served, pairs) = (Served::start(), pairs());
    register_all(&served, &pairs);
    let mut client = served.0.client();
    let mut wrong = Vec::new();
    for level in LEVELS {
        assert_eq!(client.put("/config", &json!({"compatibility": level.name()})).unwrap().status, 200);
        let mut compatible = 0;
        for (number, pair) in pairs.iter().enumerate() {
            let path = format!("/compatibility/subjects/{}/versions?verbose=true", subject(number));
            let (status, answer) = post(&mut client, &path, &pair.new);
            assert_eq!(status, 200, "{answer} {}", pair.new);
            let theirs = answer["is_compatible"].as_bool().unwrap();
            let ours = local(pair, level);
            compatible += usize::from(ours);
            let is_as_recorded = level != Level::Backward || theirs == pair.expected;
            if ours != theirs || !is_as_recorded {
                wrong.push(format!("{level} {number}: here {ours}, there {theirs}: {answer}"));
            }
        }
        // A comparison that always says the same would agree with nobody.
        assert!(compatible > 150 && compatible < pairs.len() - 300, "{level}: {compatible}");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// One run of the command over all of them, as it reads files: those that no registry takes are invalid here as there.
#[test]
fn the_command_says_what_a_registry_says() {
    let (served, pairs) = (Served::start(), pairs());
    register_all(&served, &pairs);
    let mut config = String::new();
    let folder = Folder::with(&[]);
    for (number, pair) in pairs.iter().enumerate() {
        let name = subject(number);
        folder.write(&format!("{name}.avsc"), &pair.new);
        config.push_str(&format!("[[subjects]]\nfiles = \"{name}.avsc\"\nsubject = \"{name}\"\n"));
    }
    folder.write("ottla.toml", &config);
    let mut client = served.0.client();
    for level in LEVELS {
        let strict = json!({"compatibility": level.name(), "validateNewSchemas": true});
        assert_eq!(client.put("/config", &strict).unwrap().status, 200);
        let ended = folder.ends(1, &["check", "--against", &served.baseline(), "--format", "json"]);
        let verdict = ended.json();
        let checks = verdict["checks"].as_array().unwrap();
        assert_eq!(checks.len(), pairs.len());
        let mut wrong = Vec::new();
        for (pair, check) in pairs.iter().zip(checks) {
            let name = check["subject"].as_str().unwrap();
            let path = format!("/compatibility/subjects/{name}/versions");
            let (status, answer) = post(&mut client, &path, &pair.new);
            let theirs = match (status, answer["is_compatible"].as_bool()) {
                (422, _) => "invalid",
                (200, Some(true)) => "compatible",
                (200, Some(false)) => "incompatible",
                other => panic!("{other:?} {answer}"),
            };
            let ours = match check["outcome"].as_str().unwrap() {
                "unchanged" => "compatible",
                outcome => outcome,
            };
            if ours != theirs {
                wrong.push(format!("{name}: here {ours}, there {theirs}: {check} {}", pair.new));
            }
        }
        assert!(wrong.is_empty(), "{level}: {} differ:\n{}", wrong.len(), wrong.join("\n"));
        let rules = verdict["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]);
        assert_eq!(rules.filter(|rule| **rule == "REGISTRY-DISAGREES").count(), 0);
    }
}
