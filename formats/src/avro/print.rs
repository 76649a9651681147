//! From the model to the text that registry clients get back: what Java's `Schema.toString` writes.

use super::{Attributes, Kind, Name, Order, Schema, Type, TypeId};
use crate::json::{Value, write_string};

impl Schema {
    /// The text of the schema. Types of referenced schemas stand in it by name.
    pub fn to_text(&self) -> String {
        print(&self.types, self.root, Style::default())
    }

    /// The text of the schema with the types of referenced schemas in full at their first use.
    pub fn to_inlined_text(&self) -> String {
        print(&self.types, self.root, Style { inlined: true, ..Style::default() })
    }

    /// The text of one type of the schema.
    pub fn type_to_text(&self, id: TypeId) -> String {
        text_of_type(&self.types, id)
    }
}

/// The text of one type of many.
pub(super) fn text_of_type(types: &[Type], id: TypeId) -> String {
    print(types, id, Style { inlined: true, ..Style::default() })
}

/// What a text looks like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    /// Types of referenced schemas are written in full at their first use.
    pub(super) inlined: bool,
    /// Types without a namespace do not say so within others: read again, they are in the enclosing namespace.
    pub(super) loses_namespaces: bool,
}

/// The text of one type of many, in a style.
pub(super) fn print(types: &[Type], id: TypeId, style: Style) -> String {
    let mut printer =
        Printer { types, style, written: vec![false; types.len()], out: String::with_capacity(256) };
    printer.ty(id, None);
    printer.out
}

struct Printer<'a> {
    types: &'a [Type],
    style: Style,
    /// Named types that stand in the text already.
    written: Vec<bool>,
    out: String,
}

impl<'a> Printer<'a> {
    fn ty(&mut self, id: TypeId, namespace: Option<&str>) {
        let types: &'a [Type] = self.types;
        let ty = &types[id.0 as usize];
        if let Some(name) = ty.kind.name() {
            let written = std::mem::replace(&mut self.written[id.0 as usize], true);
            if written || (ty.referenced && !self.style.inlined) {
                write_string(qualified(name, namespace), &mut self.out);
                return;
            }
        }
        match &ty.kind {
            Kind::Union(branches) => self.list(branches.iter(), |printer, id| printer.ty(*id, namespace)),
            Kind::Array(inner) | Kind::Map(inner) => {
                let key = if matches!(ty.kind, Kind::Array(_)) { "items" } else { "values" };
                self.open(ty.kind.word());
                self.key(key);
                self.ty(*inner, namespace);
                self.attributes(&ty.attributes);
                self.out.push('}');
            }
            Kind::Record(record) => {
                self.named(ty.kind.word(), &record.name, record.doc.as_deref(), namespace);
                self.key("fields");
                self.list(record.fields.iter(), |printer, field| {
                    printer.field(field, record.name.namespace());
                });
                self.end(ty, &record.name);
            }
            Kind::Enum(enumeration) => {
                self.named("enum", &enumeration.name, enumeration.doc.as_deref(), namespace);
                self.key("symbols");
                self.list(enumeration.symbols.iter(), |printer, symbol| {
                    write_string(symbol, &mut printer.out);
                });
                self.member("default", enumeration.default.as_deref());
                self.end(ty, &enumeration.name);
            }
            Kind::Fixed(fixed) => {
                self.named("fixed", &fixed.name, fixed.doc.as_deref(), namespace);
                self.key("size");
                self.out.push_str(&fixed.size.to_string());
                self.end(ty, &fixed.name);
            }
            primitive if ty.attributes.is_empty() => write_string(primitive.word(), &mut self.out),
            primitive => {
                self.open(primitive.word());
                self.attributes(&ty.attributes);
                self.out.push('}');
            }
        }
    }

    fn field(&mut self, field: &super::Field, namespace: Option<&str>) {
        self.out.push_str("{\"name\":");
        write_string(&field.name, &mut self.out);
        self.key("type");
        self.ty(field.ty, namespace);
        self.member("doc", field.doc.as_deref());
        if let Some(default) = &field.default {
            self.key("default");
            default.write(&mut self.out);
        }
        match field.order {
            Order::Ascending => {}
            Order::Descending => self.member("order", Some("descending")),
            Order::Ignore => self.member("order", Some("ignore")),
        }
        if !field.aliases.is_empty() {
            self.key("aliases");
            self.list(field.aliases.iter(), |printer, alias| write_string(alias, &mut printer.out));
        }
        self.attributes(&field.attributes);
        self.out.push('}');
    }

    fn named(&mut self, word: &str, name: &Name, doc: Option<&str>, enclosing: Option<&str>) {
        self.open(word);
        self.member("name", Some(name.simple()));
        if name.namespace() != enclosing && !(self.style.loses_namespaces && name.namespace().is_none()) {
            self.member("namespace", Some(name.namespace().unwrap_or_default()));
        }
        self.member("doc", doc);
    }

    /// What ends every named type.
    fn end(&mut self, ty: &Type, name: &Name) {
        self.attributes(&ty.attributes);
        let aliases = ty.kind.aliases();
        if !aliases.is_empty() {
            self.key("aliases");
            self.list(aliases.iter(), |printer, alias| {
                write_string(qualified(alias, name.namespace()), &mut printer.out);
            });
        }
        self.out.push('}');
    }

    fn open(&mut self, word: &str) {
        self.out.push_str("{\"type\":");
        write_string(word, &mut self.out);
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(",\"");
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn member(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.key(key);
            write_string(value, &mut self.out);
        }
    }

    fn attributes(&mut self, attributes: &Attributes) {
        for (key, value) in attributes {
            self.out.push(',');
            write_string(key, &mut self.out);
            self.out.push(':');
            Value::write(value, &mut self.out);
        }
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.out.push('[');
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            write(self, item);
        }
        self.out.push(']');
    }
}

/// A name as it stands within a namespace: in short if that suffices. A name that is also the word of a kind is
/// written in full.
fn qualified<'a>(name: &'a Name, namespace: Option<&str>) -> &'a str {
    const WORDS: [&str; 14] = [
        "record", "enum", "array", "map", "union", "fixed", "string", "bytes", "int", "long", "float",
        "double", "boolean", "null",
    ];
    if name.namespace() == namespace && !WORDS.contains(&name.simple()) { name.simple() } else { name.full() }
}
