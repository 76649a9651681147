//! Sends the steps of a scenario and reports what differs.

use ottla_tests::http::{Answer, Client, MEDIA};
use ottla_tests::server::Server;
use serde_json::Value;

use crate::compare;
use crate::differences::Differences;
use crate::scenario::{Request, Scenario, Step};
use crate::variables::Variables;

/// How many failures are shown in full, and of the others only the first line.
const SHOWN: usize = 20;

/// How much of a request or an answer is shown, in characters.
const SHOWN_TEXT: usize = 4000;

/// What came of a replay.
#[derive(Debug, Default)]
pub struct Report {
    requests: usize,
    failures: Vec<String>,
}

impl Report {
    /// Replays a scenario.
    pub fn replay(&mut self, server: &Server, scenario: &Scenario, differences: &Differences) {
        let mut client = server.client();
        let mut variables = Variables::default();
        for step in &scenario.steps {
            self.requests += 1;
            let (shown, answer) = send(&mut client, &step.request, &variables);
            let found = match &answer {
                Ok(answer) => judge(answer, scenario, step, differences, &mut variables),
                Err(error) => vec![error.clone()],
            };
            if !found.is_empty() {
                let place = format!("{} step {}: {}", scenario.name, step.step, step.note);
                let answer = answer.map_or_else(|e| e, |answer| show(&answer));
                let found = found.join("\n    ");
                self.failures.push(format!("{place}\n    {found}\n  request: {shown}\n  answer: {answer}"));
            }
        }
    }

    /// Fails if anything differed.
    pub fn finish(self) {
        let Self { requests, failures } = self;
        println!("{} of {requests} answers as expected", requests - failures.len());
        let first_line = |failure: &String| failure.lines().next().unwrap_or_default().to_owned();
        let mut shown: Vec<String> =
            failures.iter().take(SHOWN).map(|failure| format!("{failure}\n")).collect();
        shown.extend(failures.iter().skip(SHOWN).map(first_line));
        let shown = shown.join("\n");
        assert!(failures.is_empty(), "{} of {requests} answers differ:\n\n{shown}\n", failures.len());
    }
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
    let mut found = Vec::new();
    let capture = difference.map_or(&step.capture, |d| &d.capture);
    for (name, pointer) in capture {
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let kept = match body.as_ref().and_then(|body| body.pointer(pointer)) {
            Some(value) => variables.keep(name, value),
            None => Err(format!("capture {name}: there is no {pointer}")),
        };
        found.extend(kept.err());
    }
    let recorded = compare::differences(answer, &step.response, step, variables);
    let Some(difference) = difference else {
        found.extend(recorded);
        return found;
    };
    if recorded.is_empty() && !step.response.html {
        found.push(format!("listed as different ({:?}), but it is as recorded", difference.reason));
    }
    found.extend(compare::differences(answer, &difference.response, step, variables));
    found
}

fn send(client: &mut Client, request: &Request, variables: &Variables) -> (String, Result<Answer, String>) {
    let body = request.body.clone().or_else(|| request.json.as_ref().map(Value::to_string));
    let body = body.map(|body| variables.fill(&body));
    let mut headers = vec![("Accept", Some("*/*"))];
    if body.is_some() {
        headers.push(("Content-Type", Some(MEDIA)));
    }
    for (name, value) in &request.headers {
        headers.retain(|(usual, _)| !usual.eq_ignore_ascii_case(name));
        headers.push((name, value.as_deref()));
    }
    let headers: Vec<_> = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let path = variables.fill(&request.path);
    let answer = client.send(&request.method, &path, &headers, body.as_deref().map(str::as_bytes));
    let shown = format!("{} {path} {headers:?} {}", request.method, body.as_deref().unwrap_or_default());
    (shorten(&shown), answer.map_err(|error| error.to_string()))
}

fn show(answer: &Answer) -> String {
    shorten(&format!("{} {:?} {}", answer.status, answer.headers, answer.text()))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_TEXT) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
    }
}
