//! A schema being put together.

mod text;

use std::any::TypeId;
use std::collections::HashSet;
use std::sync::Arc;

use ottla_formats::avro::{self, Mode, ParseError, Schema};
use ottla_formats::json::write_string;

use crate::event::{Descriptor, Event};

/// The text of a schema being put together, in the order of its types.
///
/// A named type is written in full where it is met first, and by its name from then on.
#[derive(Debug, Default)]
pub struct SchemaBuilder {
    text: String,
    /// The named types that have begun.
    known: HashSet<TypeId>,
    /// The schemas whose types are written by name.
    references: Vec<Arc<Schema>>,
    /// Those of the records that have begun, from the outermost on.
    namespaces: Vec<Option<&'static str>>,
    /// The full name of the fixed in the field that is being written.
    fixed: Option<&'static str>,
    /// The enums of these that keep symbols which they have not.
    open_enums: Vec<&'static str>,
    failure: Option<ParseError>,
}

/// What writes the schema of a type: [`FieldType::define`](super::FieldType::define).
type Define = fn(&mut SchemaBuilder);

/// What a derived record says of a field, but for its type.
#[derive(Debug, Clone, Copy)]
pub struct FieldOf {
    /// In Avro.
    pub name: &'static str,
    /// Its docs.
    pub doc: Option<&'static str>,
    /// JSON.
    pub default: Option<&'static str>,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// The full name of the fixed in its type.
    pub fixed: Option<&'static str>,
}

/// The descriptor of a type that puts its schema together at run time.
#[must_use]
pub fn describe<T: Event>() -> Descriptor {
    let mut builder = SchemaBuilder::default();
    T::define_schema(&mut builder);
    builder.finish(T::FULL_NAME)
}

impl SchemaBuilder {
    /// Writes the text of a schema, or a part of it. Names in it without a namespace are in that of the record around it.
    pub fn text(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// A record. `fields` writes them.
    #[doc(hidden)]
    pub fn record<T: Event>(&mut self, doc: Option<&str>, aliases: &[&str], fields: impl FnOnce(&mut Self)) {
        if self.begins::<T>("record", doc, aliases) {
            self.text(r#","fields":["#);
            self.namespaces.push(T::FULL_NAME.rsplit_once('.').map(|(namespace, _)| namespace));
            fields(self);
            self.namespaces.pop();
            self.text("]}");
        }
    }

    /// A field of a record.
    #[doc(hidden)]
    pub fn field(&mut self, define: Define, field: &FieldOf) {
        self.separate();
        self.text(r#"{"name":"#);
        write_string(field.name, &mut self.text);
        self.text(r#","type":"#);
        self.within(define, field.fixed);
        self.member("doc", field.doc);
        if let Some(json) = field.default {
            self.text(r#","default":"#);
            self.text(json);
        }
        self.list("aliases", field.aliases);
        self.text("}");
    }

    /// A union. `branches` writes them.
    #[doc(hidden)]
    pub fn union(&mut self, branches: impl FnOnce(&mut Self)) {
        self.text("[");
        branches(self);
        self.text("]");
    }

    /// A branch of a union.
    #[doc(hidden)]
    pub fn branch(&mut self, define: Define, fixed: Option<&'static str>) {
        self.separate();
        self.within(define, fixed);
    }

    /// All of a type without a name. What its own field says of a fixed comes before what is said of the type.
    #[doc(hidden)]
    pub fn inner(&mut self, define: Define, fixed: Option<&'static str>) {
        self.within(define, fixed.or(self.fixed));
    }

    /// An enum.
    #[doc(hidden)]
    pub fn enumeration<T: Event>(
        &mut self,
        doc: Option<&str>,
        aliases: &[&str],
        symbols: &[&str],
        default: Option<&str>,
    ) {
        if self.begins::<T>("enum", doc, aliases) {
            self.text(r#","symbols":["#);
            self.strings(symbols);
            self.text("]");
            self.member("default", default);
            self.text("}");
        }
    }

    /// A fixed that is a type of its own.
    #[doc(hidden)]
    pub fn named_fixed<T: Event>(&mut self, doc: Option<&str>, aliases: &[&str], size: usize) {
        if self.begins::<T>("fixed", doc, aliases) {
            self.text(&format!(r#","size":{size}}}"#));
        }
    }

    /// What a generated type is.
    #[doc(hidden)]
    pub fn generated(&mut self, descriptor: &'static Descriptor) {
        match descriptor.schema() {
            Ok(schema) => {
                if !self.references.iter().any(|known| Arc::ptr_eq(known, schema)) {
                    self.references.push(schema.clone());
                    self.open_enums.extend_from_slice(descriptor.open_enums());
                }
                self.known_type(schema, schema.root());
            }
            Err(failure) => {
                self.failure.get_or_insert_with(|| failure.clone());
            }
        }
    }

    /// A fixed in a field. It has the name that the field gives, or another in the namespace of the record.
    pub(super) fn fixed(&mut self, size: usize, name: Option<&str>, attributes: &str) {
        self.text(r#"{"type":"fixed""#);
        match (self.fixed, name) {
            (Some(full), _) => self.name(full),
            (None, name) => self.member("name", name),
        }
        self.text(&format!(r#","size":{size}{attributes}}}"#));
    }

    /// Is a named type met for the first time? Then it has begun; else its name is all that is written.
    fn begins<T: Event>(&mut self, kind: &str, doc: Option<&str>, aliases: &[&str]) -> bool {
        if !self.known.insert(TypeId::of::<T>()) {
            self.known_name(T::FULL_NAME);
            return false;
        }
        self.text(r#"{"type":"#);
        write_string(kind, &mut self.text);
        self.name(T::FULL_NAME);
        self.member("doc", doc);
        self.list("aliases", aliases);
        true
    }

    fn within(&mut self, define: Define, fixed: Option<&'static str>) {
        self.fixed = fixed;
        define(self);
    }

    fn finish(self, name: &'static str) -> Descriptor {
        match self.schema() {
            // A descriptor is made once and stays.
            Ok(schema) => {
                Descriptor::made(name, schema.to_text(), Ok(schema)).opening(self.open_enums.leak())
            }
            Err(failure) => Descriptor::made(name, self.text, Err(failure)),
        }
    }

    /// What the text means, with all types in full.
    fn schema(&self) -> Result<Schema, ParseError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let references: Vec<&Schema> = self.references.iter().map(|schema| &**schema).collect();
        let schema = avro::parse_with(&self.text, Mode::Register, &references)?;
        if references.is_empty() {
            return Ok(schema);
        }
        avro::parse(&schema.to_inlined_text(), Mode::Lookup)
    }
}
