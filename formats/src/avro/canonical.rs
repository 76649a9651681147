//! Parsing Canonical Form (Avro specification, "Transforming into Parsing Canonical Form").

use super::{Kind, Schema, TypeId};

impl Schema {
    /// The Parsing Canonical Form, as Java's `SchemaNormalization` writes it: what matters for reading data, and
    /// nothing else. Fingerprints are taken of it.
    pub fn parsing_canonical_form(&self) -> String {
        let mut out = String::with_capacity(256);
        self.write_canonical(self.root, &mut vec![false; self.types.len()], &mut out);
        out
    }

    fn write_canonical(&self, id: TypeId, written: &mut [bool], out: &mut String) {
        let kind = self.kind(id);
        if let Some(name) = kind.name() {
            if std::mem::replace(&mut written[id.0 as usize], true) {
                quote(name.full(), out);
                return;
            }
            out.push_str("{\"name\":");
            quote(name.full(), out);
            out.push_str(",\"type\":\"");
            out.push_str(kind.word());
            out.push('"');
        }
        match kind {
            Kind::Union(branches) => {
                list(branches, out, |branch, out| self.write_canonical(*branch, written, out));
            }
            Kind::Array(inner) | Kind::Map(inner) => {
                let head = if matches!(kind, Kind::Array(_)) {
                    "{\"type\":\"array\",\"items\":"
                } else {
                    "{\"type\":\"map\",\"values\":"
                };
                out.push_str(head);
                self.write_canonical(*inner, written, out);
                out.push('}');
            }
            Kind::Record(record) => {
                out.push_str(",\"fields\":");
                list(&record.fields, out, |field, out| {
                    out.push_str("{\"name\":");
                    quote(&field.name, out);
                    out.push_str(",\"type\":");
                    self.write_canonical(field.ty, written, out);
                    out.push('}');
                });
                out.push('}');
            }
            Kind::Enum(enumeration) => {
                out.push_str(",\"symbols\":");
                list(&enumeration.symbols, out, |symbol, out| quote(symbol, out));
                out.push('}');
            }
            Kind::Fixed(fixed) => {
                out.push_str(",\"size\":");
                out.push_str(&fixed.size.to_string());
                out.push('}');
            }
            primitive => quote(primitive.word(), out),
        }
    }
}

fn list<T>(items: &[T], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// Names need no escapes.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}
