//! Compares an answer with the one that is expected.

use ottla_tests::http::Answer;
use serde_json::{Map, Value};

use crate::scenario::{Response, Step};
use crate::variables::Variables;

/// Times in milliseconds are later than this.
const SOME_TIME: i64 = 1_500_000_000_000;

/// What differs, each as a sentence.
pub fn differences(answer: &Answer, wanted: &Response, step: &Step, variables: &Variables) -> Vec<String> {
    let mut found = Vec::new();
    if answer.status != wanted.status {
        found.push(format!("status: expected {}, got {}", wanted.status, answer.status));
    }
    for (name, value) in &wanted.headers {
        let got = answer.header(name);
        if media(value.as_deref()) != media(got) {
            found.push(format!("header {name}: expected {value:?}, got {got:?}"));
        }
    }
    if let Some(body) = &wanted.body {
        match serde_json::from_slice::<Value>(&answer.body) {
            Ok(got) => Comparison { step, variables, found: &mut found }.values(body, &got, ""),
            Err(error) => found.push(format!("body: expected JSON: {error}")),
        }
    } else if let Some(text) = &wanted.text {
        let text = variables.fill(text);
        if text.as_bytes() != answer.body {
            found.push(format!("text: expected {text:?}, got {:?}", answer.text()));
        }
    }
    found
}

/// Blanks and case are free in headers.
fn media(value: Option<&str>) -> String {
    value.unwrap_or_default().split_whitespace().collect::<String>().to_ascii_lowercase()
}

struct Comparison<'a> {
    step: &'a Step,
    variables: &'a Variables,
    found: &'a mut Vec<String>,
}

impl Comparison<'_> {
    fn values(&mut self, wanted: &Value, got: &Value, at: &str) {
        match (wanted, got) {
            (Value::String(wanted), got) => self.pattern(wanted, got, at),
            (Value::Object(wanted), Value::Object(got)) => self.objects(wanted, got, at),
            (Value::Array(wanted), Value::Array(got)) => self.lists(wanted, got, at),
            (wanted, got) if wanted == got => {}
            (wanted, got) => self.differs(at, wanted, got),
        }
    }

    fn differs(&mut self, at: &str, wanted: &Value, got: &Value) {
        self.found.push(format!("{at}: expected {wanted}, got {got}"));
    }

    /// A text, or something that stands for many values.
    fn pattern(&mut self, wanted: &str, got: &Value, at: &str) {
        let is_message = at.ends_with("/message") || at == "/messages/0";
        let fits = match wanted {
            "<ts>" => got.as_i64().is_some_and(|time| time > SOME_TIME),
            "<any>" => !got.is_null() && *got != "",
            _ => match (self.variables.whole(wanted), &self.step.message) {
                (Some(value), _) => value == got,
                (None, Some(rule)) if is_message => self.message(rule, got),
                _ => *got == self.variables.fill(wanted),
            },
        };
        if !fits {
            let wanted = self.step.message.as_deref().filter(|_| is_message).unwrap_or(wanted);
            self.differs(at, &self.variables.fill(wanted).into(), got);
        }
    }

    /// Does a message keep to what the step says about it?
    fn message(&self, rule: &str, got: &Value) -> bool {
        let got = got.as_str().unwrap_or_default();
        match rule.split_once(':') {
            Some(("prefix", text)) => got.starts_with(&self.variables.fill(text)),
            Some(("any", "")) => !got.is_empty(),
            _ => panic!("step {}: a message cannot be compared by {rule:?}", self.step.step),
        }
    }

    fn objects(&mut self, wanted: &Map<String, Value>, got: &Map<String, Value>, at: &str) {
        let counts = |key: &&String| !self.step.ignore.contains(key);
        let unexpected: Vec<_> = got.keys().filter(counts).filter(|k| !wanted.contains_key(*k)).collect();
        for key in unexpected {
            self.found.push(format!("{at}/{key}: not expected, got {}", got[key]));
        }
        let expected: Vec<_> = wanted.iter().filter(|(key, _)| counts(key)).collect();
        for (key, wanted) in expected {
            match got.get(key) {
                Some(got) => self.values(wanted, got, &format!("{at}/{key}")),
                None => self.found.push(format!("{at}/{key}: missing, expected {wanted}")),
            }
        }
    }

    fn lists(&mut self, wanted: &[Value], got: &[Value], at: &str) {
        if wanted.len() != got.len() {
            let (wanted, got) = (Value::from(wanted), Value::from(got));
            return self.differs(at, &wanted, &got);
        }
        if !self.step.unordered {
            for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                self.values(wanted, got, &format!("{at}/{index}"));
            }
            return;
        }
        let mut left: Vec<&Value> = got.iter().collect();
        for wanted in wanted {
            match left.iter().position(|got| self.equal(wanted, got, at)) {
                Some(index) => drop(left.swap_remove(index)),
                None => self.found.push(format!("{at}: expected among {left:?}: {wanted}")),
            }
        }
    }

    fn equal(&self, wanted: &Value, got: &Value, at: &str) -> bool {
        let mut found = Vec::new();
        Comparison { step: self.step, variables: self.variables, found: &mut found }.values(wanted, got, at);
        found.is_empty()
    }
}
