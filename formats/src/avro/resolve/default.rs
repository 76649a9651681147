//! The default of a reader's field, as bytes of the field's type.

use thiserror::Error;

use super::super::schema::{Kind, Schema};
use super::TypeId;
use crate::json::{Number, Value};

/// Defaults that nest deeper than this are refused, so that a record whose default needs its own default ends.
const DEPTH_LIMIT: usize = 64;

/// The bytes and the steps of all defaults of a plan. Defaults within defaults can make few characters stand for very
/// many bytes.
const SIZE_LIMIT: usize = 1 << 20;

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
    #[error("the defaults take more than {SIZE_LIMIT} bytes")]
    Size,
}

/// Encodes defaults, one after the other.
pub(super) struct Encoder<'a> {
    schema: &'a Schema,
    pub(super) bytes: Vec<u8>,
    steps: usize,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self { schema, bytes: Vec::new(), steps: 0 }
    }

    /// Adds a value to the bytes.
    pub(super) fn encode(&mut self, ty: TypeId, value: &Value) -> Result<(), DefaultError> {
        self.put(ty, value, 0)
    }

    fn put(&mut self, ty: TypeId, value: &Value, depth: usize) -> Result<(), DefaultError> {
        self.steps += 1;
        if depth > DEPTH_LIMIT {
            return Err(DefaultError::Depth);
        }
        if self.steps > SIZE_LIMIT || self.bytes.len() > SIZE_LIMIT {
            return Err(DefaultError::Size);
        }
        let schema = self.schema;
        let kind = schema.kind(ty);
        let wrong = Err(DefaultError::Type(kind.word()));
        match (kind, value) {
            (Kind::Null, Value::Null) => {}
            (Kind::Boolean, Value::Bool(b)) => self.bytes.push(u8::from(*b)),
            (Kind::Int, Value::Number(n)) => match integer(n).and_then(|n| i32::try_from(n).ok()) {
                Some(n) => self.long(n.into()),
                None => return wrong,
            },
            (Kind::Long, Value::Number(n)) => match integer(n) {
                Some(n) => self.long(n),
                None => return wrong,
            },
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a float is the nearest one to what is written"
            )]
            (Kind::Float, Value::Number(n)) => self.bytes.extend((double(n) as f32).to_le_bytes()),
            (Kind::Double, Value::Number(n)) => self.bytes.extend(double(n).to_le_bytes()),
            (Kind::String, Value::String(s)) => {
                self.length(s.len());
                self.bytes.extend(s.as_bytes());
            }
            (Kind::Bytes, Value::String(s)) => {
                let bytes = latin1(s).ok_or(DefaultError::Type("bytes"))?;
                self.length(bytes.len());
                self.bytes.extend(bytes);
            }
            (Kind::Fixed(f), Value::String(s)) => match latin1(s) {
                Some(bytes) if bytes.len() == f.size => self.bytes.extend(bytes),
                _ => return wrong,
            },
            (Kind::Enum(e), Value::String(s)) => match e.symbols.iter().position(|symbol| symbol == s) {
                Some(at) => self.length(at),
                None => return wrong,
            },
            (Kind::Array(item), Value::Array(values)) => self.items(*item, values, depth)?,
            (Kind::Map(item), Value::Object(members)) => self.members(*item, members, depth)?,
            (Kind::Record(_), Value::Object(members)) => self.record(ty, members, depth)?,
            (Kind::Union(branches), value) => self.union(branches, value, depth)?,
            _ => return wrong,
        }
        Ok(())
    }

    fn items(&mut self, item: TypeId, values: &[Value], depth: usize) -> Result<(), DefaultError> {
        if !values.is_empty() {
            self.length(values.len());
            for value in values {
                self.put(item, value, depth + 1)?;
            }
        }
        self.length(0);
        Ok(())
    }

    fn members(
        &mut self,
        item: TypeId,
        members: &[(String, Value)],
        depth: usize,
    ) -> Result<(), DefaultError> {
        if !members.is_empty() {
            self.length(members.len());
            for (key, value) in members {
                self.length(key.len());
                self.bytes.extend(key.as_bytes());
                self.put(item, value, depth + 1)?;
            }
        }
        self.length(0);
        Ok(())
    }

    fn record(&mut self, ty: TypeId, members: &[(String, Value)], depth: usize) -> Result<(), DefaultError> {
        let schema = self.schema;
        let Kind::Record(record) = schema.kind(ty) else { return Err(DefaultError::Type("record")) };
        for (at, field) in record.fields.iter().enumerate() {
            // Most defaults list the fields in their order.
            let value = match members.get(at) {
                Some((key, value)) if *key == field.name => Some(value),
                _ => {
                    self.steps += members.len();
                    members.iter().find(|(key, _)| *key == field.name).map(|(_, value)| value)
                }
            };
            let value = value.or(field.default.as_ref()).ok_or(DefaultError::Field)?;
            self.put(field.ty, value, depth + 1)?;
        }
        Ok(())
    }

    /// As in Java, a number goes to the first branch for numbers, and is cut to fit it if it is a fraction; other values
    /// go to the first branch that can hold them.
    fn union(&mut self, branches: &[TypeId], value: &Value, depth: usize) -> Result<(), DefaultError> {
        for (at, branch) in branches.iter().enumerate() {
            let start = self.bytes.len();
            self.length(at);
            let cut = match (self.schema.kind(*branch), value) {
                (Kind::Int | Kind::Long, Value::Number(n)) => whole(n),
                _ => None,
            };
            match self.put(*branch, cut.as_ref().unwrap_or(value), depth + 1) {
                Ok(()) => return Ok(()),
                Err(e @ (DefaultError::Depth | DefaultError::Size)) => return Err(e),
                Err(_) => self.bytes.truncate(start),
            }
        }
        Err(DefaultError::Branch)
    }

    fn length(&mut self, n: usize) {
        // Lengths of parts of a schema's text fit.
        self.long(i64::try_from(n).unwrap_or(i64::MAX));
    }

    /// A variable-length number: zig-zag, seven bits a byte, the lowest first.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "bits are meant, not numbers")]
    fn long(&mut self, n: i64) {
        let mut rest = ((n << 1) ^ (n >> 63)) as u64;
        while rest >= 0x80 {
            self.bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }
}

fn integer(number: &Number) -> Option<i64> {
    match number {
        Number::Int(n) => Some(*n),
        Number::Double(_) | Number::Big(_) => None,
    }
}

/// A fraction without what follows the point.
#[allow(clippy::cast_possible_truncation, reason = "beyond the range it is the nearest, as in Java")]
fn whole(number: &Number) -> Option<Value> {
    match number {
        Number::Double(n) => Some(Value::Number(Number::Int(*n as i64))),
        Number::Int(_) | Number::Big(_) => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "a double is the nearest one to what is written")]
fn double(number: &Number) -> f64 {
    match number {
        Number::Int(n) => *n as f64,
        Number::Big(digits) => digits.parse().unwrap_or(f64::INFINITY),
        Number::Double(n) => *n,
    }
}

/// Bytes as the characters U+0000 to U+00FF.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}
