//! Default values of fields (Avro specification, "Complex Types"): the one walk of a value along its type.

use std::slice::Iter;

use thiserror::Error;

use super::{Kind, Record, Type, TypeId};
use crate::json::{Member, Number, Value};

/// Defaults that nest deeper than this are refused, so that a record whose default needs its own default ends.
const DEPTH_LIMIT: usize = 64;

/// So many steps does one take along the defaults of a schema, and so many bytes do those of a plan have at most.
/// Defaults within defaults can make few characters stand for very many of both.
pub(super) const SIZE_LIMIT: usize = 1 << 22;

/// Why a default is no value of its field's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DefaultError {
    /// Another kind of value, or one out of range.
    #[error("it is no value of type {0}")]
    Type(&'static str),
    /// No branch of a union takes it.
    #[error("no branch of its union takes it")]
    Branch,
    /// It leaves a field of a record out that has no default of its own.
    #[error("a field of its record is missing and has no default")]
    Field,
    /// It nests too deeply, perhaps without end.
    #[error("it nests more than {DEPTH_LIMIT} levels deep")]
    Depth,
    /// The defaults are too long.
    #[error("the defaults take more than {SIZE_LIMIT} steps or bytes")]
    Size,
}

/// What is done with the parts of a value.
pub(super) trait Visitor {
    /// A value with nothing inside, or one of the wrong kind. `in_union`: it is tried as a branch.
    fn leaf(&mut self, kind: &Kind, value: &Value<'_>, in_union: bool) -> Result<(), DefaultError>;

    /// An array or map of so many parts begins.
    fn begin(&mut self, _parts: usize) {}

    /// A key of a map.
    fn key(&mut self, _key: &str) {}

    /// An array or map ends.
    fn end(&mut self) {}

    /// A branch of a union is tried. The answer comes back if it does not take the value.
    fn branch(&mut self, _at: usize) -> usize {
        0
    }

    /// The branch does not take the value.
    fn undo(&mut self, _mark: usize) {}

    /// Counts the work.
    fn spend(&mut self, steps: usize) -> Result<(), DefaultError>;
}

/// Judges as Avro Java does: any branch of a union, any text for bytes, enums and fixed.
pub(super) struct Judge {
    steps: usize,
}

impl Judge {
    pub(super) fn new() -> Self {
        Self { steps: 0 }
    }

    /// Is the value a default of that type?
    pub(super) fn judge(
        &mut self,
        types: &[Type],
        ty: TypeId,
        value: &Value<'_>,
    ) -> Result<(), DefaultError> {
        walk(types, ty, value, self)
    }
}

impl Visitor for Judge {
    fn leaf(&mut self, kind: &Kind, value: &Value<'_>, _in_union: bool) -> Result<(), DefaultError> {
        let suits = match (kind, value) {
            (Kind::Null, Value::Null) | (Kind::Boolean, Value::Bool(_)) => true,
            (Kind::Int, Value::Number(Number::Int(n))) => i32::try_from(*n).is_ok(),
            (Kind::Long, Value::Number(Number::Int(_))) => true,
            (Kind::Float | Kind::Double, Value::Number(_)) => true,
            (Kind::String | Kind::Bytes | Kind::Enum(_) | Kind::Fixed(_), Value::String(_)) => true,
            _ => false,
        };
        if suits { Ok(()) } else { Err(DefaultError::Type(kind.word())) }
    }

    fn spend(&mut self, steps: usize) -> Result<(), DefaultError> {
        self.steps += steps;
        if self.steps > SIZE_LIMIT { Err(DefaultError::Size) } else { Ok(()) }
    }
}

/// Goes through a value in the order of its encoding. It keeps its own stack.
pub(super) fn walk(
    types: &[Type],
    ty: TypeId,
    value: &Value<'_>,
    visitor: &mut impl Visitor,
) -> Result<(), DefaultError> {
    let mut walk = Walk { types, open: Vec::new() };
    let mut outcome = walk.enter(ty, value, visitor);
    while let Some(parts) = walk.open.last() {
        outcome = match (parts, outcome) {
            (Parts::Branches { mark, .. }, Some(Err(e))) if !e.is_final() => {
                visitor.undo(*mark);
                walk.advance(visitor)
            }
            // One branch that takes the value is enough, and so is one part that does not suit.
            (Parts::Branches { .. }, Some(Ok(()))) | (_, Some(Err(_))) => {
                walk.open.pop();
                outcome
            }
            _ => walk.advance(visitor),
        };
    }
    outcome.unwrap_or(Ok(()))
}

struct Walk<'a, 'v> {
    types: &'a [Type],
    /// The values that have begun, from the outermost on.
    open: Vec<Parts<'a, 'v>>,
}

/// What is left of a value.
enum Parts<'a, 'v> {
    Items { item: TypeId, rest: Iter<'a, Value<'v>> },
    Members { item: TypeId, rest: Iter<'a, Member<'v>> },
    Fields { record: &'a Record, members: &'a [Member<'v>], at: usize },
    Branches { branches: &'a [TypeId], at: usize, value: &'a Value<'v>, mark: usize },
}

/// `None`: the value has begun, and is not through yet.
type Outcome = Option<Result<(), DefaultError>>;

impl<'a, 'v> Walk<'a, 'v> {
    fn enter(&mut self, ty: TypeId, value: &'a Value<'v>, visitor: &mut impl Visitor) -> Outcome {
        if self.open.len() > DEPTH_LIMIT {
            return Some(Err(DefaultError::Depth));
        }
        if let Err(e) = visitor.spend(1) {
            return Some(Err(e));
        }
        self.open.push(match (&self.types[ty.index()].kind, value) {
            (Kind::Array(item), Value::Array(elements)) => {
                visitor.begin(elements.len());
                Parts::Items { item: *item, rest: elements.iter() }
            }
            (Kind::Map(item), Value::Object(members)) => {
                visitor.begin(members.len());
                Parts::Members { item: *item, rest: members.iter() }
            }
            (Kind::Record(record), Value::Object(members)) => Parts::Fields { record, members, at: 0 },
            (Kind::Union(branches), value) => Parts::Branches { branches, at: 0, value, mark: 0 },
            (kind, value) => {
                let in_union = matches!(self.open.last(), Some(Parts::Branches { .. }));
                return Some(visitor.leaf(kind, value, in_union));
            }
        });
        None
    }

    /// Goes on to the next part of the innermost value, or ends it.
    fn advance(&mut self, visitor: &mut impl Visitor) -> Outcome {
        let next = match self.open.last_mut()? {
            Parts::Items { item, rest } => rest.next().map(|value| (*item, value)),
            Parts::Members { item, rest } => rest.next().map(|(key, value)| {
                visitor.key(key);
                (*item, value)
            }),
            Parts::Fields { record, members, at } => match next_field(record, members, at, visitor) {
                Ok(next) => next,
                Err(e) => return Some(Err(e)),
            },
            Parts::Branches { branches, at, value, mark } => branches.get(*at).map(|branch| {
                *mark = visitor.branch(*at);
                *at += 1;
                (*branch, *value)
            }),
        };
        if let Some((ty, value)) = next {
            return self.enter(ty, value, visitor);
        }
        Some(match self.open.pop()? {
            Parts::Items { .. } | Parts::Members { .. } => {
                visitor.end();
                Ok(())
            }
            Parts::Fields { .. } => Ok(()),
            Parts::Branches { .. } => Err(DefaultError::Branch),
        })
    }
}

/// The type and value of a record's next field: what the default names, or the field's own default.
fn next_field<'a, 'v>(
    record: &'a Record,
    members: &'a [Member<'v>],
    at: &mut usize,
    visitor: &mut impl Visitor,
) -> Result<Option<(TypeId, &'a Value<'v>)>, DefaultError> {
    let Some(field) = record.fields.get(*at) else { return Ok(None) };
    // Most defaults name the fields in their order.
    let given = match members.get(*at) {
        Some((key, value)) if *key == field.name => Some(value),
        _ => {
            visitor.spend(members.len())?;
            members.iter().find(|(key, _)| *key == field.name).map(|(_, value)| value)
        }
    };
    *at += 1;
    let value = given.or(field.default.as_ref()).ok_or(DefaultError::Field)?;
    Ok(Some((field.ty, value)))
}

impl DefaultError {
    /// Does it end the walk, whatever other branches there are?
    fn is_final(self) -> bool {
        matches!(self, Self::Depth | Self::Size)
    }
}
