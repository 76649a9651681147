//! `ottla serve`.

use ottla_tests::http::Answer;
use ottla_tests::server::{Serve, Server};
use serde_json::{Value, json};

/// A registry that runs.
pub struct Served(pub Server);

impl Served {
    /// With nothing in it, and nothing on the disk.
    pub fn start() -> Self {
        Self(Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").start().unwrap())
    }

    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// `registry:URL`
    pub fn baseline(&self) -> String {
        format!("registry:{}", self.url())
    }

    pub fn register(&self, subject: &str, text: &str) -> Value {
        self.register_with(subject, text, json!([]))
    }

    pub fn register_with(&self, subject: &str, text: &str, references: Value) -> Value {
        let body = json!({"schema": text, "references": references});
        let answer = self.0.client().post(&format!("/subjects/{subject}/versions"), &body).unwrap();
        expect(&answer)
    }

    /// Sets the level of a subject, or of all.
    pub fn level(&self, subject: Option<&str>, level: &str) {
        let path = subject.map_or_else(|| "/config".to_owned(), |subject| format!("/config/{subject}"));
        expect(&self.0.client().put(&path, &json!({"compatibility": level})).unwrap());
    }

    pub fn get(&self, path: &str) -> Value {
        expect(&self.0.client().get(path).unwrap())
    }

    /// What the server has written, by what it answers: subjects, versions, texts, references, levels.
    pub fn everything(&self) -> Value {
        let schemas = self.get("/schemas?subjectPrefix=%3A*%3A");
        let subjects = self.get("/subjects?subjectPrefix=%3A*%3A&deleted=true");
        let levels = subjects.as_array().unwrap().iter().map(|subject| {
            let subject = subject.as_str().unwrap();
            self.0.client().get(&format!("/config/{subject}")).unwrap().text()
        });
        json!({"schemas": schemas, "subjects": subjects, "levels": levels.collect::<Vec<_>>()})
    }
}

fn expect(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}
