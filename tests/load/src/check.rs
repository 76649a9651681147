//! What a right answer is. The load compares bodies with one that was checked before, and comes here when they differ.

use serde_json::Value;

use crate::client::Answer;

/// An answer that is not the right one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a wrong answer: {0}")]
pub(crate) struct Wrong(pub(crate) String);

/// What an answer must say.
#[derive(Debug, Clone)]
pub(crate) enum Expected {
    /// This schema.
    Schema(String),
    /// This version of a subject.
    Version { subject: String, id: u64, version: u64, schema: String },
    /// This id.
    Id(u64),
    /// That a schema is compatible, or is not; then, if asked for, with messages.
    Verdict { compatible: bool, messages: bool },
}

impl Expected {
    /// Is it what the answer says?
    pub(crate) fn check(&self, answer: &Answer) -> Result<(), Wrong> {
        match self {
            Self::Schema(schema) => same_schema(schema, &json(200, answer)?, answer),
            Self::Version { subject, id, version, schema } => {
                let value = json(200, answer)?;
                if value["subject"] != **subject || value["id"] != *id || value["version"] != *version {
                    return Err(wrong(&format!("not {subject}, id {id}, version {version}"), answer));
                }
                same_schema(schema, &value, answer)
            }
            Self::Id(id) => match registered(answer)? {
                got if got == *id => Ok(()),
                _ => Err(wrong(&format!("not id {id}"), answer)),
            },
            Self::Verdict { compatible, messages } => {
                let value = json(200, answer)?;
                let silent = value["messages"].as_array().is_none_or(Vec::is_empty);
                if value["is_compatible"] != *compatible {
                    Err(wrong(&format!("is_compatible is not {compatible}"), answer))
                } else if *messages && !*compatible && silent {
                    Err(wrong("no messages say why not", answer))
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// The id that a registration gave.
pub(crate) fn registered(answer: &Answer) -> Result<u64, Wrong> {
    json(200, answer)?["id"].as_u64().filter(|id| *id > 0).ok_or_else(|| wrong("no id above 0", answer))
}

/// The version and id that a look-up found.
pub(crate) fn found(answer: &Answer) -> Result<(u64, u64), Wrong> {
    let value = json(200, answer)?;
    let number = |field: &str| value[field].as_u64().ok_or_else(|| wrong(&format!("no {field}"), answer));
    Ok((number("version")?, number("id")?))
}

/// The versions 1 to `depth`, all of them.
pub(crate) fn versions(answer: &Answer, depth: u64) -> Result<(), Wrong> {
    let all: Vec<u64> = (1..=depth).collect();
    if json(200, answer)? == Value::from(all) {
        return Ok(());
    }
    Err(wrong(&format!("not the versions 1 to {depth}"), answer))
}

/// Something is missing, for this reason.
pub(crate) fn missing(answer: &Answer, error_code: u64) -> Result<(), Wrong> {
    if json(404, answer)?["error_code"] == error_code {
        return Ok(());
    }
    Err(wrong(&format!("not error_code {error_code}"), answer))
}

/// Just the status.
pub(crate) fn status(answer: &Answer, status: u16) -> Result<(), Wrong> {
    if answer.status == status { Ok(()) } else { Err(wrong(&format!("not status {status}"), answer)) }
}

fn json(wanted: u16, answer: &Answer) -> Result<Value, Wrong> {
    status(answer, wanted)?;
    serde_json::from_slice(&answer.body).map_err(|e| wrong(&format!("not JSON ({e})"), answer))
}

/// The same text, or the same JSON: servers may print it in their own way.
fn same_schema(wanted: &str, value: &Value, answer: &Answer) -> Result<(), Wrong> {
    let got = value["schema"].as_str().ok_or_else(|| wrong("no schema", answer))?;
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    if got == wanted || parse(got).is_some_and(|got| Some(got) == parse(wanted)) {
        return Ok(());
    }
    Err(wrong("another schema", answer))
}

fn wrong(what: &str, answer: &Answer) -> Wrong {
    let start = &answer.body[..answer.body.len().min(300)];
    Wrong(format!("{what}: status {}, {}", answer.status, String::from_utf8_lossy(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: body.to_owned().into() }
    }

    #[test]
    fn wrong_answers_are_noticed() {
        let version = Expected::Version { subject: "s".into(), id: 3, version: 2, schema: "\"int\"".into() };
        let verdict = |compatible| Expected::Verdict { compatible, messages: true };
        for (expected, status, body, right) in [
            (&version, 200, r#"{"subject":"s","id":3,"version":2,"schema":"{\"type\":\"int\"}"}"#, false),
            (&version, 200, r#"{"subject":"s","id":3,"version":2,"schema":" \"int\""}"#, true),
            (&version, 200, r#"{"subject":"s","id":3,"version":1,"schema":"\"int\""}"#, false),
            (&version, 404, r#"{"subject":"s","id":3,"version":2,"schema":"\"int\""}"#, false),
            (&Expected::Id(1), 200, r#"{"id":1}"#, true),
            (&Expected::Id(1), 200, r#"{"id":2}"#, false),
            (&Expected::Id(1), 200, "", false),
            (&verdict(true), 200, r#"{"is_compatible":true}"#, true),
            (&verdict(false), 200, r#"{"is_compatible":true}"#, false),
            (&verdict(false), 200, r#"{"is_compatible":false,"messages":[]}"#, false),
            (&verdict(false), 200, r#"{"is_compatible":false,"messages":["x"]}"#, true),
            (&Expected::Schema("\"int\"".into()), 200, r#"{"schema":"\"long\""}"#, false),
        ] {
            assert_eq!(expected.check(&answer(status, body)).is_ok(), right, "{expected:?} {body}");
        }
        assert!(missing(&answer(404, r#"{"error_code":40401}"#), 40401).is_ok());
        assert!(missing(&answer(404, r#"{"error_code":40401}"#), 40403).is_err());
        assert!(versions(&answer(200, "[1,2]"), 2).is_ok());
        assert!(versions(&answer(200, "[1]"), 2).is_err());
        assert!(registered(&answer(200, r#"{"id":0}"#)).is_err());
    }
}
