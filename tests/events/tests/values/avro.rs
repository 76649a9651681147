//! `apache-avro` as another codec, and where it is known to be wrong.

use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::writer::datum::GenericDatumWriter;
use apache_avro::{AvroResult, Schema as Theirs};
use serde_json::Value as Json;

/// The other codec, for one schema.
pub struct Other(Theirs);

impl Other {
    /// Reads the schema.
    pub fn new(text: &str) -> AvroResult<Self> {
        Theirs::parse_str(text).map(Self)
    }

    /// Bytes to a value and to bytes.
    pub fn rewrite(&self, bytes: &[u8]) -> AvroResult<Vec<u8>> {
        let mut rest = bytes;
        let value = GenericDatumReader::builder(&self.0).build()?.read_value(&mut rest)?;
        assert!(rest.is_empty(), "{} bytes are left", rest.len());
        GenericDatumWriter::builder(&self.0).build()?.write_value_to_vec(value)
    }
}

/// Does `apache-avro` 0.22 refuse a schema for what is right? It knows no `error`, no names beyond ASCII, no types that are
/// used before they are defined, and no attributes that look like a logical type where there can be none; and it
/// refuses defaults of decimals.
pub fn cannot_be_read(text: &str) -> bool {
    let schema: Json = serde_json::from_str(text).expect("a schema is JSON");
    !text.is_ascii() || has_oddity(&schema) || has_odd_default(&schema) || uses_before_it_defines(text)
}

/// A fixed decimal that cannot hold one digit is as if it were none; for `apache-avro` it has no value.
pub fn has_fixed_decimals_of_no_bytes(text: &str) -> bool {
    let schema: Json = serde_json::from_str(text).expect("a schema is JSON");
    any(&schema, &|ty| ty["logicalType"] == "decimal" && ty["type"] == "fixed" && ty["size"] == 0)
}

/// Is there something in a schema?
fn any(schema: &Json, holds: &dyn Fn(&Json) -> bool) -> bool {
    let inner = match schema {
        Json::Array(parts) => parts.iter().any(|part| any(part, holds)),
        Json::Object(parts) => parts.values().any(|part| any(part, holds)),
        _ => false,
    };
    inner || holds(schema)
}

fn has_oddity(schema: &Json) -> bool {
    let composed = ["array", "map", "record", "enum", "error"];
    any(schema, &|ty| {
        let word = ty["type"].as_str();
        let is_logical = ty.get("logicalType").is_some();
        word == Some("error") || is_logical && word.is_some_and(|word| composed.contains(&word))
    })
}

/// A field with a default, in whose type there is a decimal.
fn has_odd_default(schema: &Json) -> bool {
    let is_decimal = |ty: &Json| ty["logicalType"] == "decimal" || ty["logicalType"] == "big-decimal";
    any(schema, &|field| field.get("default").is_some() && any(&field["type"], &is_decimal))
}

/// Random schemas define such types at their end, as `p0` and so on.
fn uses_before_it_defines(text: &str) -> bool {
    text.contains(r#"{"name":"p0","type":{"type":"fixed","name":"#)
}
