//! The same schema with everything whose order does not matter in one order.

use std::collections::HashMap;

use super::print::{Style, print};
use super::seen::Seen;
use super::{Attributes, Kind, Mode, ParseError, Schema, Type, TypeId, parse_with};
use crate::json::{Number, Value};

/// Attributes that stand before all others.
const FIRST: [&str; 3] = ["logicalType", "precision", "scale"];

impl Schema {
    /// The schema that a registry stores when it is asked to normalise: attributes and aliases are sorted, empty
    /// docs of named types are dropped, default values are written as values of their types, errors become records.
    ///
    /// It fails where the registry that this follows would: it writes a text and reads it again, in which types
    /// without a namespace have got that of what encloses them.
    pub fn normalized(&self) -> Result<Self, ParseError> {
        let mut schema = self.clone();
        let mut typer = Typer { types: &self.types, names: HashMap::new() };
        for ty in schema.types.iter_mut().filter(|t| !t.referenced) {
            sort(&mut ty.attributes);
            match &mut ty.kind {
                Kind::Record(record) => {
                    record.is_error = false;
                    record.aliases.sort();
                    drop_empty(&mut record.doc);
                    for field in &mut record.fields {
                        field.aliases.sort();
                        sort(&mut field.attributes);
                        field.default = field.default.take().and_then(|v| typer.typed(field.ty, v));
                    }
                }
                Kind::Enum(enumeration) => {
                    enumeration.aliases.sort();
                    drop_empty(&mut enumeration.doc);
                }
                Kind::Fixed(fixed) => {
                    fixed.aliases.sort();
                    drop_empty(&mut fixed.doc);
                }
                _ => {}
            }
        }
        if schema.has_mixed_namespaces() { schema.read_again() } else { Ok(schema) }
    }

    fn has_mixed_namespaces(&self) -> bool {
        let own = self.types.iter().filter(|t| !t.referenced);
        let mut namespaces = own.filter_map(|t| t.kind.name()).map(|n| n.namespace().is_some());
        let Some(first) = namespaces.next() else { return false };
        namespaces.any(|some| some != first)
    }

    fn read_again(self) -> Result<Self, ParseError> {
        let text = print(&self.types, self.root, Style { loses_namespaces: true, ..Style::default() });
        let known =
            Self { types: self.types.into_iter().filter(|t| t.referenced).collect(), root: TypeId(0) };
        parse_with(&text, Mode::Lookup, &[&known])
    }
}

fn drop_empty(doc: &mut Option<String>) {
    if doc.as_deref() == Some("") {
        *doc = None;
    }
}

fn sort(attributes: &mut Attributes) {
    let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
    attributes.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    attributes.iter_mut().for_each(|(_, value)| sort_value(value));
}

/// Sorts the members of all objects in a value.
fn sort_value(value: &mut Value<'_>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => {
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                open.extend(members.iter_mut().map(|(_, member)| member));
            }
            _ => {}
        }
    }
}

/// Makes default values what Java holds of them.
struct Typer<'a> {
    types: &'a [Type],
    /// The fields of records that were met in default values.
    names: HashMap<TypeId, Seen<'a>>,
}

/// A part of a default value, with its type if it has one.
type Part<'v> = (Option<TypeId>, &'v mut Value<'static>);

impl<'a> Typer<'a> {
    /// A value of the type, or of the first branch of a union, and nothing if it is none. Parts that are nothing are
    /// `null`. What has no type, as in a value of the wrong kind, stays as it is written.
    fn typed(&mut self, ty: TypeId, mut value: Value<'static>) -> Option<Value<'static>> {
        let outer = self.first_branch(ty);
        if !type_shallow(outer.map(|ty| self.kind(ty)), &mut value) {
            return None;
        }
        let mut open: Vec<Part<'_>> = vec![(outer, &mut value)];
        while let Some((ty, value)) = open.pop() {
            if !type_shallow(ty.map(|ty| self.kind(ty)), value) {
                *value = Value::Null;
            }
            match value {
                Value::Array(elements) => {
                    let items = match ty.map(|ty| self.kind(ty)) {
                        Some(Kind::Array(items)) => self.first_branch(*items),
                        _ => None,
                    };
                    open.extend(elements.iter_mut().map(|element| (items, element)));
                }
                Value::Object(members) => {
                    members.sort_by(|(a, _), (b, _)| a.cmp(b));
                    open.extend(members.iter_mut().map(|(key, value)| (self.member(ty, key), value)));
                }
                _ => {}
            }
        }
        Some(value)
    }

    fn kind(&self, ty: TypeId) -> &'a Kind {
        &self.types[ty.index()].kind
    }

    /// The type itself, of a union its first branch.
    fn first_branch(&self, ty: TypeId) -> Option<TypeId> {
        match self.kind(ty) {
            Kind::Union(branches) => branches.first().copied(),
            _ => Some(ty),
        }
    }

    /// The type of a member of an object of some type.
    fn member(&mut self, ty: Option<TypeId>, key: &str) -> Option<TypeId> {
        let ty = ty?;
        match self.kind(ty) {
            Kind::Map(values) => self.first_branch(*values),
            Kind::Record(record) => {
                let all = || record.fields.iter().map(|f| f.name.as_str()).collect();
                let at = self.names.entry(ty).or_insert_with(all).find(key)?;
                self.first_branch(record.fields[at].ty)
            }
            _ => None,
        }
    }
}

/// Makes a value one of its type but for its parts: is it any?
fn type_shallow(kind: Option<&Kind>, value: &mut Value<'static>) -> bool {
    match (value, kind) {
        (Value::Number(number), kind) => match typed_number(number, kind) {
            Some(typed) => *number = typed,
            None => return false,
        },
        (Value::String(text), Some(Kind::Bytes | Kind::Fixed(_))) => {
            let byte = |c: char| if u32::from(c) < 256 { c } else { '?' };
            if !text.chars().all(|c| u32::from(c) < 256) {
                *text = text.chars().map(byte).collect();
            }
        }
        (Value::String(_), Some(kind)) => return matches!(kind, Kind::String | Kind::Enum(_)),
        _ => {}
    }
    true
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the nearest number of the type, as in Java"
)]
fn typed_number(number: &Number, kind: Option<&Kind>) -> Option<Number> {
    let float = |value: f64| (value as f32).to_string().parse().ok().map(Number::Double);
    match (number, kind) {
        (Number::Int(n), None | Some(Kind::Long)) => Some(Number::Int(*n)),
        (Number::Int(n), Some(Kind::Int)) if i32::try_from(*n).is_ok() => Some(Number::Int(*n)),
        (Number::Int(n), Some(Kind::Double)) => Some(Number::Double(*n as f64)),
        (Number::Int(n), Some(Kind::Float)) => float(*n as f64),
        (Number::Double(d), None | Some(Kind::Double)) => Some(Number::Double(*d)),
        (Number::Double(d), Some(Kind::Float)) => float(*d),
        _ => None,
    }
}
