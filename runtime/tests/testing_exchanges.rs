//! Holds the registry for tests to the exchanges that were recorded of Confluent Schema Registry, and to the list of
//! differences, as far as it has the routes: the same files and the same comparison as for `ottla serve`.
#![cfg(feature = "testing")]
#![allow(dead_code, reason = "the modules are those of another test")]

#[path = "../../registry/tests/exchanges/compare.rs"]
mod compare;
#[path = "../../registry/tests/exchanges/differences.rs"]
mod differences;
#[path = "../../registry/tests/exchanges/scenario.rs"]
mod scenario;
#[path = "../../registry/tests/exchanges/variables.rs"]
mod variables;

use std::path::PathBuf;

use differences::Differences;
use ottla::client::{Method, Request, Transport as _};
use ottla::testing::Registry;
use ottla_tests::http::Answer;
use scenario::{Scenario, Step};
use serde_json::Value;
use variables::Variables;

/// The scenarios that are left out, by the beginning of their names, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("alias/", "aliases"),
    ("associations/", "associations"),
    ("bad-bodies/", "what Jackson takes for a number or a text, and what it says"),
    ("config/effects-", "default and override metadata, compatibility groups"),
    ("config/fields-", "settings other than the level and normalisation"),
    ("config/levels-", "what is said about a body that is missing"),
    ("contexts/import-", "imports"),
    ("contexts/paths-", "paths that begin with a context"),
    ("http/", "media types, other methods"),
    ("import/", "imports"),
    ("mode/", "imports"),
    ("names/", "URLs that an HTTP server refuses"),
    ("oddities/", "the ids of what is permanently deleted"),
    ("ruleset/", "rule sets that are not valid"),
    ("tags/", "tags"),
];

/// How many scenarios and requests are not left out: none may get lost unnoticed.
const COUNT: (usize, usize) = (85, 4020);

/// How many failures are shown.
const SHOWN: usize = 10;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../registry/tests/exchanges").join(name)
}

fn recorded() -> (Vec<Scenario>, Differences) {
    let scenarios = scenario::read(&folder("recorded"));
    let differences = Differences::read(&folder("differences.jsonl"), &scenarios);
    (scenarios, differences)
}

fn left_out(scenario: &Scenario) -> bool {
    LEFT_OUT.iter().any(|(beginning, _)| scenario.name.starts_with(beginning))
}

/// One registry for all scenarios: each is independent of those before it.
#[tokio::test]
async fn recorded_exchanges() {
    let (scenarios, differences) = recorded();
    let scenarios: Vec<_> = scenarios.iter().filter(|s| !left_out(s)).collect();
    assert_eq!(
        (scenarios.len(), scenarios.iter().map(|s| s.steps.len()).sum()),
        COUNT,
        "scenarios and requests"
    );
    let registry = Registry::new();
    let mut failures = Vec::new();
    for scenario in scenarios {
        failures.extend(replay(&registry, scenario, &differences).await);
    }
    let shown = failures.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {} answers differ:\n{shown}", failures.len(), COUNT.1);
}

/// What is left out for a reason differs; else it need not be left out.
#[tokio::test]
async fn what_is_left_out_differs() {
    let (scenarios, differences) = recorded();
    for (beginning, reason) in LEFT_OUT {
        let mut failures = Vec::new();
        for scenario in scenarios.iter().filter(|s| s.name.starts_with(beginning)) {
            failures.extend(replay(&Registry::new(), scenario, &differences).await);
        }
        assert!(!failures.is_empty(), "{beginning} ({reason}) need not be left out");
    }
}

/// What is wrong with the answers.
async fn replay(registry: &Registry, scenario: &Scenario, differences: &Differences) -> Vec<String> {
    let mut variables = Variables::default();
    let mut failures = Vec::new();
    for step in &scenario.steps {
        let place = format!("{} step {}: {}", scenario.name, step.step, step.note);
        let Some(answer) = send(registry, step, &variables).await else {
            failures.push(format!("{place}: {} cannot be sent", step.request.method));
            continue;
        };
        let found = judge(&answer, scenario, step, differences, &mut variables);
        if !found.is_empty() {
            let (method, path) = (&step.request.method, &step.request.path);
            failures.push(format!("{place}\n  {}\n  {method} {path}: {}", found.join("\n  "), answer.text()));
        }
    }
    failures
}

async fn send(registry: &Registry, step: &Step, variables: &Variables) -> Option<Answer> {
    let method = match step.request.method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        _ => return None,
    };
    let body = step.request.body.clone().or_else(|| step.request.json.as_ref().map(Value::to_string));
    let request = Request {
        method,
        target: variables.fill(&step.request.path),
        headers: Vec::new(),
        body: body.map(|body| variables.fill(&body).into()),
        body_limit: usize::MAX,
    };
    let response = registry.send(request).await.expect("an answer");
    Some(Answer { status: response.status, headers: response.headers, body: response.body.to_vec() })
}

/// Keeps what the step captures, and says what is wrong with the answer.
fn judge(
    answer: &Answer,
    scenario: &Scenario,
    step: &Step,
    differences: &Differences,
    variables: &mut Variables,
) -> Vec<String> {
    let difference = differences.of(&scenario.name, step.step);
    let (capture, response) = match difference {
        Some(difference) => (&difference.capture, &difference.response),
        None => (&step.capture, &step.response),
    };
    let mut found = Vec::new();
    for (name, pointer) in capture {
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let kept = match body.as_ref().and_then(|body| body.pointer(pointer)) {
            Some(value) => variables.keep(name, value),
            None => Err(format!("capture {name}: there is no {pointer}")),
        };
        found.extend(kept.err());
    }
    let mut response = response.clone();
    response.body.iter_mut().for_each(shorten);
    let step = Step { message: step.message.as_deref().map(short), ..step.clone() };
    found.extend(compare::differences(answer, &response, &step, variables));
    found
}

/// Takes the request in Java's words out of every message about an invalid schema.
fn shorten(body: &mut Value) {
    match body {
        Value::String(text) => *text = short(text),
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(values) => values.values_mut().for_each(shorten),
        _ => {}
    }
}

/// `Invalid schema of type AVRO, details: Invalid schema {...} with refs [...] of type AVRO, details: why` without what is in between.
fn short(text: &str) -> String {
    let (begin, end) = ("Invalid schema of type AVRO, details: ", " of type AVRO, details: ");
    match text.split_once(begin) {
        Some((before, rest)) if rest.starts_with("Invalid schema {") => match rest.rsplit_once(end) {
            Some((_, why)) => format!("{before}{begin}{why}"),
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}
