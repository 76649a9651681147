//! Scenarios as they are written down: a file each, a step per line.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ottla_tests::http::MEDIA;
use serde::Deserialize;
use serde_json::Value;

/// Requests that follow each other.
#[derive(Debug)]
pub struct Scenario {
    /// The file below its root, without the ending.
    pub name: String,
    pub steps: Vec<Step>,
}

/// A request and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Counted from 1.
    pub step: usize,
    #[serde(default)]
    pub note: String,
    pub request: Request,
    pub response: Response,
    /// Values to keep under a name: JSON pointers into the answer's body.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    /// Is the order of list elements free?
    #[serde(default)]
    pub unordered: bool,
    /// Keys of the body that are not compared.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// How much of an error's message counts, if not all: `prefix:...`, `any:`
    pub message: Option<String>,
}

/// A request. Headers stand only where they differ from what every request has; `null`: it is not sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    pub body: Option<String>,
    /// The body as JSON, for those who write requests by hand.
    pub json: Option<Value>,
}

/// An answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub status: u16,
    /// `null`: it is not there.
    #[serde(default = "usual_headers")]
    pub headers: BTreeMap<String, Option<String>>,
    #[serde(default, deserialize_with = "given")]
    pub body: Option<Value>,
    pub text: Option<String>,
    /// A bare page of the HTTP layer, of which nothing but the status was recorded.
    #[serde(default)]
    pub html: bool,
}

/// The headers of nearly every answer.
pub fn usual_headers() -> BTreeMap<String, Option<String>> {
    BTreeMap::from([("content-type".to_owned(), Some(MEDIA.to_owned()))])
}

/// A body that is `null` is a body.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// All scenarios below a folder, by name.
pub fn read(root: &Path) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of scenarios") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "jsonl") {
                let name = path.strip_prefix(root).expect("a path below the root").with_extension("");
                let name = name.to_str().expect("a name in UTF-8").replace('\\', "/");
                scenarios.push(Scenario { name, steps: steps(&path) });
            }
        }
    }
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    scenarios
}

fn steps(path: &Path) -> Vec<Step> {
    let steps: Vec<Step> = lines(path);
    for (index, step) in steps.iter().enumerate() {
        assert_eq!(step.step, index + 1, "{}: steps are counted", path.display());
    }
    steps
}

/// A file with a JSON value on each line.
pub fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let parse = |(index, line): (usize, &str)| {
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{}:{}: {e}", path.display(), index + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}
