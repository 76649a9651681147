//! The lines of `data/wire.jsonl`.

use ottla::schema::{Mode, parse};
use ottla::subject::{Naming, Topic};
use serde_json::Value as Raw;

use crate::types::Value;

/// One schema and one value of it.
pub struct Line {
    pub name: String,
    pub id: u32,
    pub guid: String,
    pub schema: String,
    pub value: Value,
    pub subject: Option<String>,
    pub prefix: Answer,
    pub header: Answer,
    /// Other messages, and what they are: nothing for a tombstone.
    pub odd: Vec<(String, Message, Result<Option<Value>, ()>)>,
    raw: Raw,
}

/// What Java did.
pub enum Answer {
    Written { message: Message },
    Failed,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub payload: Option<Vec<u8>>,
    pub headers: Vec<(String, Vec<u8>)>,
}

pub fn all() -> Vec<Line> {
    let text = include_str!("../data/wire.jsonl");
    text.lines().map(|line| Line::read(serde_json::from_str(line).expect("JSON"))).collect()
}

impl Line {
    fn read(raw: Raw) -> Self {
        let text = |name: &str| raw[name].as_str().map(str::to_owned);
        let mut value = Value::parse(&text("value").expect("a value"));
        if is_branch_alone(&raw) {
            value = value.branch("shop.Order");
        }
        let odd = raw["odd"].as_array().map(Vec::as_slice).unwrap_or_default();
        let odd = odd.iter().map(|odd| {
            let case = odd["case"].as_str().expect("a case").to_owned();
            let decoded = match (odd.get("decoded"), odd.get("error")) {
                (Some(Raw::Null), None) => Ok(None),
                (Some(decoded), None) => Ok(Some(Value::decoded(decoded.as_str().expect("a text")))),
                (None, Some(_)) => Err(()),
                _ => panic!("{case}: neither a value nor an error"),
            };
            (case, Message::read(odd), decoded)
        });
        Self {
            name: text("name").expect("a name"),
            id: u32::try_from(raw["id"].as_u64().expect("an id")).expect("an id"),
            guid: text("guid").expect("a GUID"),
            schema: text("schema").expect("a schema"),
            subject: text("subject"),
            prefix: Answer::read(&raw["prefix"]),
            header: Answer::read(&raw["header"]),
            odd: odd.collect(),
            value,
            raw,
        }
    }

    pub fn topic(&self) -> Topic {
        let name = self.raw["topic"].as_str().unwrap_or("events");
        if self.raw["is_key"] == true { Topic::key(name) } else { Topic::value(name) }
    }

    pub fn naming(&self) -> Naming {
        match self.raw["strategy"].as_str() {
            None | Some("TopicNameStrategy") => Naming::TopicName,
            Some("RecordNameStrategy") => Naming::RecordName,
            Some("TopicRecordNameStrategy") => Naming::TopicRecordName,
            Some(other) => panic!("{other}"),
        }
    }

    pub fn uses_latest(&self) -> bool {
        self.raw["config"]["use.latest.version"] == "true"
    }

    pub fn refuses_trailing_bytes(&self) -> bool {
        self.raw["config"]["avro.fail.on.trailing.data"] == "true"
    }

    /// Is it the one where Java fails on a class cast?
    pub fn is_java_failure(&self) -> bool {
        self.name == "primitive-object-002"
    }

    /// The schema that the value was written with: where the program gave a record for a union without saying so, that of
    /// the record, under the id that it had before.
    pub fn written_schema(&self) -> String {
        if is_branch_alone(&self.raw) { record_of(&self.schema) } else { self.schema.clone() }
    }

    /// The id and the GUID of that schema.
    pub fn written_as(&self) -> (u32, &str) {
        let order = "04fea773-4b2a-660a-ba8c-4c1daefb4f9c";
        if is_branch_alone(&self.raw) { (1, order) } else { (self.id, &self.guid) }
    }
}

fn is_branch_alone(raw: &Raw) -> bool {
    raw["name"] == "container-045"
}

fn record_of(union: &str) -> String {
    let schema = parse(union, Mode::Lookup).expect("a schema");
    let ottla_formats::avro::Kind::Union(branches) = schema.kind(schema.root()) else { panic!("a union") };
    schema.type_to_text(branches[1])
}

impl Answer {
    fn read(raw: &Raw) -> Self {
        match raw.get("error") {
            Some(_) => Self::Failed,
            None => Self::Written { message: Message::read(raw) },
        }
    }
}

impl Message {
    fn read(raw: &Raw) -> Self {
        let payload = raw["payload"].as_str().map(bytes);
        let headers = raw.get("headers").and_then(Raw::as_object).into_iter().flatten();
        let headers = headers.map(|(name, value)| (name.clone(), bytes(value.as_str().expect("hex"))));
        Self { payload, headers: headers.collect() }
    }
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hex"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hex")).collect()
}
