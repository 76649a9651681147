//! The Avro schemas that the load consists of, written the way Avro for Java prints them, so that a registry which
//! keeps canonical texts returns the same text.

use std::fmt::Write as _;

/// Which record a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Eight fields, with a logical type, an enum, an array of records and a map: about 750 bytes.
    Order,
    /// Two hundred fields: about 10 KB.
    Wide,
}

const ORDER: &str = concat!(
    r#"{"name":"id","type":"long"},"#,
    r#"{"name":"customer","type":"string"},"#,
    r#"{"name":"email","type":["null","string"],"default":null},"#,
    r#"{"name":"created_at","type":{"type":"long","logicalType":"timestamp-millis"}},"#,
    r#"{"name":"state","type":{"type":"enum","name":"State","symbols":["NEW","PAID","SENT","DONE"]}},"#,
    r#"{"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":["#,
    r#"{"name":"sku","type":"string"},{"name":"quantity","type":"int"},{"name":"price","type":"double"}]}}},"#,
    r#"{"name":"labels","type":{"type":"map","values":"string"}},"#,
    r#"{"name":"total","type":"double"}"#
);

/// The types of the wide record's fields, in turn.
const WIDE: [&str; 4] = [r#""long""#, r#""string""#, r#""double""#, r#"["null","string"],"default":null"#];

impl Shape {
    /// The record; the name makes it unique.
    pub(crate) fn record(self, name: &str) -> String {
        self.with(name, "")
    }

    /// The record with one more optional field: it reads what the record wrote, and what other such records wrote.
    pub(crate) fn with_optional(self, name: &str, field: &str) -> String {
        self.with(name, &optional(field))
    }

    /// The record with one more field that has no default: it does not read what the record wrote.
    pub(crate) fn with_required(self, name: &str, field: &str) -> String {
        self.with(name, &format!(r#",{{"name":"{field}","type":"string"}}"#))
    }

    /// A version of a record that grows by an optional field each time, from version 1.
    pub(crate) fn grown(self, name: &str, version: u64) -> String {
        let more: String = (1..version).map(|i| optional(&format!("added_{i}"))).collect();
        self.with(name, &more)
    }

    fn with(self, name: &str, more: &str) -> String {
        let mut text = String::with_capacity(1024 + more.len());
        text.push_str(r#"{"type":"record","name":""#);
        text.push_str(name);
        text.push_str(r#"","namespace":"load.test","fields":["#);
        match self {
            Self::Order => text.push_str(ORDER),
            Self::Wide => {
                for (i, ty) in (0..200).zip(WIDE.iter().cycle()) {
                    let comma = if i == 0 { "" } else { "," };
                    // Writing to a string does not fail.
                    let _ = write!(text, r#"{comma}{{"name":"measured_value_{i}","type":{ty}}}"#);
                }
            }
        }
        text.push_str(more);
        text.push_str("]}");
        text
    }
}

fn optional(field: &str) -> String {
    format!(r#",{{"name":"{field}","type":["null","string"],"default":null}}"#)
}

/// The request body `{"schema": "<text>"}`.
pub(crate) fn body(schema: &str) -> String {
    let mut text = String::with_capacity(schema.len() + schema.len() / 4 + 16);
    text.push_str(r#"{"schema":""#);
    for c in schema.chars() {
        // The texts hold no control characters.
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push_str("\"}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ottla_formats::avro::parse::{Mode, parse};

    #[test]
    fn texts_are_canonical() {
        for shape in [Shape::Order, Shape::Wide] {
            for text in [
                shape.record("A"),
                shape.with_optional("A", "x"),
                shape.with_required("A", "x"),
                shape.grown("A", 4),
            ] {
                let schema = parse(&text, Mode::Register).expect("a schema");
                assert_eq!(schema.to_text(), text);
                let body: serde_json::Value = serde_json::from_str(&body(&text)).expect("JSON");
                assert_eq!(body["schema"], text);
            }
        }
    }
}
