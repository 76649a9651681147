//! Parsing Canonical Form (Avro specification, "Transforming into Parsing Canonical Form").

use super::walk::{Event, Walk};
use super::{Kind, Schema, Type, TypeId};

impl Schema {
    /// The Parsing Canonical Form, as Java's `SchemaNormalization` writes it: what matters for reading data, and
    /// nothing else. Types of referenced schemas are in it. Fingerprints are taken of it.
    pub fn parsing_canonical_form(&self) -> String {
        self.parsing_canonical_form_of(self.root)
    }

    /// The same of one type of the schema.
    pub fn parsing_canonical_form_of(&self, ty: TypeId) -> String {
        let mut out = String::with_capacity(256);
        for event in Walk::new(&self.types, ty, false) {
            match event {
                Event::Begin(ty) => begin(ty, &mut out),
                Event::Known(name) => quote(name.full(), &mut out),
                Event::Field(record, at) => {
                    comma(at, &mut out);
                    out.push_str("{\"name\":");
                    quote(&record.fields[at].name, &mut out);
                    out.push_str(",\"type\":");
                }
                Event::FieldEnd(_) => out.push('}'),
                Event::Branch(at) => comma(at, &mut out),
                Event::End(ty) => out.push_str(match &ty.kind {
                    Kind::Union(_) => "]",
                    Kind::Array(_) | Kind::Map(_) | Kind::Enum(_) | Kind::Fixed(_) => "}",
                    Kind::Record(_) => "]}",
                    _ => "",
                }),
            }
        }
        out
    }
}

fn begin(ty: &Type, out: &mut String) {
    if let Some(name) = ty.kind.name() {
        out.push_str("{\"name\":");
        quote(name.full(), out);
        out.push_str(",\"type\":");
        quote(ty.kind.word(), out);
    }
    match &ty.kind {
        Kind::Union(_) => out.push('['),
        Kind::Array(_) => out.push_str("{\"type\":\"array\",\"items\":"),
        Kind::Map(_) => out.push_str("{\"type\":\"map\",\"values\":"),
        Kind::Record(_) => out.push_str(",\"fields\":["),
        Kind::Enum(enumeration) => {
            out.push_str(",\"symbols\":[");
            for (at, symbol) in enumeration.symbols.iter().enumerate() {
                comma(at, out);
                quote(symbol, out);
            }
            out.push(']');
        }
        Kind::Fixed(fixed) => {
            out.push_str(",\"size\":");
            out.push_str(&fixed.size.to_string());
        }
        primitive => quote(primitive.word(), out),
    }
}

fn comma(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

/// As in Java, nothing is escaped: only namespaces of stored schemas, which nobody checks, could need it.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}
