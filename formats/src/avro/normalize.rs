//! The same schema with everything whose order does not matter in one order.

use super::print::{Style, print};
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
                        field.default =
                            field.default.take().and_then(|v| typed(&self.types, Some(field.ty), v));
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

fn sort_value(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(sort_value),
        Value::Object(members) => {
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            members.iter_mut().for_each(|(_, member)| sort_value(member));
        }
        _ => {}
    }
}

/// A default value as Java holds it: of the type, or of the first branch of a union, and nothing if it is none.
fn typed(types: &[Type], ty: Option<TypeId>, value: Value) -> Option<Value> {
    let kind = ty.map(|ty| &types[ty.0 as usize].kind);
    if let Some(Kind::Union(branches)) = kind {
        return typed(types, branches.first().copied(), value);
    }
    let inner = |ty: Option<TypeId>, value| typed(types, ty, value).unwrap_or(Value::Null);
    match (value, kind) {
        (value @ (Value::Null | Value::Bool(_)), _) => Some(value),
        (Value::Number(number), kind) => typed_number(number, kind).map(Value::Number),
        (Value::String(text), None | Some(Kind::String | Kind::Enum(_))) => Some(Value::String(text)),
        (Value::String(text), Some(Kind::Bytes | Kind::Fixed(_))) => {
            let byte = |c: char| if u32::from(c) < 256 { c } else { '?' };
            Some(Value::String(text.chars().map(byte).collect()))
        }
        (Value::Array(elements), kind) => {
            let items = if let Some(Kind::Array(items)) = kind { Some(*items) } else { None };
            Some(Value::Array(elements.into_iter().map(|e| inner(items, e)).collect()))
        }
        (Value::Object(members), kind) => {
            let ty_of = |key: &str| match kind {
                Some(Kind::Map(values)) => Some(*values),
                Some(Kind::Record(record)) => record.fields.iter().find(|f| f.name == key).map(|f| f.ty),
                _ => None,
            };
            let typed = members.into_iter().map(|(key, value)| {
                let value = inner(ty_of(&key), value);
                (key, value)
            });
            let mut object = Value::Object(typed.collect());
            sort_value(&mut object);
            Some(object)
        }
        (Value::String(_), Some(_)) => None,
    }
}

fn typed_number(number: Number, kind: Option<&Kind>) -> Option<Number> {
    let float = |value: f64| (value as f32).to_string().parse().ok().map(Number::Double);
    match (number, kind) {
        (Number::Int(n), None | Some(Kind::Long)) => Some(Number::Int(n)),
        (Number::Int(n), Some(Kind::Int)) if i32::try_from(n).is_ok() => Some(Number::Int(n)),
        (Number::Int(n), Some(Kind::Double)) => Some(Number::Double(n as f64)),
        (Number::Int(n), Some(Kind::Float)) => float(n as f64),
        (Number::Double(d), None | Some(Kind::Double)) => Some(Number::Double(d)),
        (Number::Double(d), Some(Kind::Float)) => float(d),
        _ => None,
    }
}
