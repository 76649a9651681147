//! The requests of the model, as HTTP.

use ottla_tests::history::registry::{Answer, Content, Level, Op, Refusal, Subject};
use ottla_tests::http::{self, CallError, Client};
use serde_json::{Value, json};

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It was answered.
    Answer(Answer),
    /// The database is away. A write may have taken place, or may do so yet.
    Unavailable,
    /// There was no connection: it did not take place.
    NotAsked,
    /// The connection was lost, or the time was up.
    Lost,
}

/// The text of a content. No two can read each other's data.
pub fn text(content: Content) -> String {
    format!(r#"{{"type":"record","name":"Event","fields":[{{"name":"f{content}","type":"int"}}]}}"#)
}

/// The body that registers a content, or looks it up.
pub fn body(content: Content) -> Value {
    json!({ "schema": text(content) })
}

/// The content of a text.
pub fn content(text: &str) -> Content {
    let schema: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let name = schema["fields"][0]["name"].as_str().and_then(|name| name.strip_prefix('f'));
    name.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no content: {text}"))
}

/// Sends a request of the model to a context.
///
/// # Panics
/// If the answer is none that the model knows.
pub fn perform(client: &mut Client, context: &str, op: &Op) -> Told {
    let name = |subject: Subject| format!(":.{context}:s{subject}");
    let level = |subject: Subject| format!("/config/{}", name(subject));
    let versions = |subject: Subject| format!("/subjects/{}/versions", name(subject));
    let answered = match *op {
        Op::Register { subject, content } => client.post(&versions(subject), &body(content)),
        Op::LookUp { subject, content } => {
            client.post(&format!("/subjects/{}", name(subject)), &body(content))
        }
        Op::Get { subject, version } => {
            let version = version.map_or("latest".to_owned(), |version| version.to_string());
            client.get(&format!("{}/{version}", versions(subject)))
        }
        Op::List { subject, deleted } => client.get(&format!("{}?deleted={deleted}", versions(subject))),
        Op::ById { id } => client.get(&format!("/schemas/ids/{id}?subject=:.{context}:")),
        Op::DeleteVersion { subject, version, permanent } => {
            client.delete(&format!("{}/{version}?permanent={permanent}", versions(subject)))
        }
        Op::DeleteSubject { subject, permanent } => {
            client.delete(&format!("/subjects/{}?permanent={permanent}", name(subject)))
        }
        Op::PutLevel { subject, level: wanted } => {
            let wanted = if wanted == Level::None { "NONE" } else { "BACKWARD" };
            client.put(&level(subject), &json!({ "compatibility": wanted }))
        }
        Op::GetLevel { subject } => client.get(&level(subject)),
        Op::DeleteLevel { subject } => client.delete(&level(subject)),
    };
    match answered {
        Ok(answer) => read(op, &answer),
        Err(CallError::Connect(_)) => Told::NotAsked,
        Err(CallError::Lost(_)) => Told::Lost,
    }
}

fn read(op: &Op, answer: &http::Answer) -> Told {
    let body = answer.json();
    let told = match (answer.status, body["error_code"].as_u64()) {
        (200, _) => accepted(op, &body),
        (503, Some(50301)) => {
            assert_eq!(answer.header("retry-after"), Some("1"), "{op:?}: {answer:?}");
            return Told::Unavailable;
        }
        (_, code) => code.and_then(refusal).map(Answer::Refused),
    };
    Told::Answer(told.unwrap_or_else(|| panic!("{op:?}: {} {}", answer.status, answer.text())))
}

fn accepted(op: &Op, body: &Value) -> Option<Answer> {
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let held = || Some((number(&body["id"])?, number(&body["version"])?));
    let shown = || body["schema"].as_str().map(content);
    Some(match op {
        Op::Register { .. } | Op::LookUp { .. } => {
            let (id, version) = held()?;
            Answer::Held { id, version }
        }
        Op::Get { .. } => {
            let (id, version) = held()?;
            Answer::Schema { id, version, content: shown()? }
        }
        Op::ById { .. } => Answer::Text(shown()?),
        Op::List { .. } | Op::DeleteSubject { .. } => {
            Answer::Versions(body.as_array()?.iter().map(number).collect::<Option<_>>()?)
        }
        Op::DeleteVersion { .. } => Answer::Versions(vec![number(body)?]),
        Op::PutLevel { .. } => Answer::Level(level(&body["compatibility"])?),
        Op::GetLevel { .. } | Op::DeleteLevel { .. } => Answer::Level(level(&body["compatibilityLevel"])?),
    })
}

fn level(name: &Value) -> Option<Level> {
    match name.as_str()? {
        "NONE" => Some(Level::None),
        "BACKWARD" => Some(Level::Backward),
        _ => None,
    }
}

fn refusal(code: u64) -> Option<Refusal> {
    Some(match code {
        40401 => Refusal::NoSubject,
        40402 => Refusal::NoVersion,
        40403 => Refusal::NoSchema,
        40404 => Refusal::SubjectIsDeleted,
        40405 => Refusal::SubjectIsNotDeleted,
        40406 => Refusal::VersionIsDeleted,
        40407 => Refusal::VersionIsNotDeleted,
        40408 => Refusal::NoLevel,
        40901 => Refusal::Incompatible,
        _ => return None,
    })
}
