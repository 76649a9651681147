//! The schemas that are measured.

use std::fmt::Write as _;

/// The event of the examples: a record of four fields.
pub const ORDER_CREATED: &str = include_str!("../../../schemas/order_created.avsc");

/// The next version of the same: an optional field more.
pub const ORDER_CREATED_NEXT: &str = r#"{
  "type": "record",
  "name": "OrderCreated",
  "namespace": "com.example.events",
  "fields": [
    {"name": "orderId", "type": "string"},
    {"name": "customerId", "type": "string"},
    {"name": "totalAmount", "type": "double"},
    {"name": "createdAt", "type": "long"},
    {"name": "currency", "type": ["null", "string"], "default": null}
  ]
}"#;

/// A record with a field for each number; the last digit decides what kind of type it has. Fields ending in 2 and 8 have
/// defaults.
pub fn wide_record(numbers: impl IntoIterator<Item = usize>) -> String {
    let mut text = String::from(
        r#"{"type":"record","name":"Wide","namespace":"com.example.events","doc":"Many fields.","fields":["#,
    );
    for (at, number) in numbers.into_iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing to a `String` cannot fail.
        let _ = write!(text, r#"{comma}{{"name":"field{number}",{}}}"#, field(number));
    }
    text.push_str("]}");
    text
}

/// The type of a field, and what else it has.
fn field(number: usize) -> String {
    match number % 10 {
        0 => r#""type":"string","doc":"The name that people see.""#.to_owned(),
        1 => r#""type":"long""#.to_owned(),
        2 => r#""type":["null","string"],"default":null"#.to_owned(),
        3 => r#""type":{"type":"long","logicalType":"timestamp-millis"}"#.to_owned(),
        4 => r#""type":{"type":"array","items":"string"}"#.to_owned(),
        5 => r#""type":{"type":"map","values":"double"}"#.to_owned(),
        6 => format!(
            r#""type":{{"type":"enum","name":"Enum{number}","symbols":["NEW","PAID","SENT","DONE"]}}"#
        ),
        7 => format!(
            r#""type":{{"type":"record","name":"Part{number}","fields":[{{"name":"a","type":"int"}},{{"name":"b","type":"string"}}]}}"#
        ),
        8 => r#""type":"int","default":0"#.to_owned(),
        _ => format!(r#""type":{{"type":"fixed","name":"Fixed{number}","size":16}}"#),
    }
}
