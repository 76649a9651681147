//! Commands for tests of the storage: they write what they are told, under the rules that the tests are about.

use std::sync::Arc;

use ottla_formats::Format;
use ottla_registry::domain::{Command, Content, Decision, Record, Rejection, SchemaValue, State, Subject};

/// Registers a text under a subject: with the next id of the context and the next version of the subject, unless the
/// subject has the text already.
#[derive(Debug, Clone)]
pub struct Register {
    pub subject: Subject,
    pub text: Arc<str>,
}

/// What a [`Register`] came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Registered {
    pub id: i32,
    pub version: i32,
}

impl Register {
    pub fn new(subject: &str, text: &str) -> Self {
        Self { subject: Subject::parse(subject), text: text.into() }
    }
}

impl Command for Register {
    type Outcome = Registered;

    fn decide(&self, state: &State, _: i64) -> Result<Decision<Registered>, Rejection> {
        let history = state.history(&self.subject);
        let same = history.and_then(|h| h.all().find(|v| v.content.text == self.text));
        if let Some(v) = same {
            return Ok(Decision::unchanged(Registered { id: v.id, version: v.version }));
        }
        let holdings = state.holdings(self.subject.context());
        let content = Content::new(Format::Avro, self.text.clone(), Vec::new(), None, None);
        let id = holdings.map_or(0, |h| h.max_id()) + 1;
        let version = history.map_or(1, |h| h.next_version());
        let value = Some(SchemaValue { id, deleted: false, content: Arc::new(content) });
        let record = Record::Schema { subject: self.subject.clone(), version, value };
        Ok(Decision { records: vec![record], outcome: Registered { id, version } })
    }
}

/// Writes records as they are.
#[derive(Debug, Clone)]
pub struct Write(pub Vec<Record>);

impl Command for Write {
    type Outcome = ();

    fn decide(&self, _: &State, _: i64) -> Result<Decision<()>, Rejection> {
        Ok(Decision { records: self.0.clone(), outcome: () })
    }
}

/// Is refused while a subject is there.
#[derive(Debug, Clone)]
pub struct RefuseIf(pub Subject);

impl Command for RefuseIf {
    type Outcome = ();

    fn decide(&self, state: &State, _: i64) -> Result<Decision<()>, Rejection> {
        match state.history(&self.0) {
            Some(_) => Err(Rejection::SubjectNotFound(self.0.clone())),
            None => Ok(Decision::unchanged(())),
        }
    }
}

/// Panics.
#[derive(Debug, Clone)]
pub struct Panic;

impl Command for Panic {
    type Outcome = ();

    fn decide(&self, _: &State, _: i64) -> Result<Decision<()>, Rejection> {
        panic!("on purpose")
    }
}
