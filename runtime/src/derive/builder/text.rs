//! The parts of the text.

use ottla_formats::avro::{Kind, Schema, Type, TypeId};
use ottla_formats::json::write_string;

use super::SchemaBuilder;

impl SchemaBuilder {
    /// A type by its name. Within a namespace Avro has no way to refer to a type without one, though Java finds it: the
    /// dot makes that an error.
    pub(super) fn known_name(&mut self, full: &str) {
        let within = self.namespaces.last().is_some_and(Option::is_some);
        if within && !full.contains('.') {
            write_string(&format!(".{full}"), &mut self.text);
        } else {
            write_string(full, &mut self.text);
        }
    }

    /// The name of a type that begins. One without a namespace says so, or it would be in that of the record around it.
    pub(super) fn name(&mut self, full: &str) {
        self.member("name", Some(full));
        if !full.contains('.') {
            self.member("namespace", Some(""));
        }
    }

    /// A type of a referenced schema: by name, and what has none in full.
    pub(super) fn known_type(&mut self, schema: &Schema, id: TypeId) {
        let Type { kind, attributes, .. } = schema.ty(id);
        if let Some(name) = kind.name() {
            return write_string(name.full(), &mut self.text);
        }
        if let Kind::Union(branches) = kind {
            return self.union(|builder| {
                for branch in branches {
                    builder.separate();
                    builder.known_type(schema, *branch);
                }
            });
        }
        self.text(r#"{"type":"#);
        write_string(kind.word(), &mut self.text);
        for (key, value) in attributes {
            self.text(",");
            write_string(key, &mut self.text);
            self.text(":");
            value.write(&mut self.text);
        }
        if let Kind::Array(inner) | Kind::Map(inner) = kind {
            self.text(if matches!(kind, Kind::Array(_)) { r#","items":"# } else { r#","values":"# });
            self.known_type(schema, *inner);
        }
        self.text("}");
    }

    pub(super) fn member(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(",");
            write_string(key, &mut self.text);
            self.text(":");
            write_string(value, &mut self.text);
        }
    }

    pub(super) fn list(&mut self, key: &str, values: &[&str]) {
        if !values.is_empty() {
            self.text(",");
            write_string(key, &mut self.text);
            self.text(":[");
            self.strings(values);
            self.text("]");
        }
    }

    pub(super) fn strings(&mut self, values: &[&str]) {
        for value in values {
            self.separate();
            write_string(value, &mut self.text);
        }
    }

    /// Puts a comma between the elements of a list.
    pub(super) fn separate(&mut self) {
        if !self.text.ends_with('[') {
            self.text.push(',');
        }
    }
}
