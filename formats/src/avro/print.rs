//! From the model to the text that registry clients get back: what Java's `Schema.toString` writes. It is not the
//! Parsing Canonical Form: docs, defaults, aliases and further attributes are in it, in an order of their own.

use super::walk::{Event, Walk};
use super::{Attributes, Field, Kind, Name, Order, Schema, Type, TypeId};
use crate::json::write_string;

impl Schema {
    /// The text of the schema, without blanks: a named type in full where it is used first, then by name. Types of
    /// referenced schemas stand in it by name.
    pub fn to_text(&self) -> String {
        print(&self.types, self.root, Style::default())
    }

    /// The text of the schema with the types of referenced schemas in full at their first use. It may nest deeper than
    /// a text that is read.
    pub fn to_inlined_text(&self) -> String {
        print(&self.types, self.root, Style { inlined: true, ..Style::default() })
    }

    /// The text of one type of the schema, with all that is inside in full at its first use.
    pub fn type_to_text(&self, id: TypeId) -> String {
        text_of_type(&self.types, id)
    }

    /// The beginning of that text, made without the rest: the whole text if it has at most so many characters, else so
    /// many and `…`.
    pub fn type_to_short_text(&self, id: TypeId, characters: usize) -> String {
        let style = Style { inlined: true, ..Style::default() };
        let text = print_to(&self.types, id, style, characters.saturating_mul(4));
        match text.char_indices().nth(characters) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
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
    print_to(types, id, style, usize::MAX)
}

/// Its beginning, of more than so many bytes if there are more.
fn print_to(types: &[Type], id: TypeId, style: Style, bytes: usize) -> String {
    let mut printer = Printer { style, namespaces: Vec::new(), out: String::with_capacity(256) };
    for event in Walk::new(types, id, !style.inlined) {
        printer.event(&event);
        if printer.out.len() > bytes {
            break;
        }
    }
    printer.out
}

struct Printer<'a> {
    style: Style,
    /// Those of the records that have begun, from the outermost on.
    namespaces: Vec<Option<&'a str>>,
    out: String,
}

impl<'a> Printer<'a> {
    fn event(&mut self, event: &Event<'a>) {
        match event {
            Event::Begin(ty) => self.begin(ty),
            Event::Known(name) => write_string(qualified(name, self.namespace()), &mut self.out),
            Event::Field(record, at) => {
                self.comma(*at);
                self.out.push_str("{\"name\":");
                write_string(&record.fields[*at].name, &mut self.out);
                self.key("type");
            }
            Event::FieldEnd(field) => self.end_field(field),
            Event::Branch(at) => self.comma(*at),
            Event::End(ty) => self.end(ty),
        }
    }

    fn begin(&mut self, ty: &'a Type) {
        match &ty.kind {
            Kind::Union(_) => self.out.push('['),
            Kind::Array(_) => {
                self.open("array");
                self.key("items");
            }
            Kind::Map(_) => {
                self.open("map");
                self.key("values");
            }
            Kind::Record(record) => {
                self.named(ty.kind.word(), &record.name, record.doc.as_deref());
                self.key("fields");
                self.out.push('[');
                self.namespaces.push(record.name.namespace());
            }
            Kind::Enum(enumeration) => {
                self.named("enum", &enumeration.name, enumeration.doc.as_deref());
                self.key("symbols");
                self.list(&enumeration.symbols, String::as_str);
                self.member("default", enumeration.default.as_deref());
            }
            Kind::Fixed(fixed) => {
                self.named("fixed", &fixed.name, fixed.doc.as_deref());
                self.key("size");
                self.out.push_str(&fixed.size.to_string());
            }
            primitive if ty.attributes.is_empty() => write_string(primitive.word(), &mut self.out),
            primitive => self.open(primitive.word()),
        }
    }

    fn end(&mut self, ty: &'a Type) {
        match &ty.kind {
            Kind::Union(_) => self.out.push(']'),
            Kind::Array(_) | Kind::Map(_) => {
                self.attributes(&ty.attributes);
                self.out.push('}');
            }
            Kind::Record(record) => {
                self.namespaces.pop();
                self.out.push(']');
                self.end_named(ty, &record.name);
            }
            Kind::Enum(enumeration) => self.end_named(ty, &enumeration.name),
            Kind::Fixed(fixed) => self.end_named(ty, &fixed.name),
            _ if ty.attributes.is_empty() => {}
            _ => {
                self.attributes(&ty.attributes);
                self.out.push('}');
            }
        }
    }

    fn end_field(&mut self, field: &Field) {
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
            self.list(&field.aliases, String::as_str);
        }
        self.attributes(&field.attributes);
        self.out.push('}');
    }

    /// The namespace of the innermost record that has begun.
    fn namespace(&self) -> Option<&'a str> {
        self.namespaces.last().copied().flatten()
    }

    fn named(&mut self, word: &str, name: &Name, doc: Option<&str>) {
        self.open(word);
        self.member("name", Some(name.simple()));
        if name.namespace() != self.namespace()
            && !(self.style.loses_namespaces && name.namespace().is_none())
        {
            self.member("namespace", Some(name.namespace().unwrap_or_default()));
        }
        self.member("doc", doc);
    }

    /// What ends every named type.
    fn end_named(&mut self, ty: &Type, name: &Name) {
        self.attributes(&ty.attributes);
        let aliases = ty.kind.aliases();
        if !aliases.is_empty() {
            self.key("aliases");
            self.list(aliases, |alias| qualified(alias, name.namespace()));
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
            value.write(&mut self.out);
        }
    }

    fn list<T>(&mut self, items: &[T], text: impl Fn(&T) -> &str) {
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.comma(at);
            write_string(text(item), &mut self.out);
        }
        self.out.push(']');
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.out.push(',');
        }
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
