//! Where this registry means to answer otherwise than the recorded one: by scenario and step, with the reason and the
//! answer that is given instead. What is not listed has to be the same, what is listed has to differ.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::scenario::{self, Response, Scenario, Step};

/// Why an answer differs. There are no other reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The step sends or lists JSON or PROTOBUF schemas, which this registry does not take.
    UnsupportedType,
    /// The recorded server answers 500 to bad input.
    ServerError,
    /// The recorded server answers with a bare page, of which only the status was recorded, or with nothing.
    HtmlPage,
    /// The recorded server sends JSON without saying so.
    NoContentType,
    /// Rule sets are stored and returned; the recorded server drops them.
    RuleSet,
    /// The path is one of ours, for those who operate the registry.
    Operations,
}

/// A line of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    scenario: String,
    steps: Vec<usize>,
    reason: Reason,
    /// Left out where nothing but the `Content-Type` differs.
    response: Option<Response>,
    /// Left out where the same is captured.
    capture: Option<BTreeMap<String, String>>,
}

/// A step that is answered otherwise.
#[derive(Debug)]
pub struct Difference {
    pub reason: Reason,
    /// What is answered instead.
    pub response: Response,
    /// What is captured.
    pub capture: BTreeMap<String, String>,
}

/// All of them, by scenario and step.
#[derive(Debug, Default)]
pub struct Differences(BTreeMap<(String, usize), Difference>);

impl Differences {
    /// Reads the list. Every line has to name recorded steps, and a reason that fits them.
    pub fn read(path: &Path, scenarios: &[Scenario]) -> Self {
        let mut differences = BTreeMap::new();
        for line in scenario::lines::<Line>(path) {
            let scenario = scenarios.iter().find(|s| s.name == line.scenario);
            let scenario = scenario.unwrap_or_else(|| panic!("there is no scenario {}", line.scenario));
            for &number in &line.steps {
                let place = format!("{} step {number}", line.scenario);
                let step = number.checked_sub(1).and_then(|index| scenario.steps.get(index));
                let step = step.unwrap_or_else(|| panic!("there is no {place}"));
                let response = line.response.clone().unwrap_or_else(|| with_media_type(&step.response));
                assert!(fits(line.reason, step, &response), "{place}: {:?} is not the reason", line.reason);
                let capture = line.capture.as_ref().unwrap_or(&step.capture).clone();
                let difference = Difference { reason: line.reason, response, capture };
                let twice = differences.insert((line.scenario.clone(), number), difference);
                assert!(twice.is_none(), "{place} is listed twice");
            }
        }
        Self(differences)
    }

    /// What is answered to a step instead, if anything is.
    pub fn of(&self, scenario: &str, step: usize) -> Option<&Difference> {
        self.0.get(&(scenario.to_owned(), step))
    }
}

fn with_media_type(recorded: &Response) -> Response {
    Response { headers: scenario::usual_headers(), ..recorded.clone() }
}

/// Can this be why the step is answered like this?
fn fits(reason: Reason, step: &Step, instead: &Response) -> bool {
    let recorded = &step.response;
    let sent = step.request.body.as_deref().unwrap_or_default();
    let other_type = |text: &str| text.contains("\"JSON\"") || text.contains("\"PROTOBUF\"");
    let client_error = (400..500).contains(&instead.status);
    match reason {
        Reason::UnsupportedType => {
            other_type(sent) || recorded.body.as_ref().is_some_and(|body| other_type(&body.to_string()))
        }
        Reason::ServerError => recorded.status == 500 && client_error,
        Reason::HtmlPage => recorded.html && instead.status == recorded.status && instead.body.is_some(),
        Reason::NoContentType => {
            recorded.headers.get("content-type") == Some(&None)
                && (instead.status, &instead.body) == (recorded.status, &recorded.body)
        }
        Reason::RuleSet => {
            let answered = instead.body.as_ref().map(ToString::to_string).unwrap_or_default();
            sent.contains("uleSet\"") || answered.contains("uleSet\"")
        }
        Reason::Operations => recorded.status == 404 && step.request.path == "/metrics",
    }
}
