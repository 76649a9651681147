//! Is this JSON a value of that type? (Avro specification, "Complex Types", default values of fields.)

use super::{Kind, Type, TypeId};
use crate::json::{Number, Value};

/// How deep a default value is followed. A record takes the defaults of its own fields where the value names none,
/// so that a value can be deeper than its text.
const MAX_DEPTH: usize = 256;

/// Is a JSON value a default of that type? As Avro Java judges: any branch of a union, any text for bytes, enums and
/// fixed.
pub(super) fn suits(types: &[Type], ty: TypeId, value: &Value) -> bool {
    suits_within(types, ty, value, MAX_DEPTH)
}

fn suits_within(types: &[Type], ty: TypeId, value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let inner = |ty: TypeId, value: &Value| suits_within(types, ty, value, depth);
    match (&types[ty.0 as usize].kind, value) {
        (Kind::Null, value) => *value == Value::Null,
        (Kind::Boolean, value) => matches!(value, Value::Bool(_)),
        (Kind::Int, Value::Number(Number::Int(n))) => i32::try_from(*n).is_ok(),
        (Kind::Long, value) => matches!(value, Value::Number(Number::Int(_))),
        (Kind::Float | Kind::Double, value) => matches!(value, Value::Number(_)),
        (Kind::String | Kind::Bytes | Kind::Enum(_) | Kind::Fixed(_), value) => {
            matches!(value, Value::String(_))
        }
        (Kind::Array(items), Value::Array(elements)) => elements.iter().all(|e| inner(*items, e)),
        (Kind::Map(values), Value::Object(members)) => members.iter().all(|(_, v)| inner(*values, v)),
        (Kind::Union(branches), value) => branches.iter().any(|b| inner(*b, value)),
        (Kind::Record(record), Value::Object(members)) => {
            // Looked up in the order of the fields; a text as long as it takes has as many members as fields.
            record.fields.iter().enumerate().all(|(at, field)| {
                let beside = members.get(at).filter(|(key, _)| *key == field.name);
                let given = beside.or_else(|| members.iter().find(|(key, _)| *key == field.name));
                let value = given.map(|(_, v)| v).or(field.default.as_ref());
                value.is_some_and(|value| inner(field.ty, value))
            })
        }
        _ => false,
    }
}
