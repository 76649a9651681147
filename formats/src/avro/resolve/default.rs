//! The default of a reader's field, as bytes of the field's type.

use super::super::default::{DefaultError, SIZE_LIMIT, Visitor, walk};
use super::super::schema::{Kind, Schema};
use super::TypeId;
use crate::json::{Number, Value};

impl Schema {
    /// A default value in Avro's binary encoding, as one of the type.
    ///
    /// # Errors
    /// It is no value of the type. Some are none that [`parse`](crate::avro::parse()) has taken for the default of a field:
    /// it asks for no more than Java does, to which any text is one of `bytes`, of a `fixed` and of an `enum`.
    pub fn encode_default(&self, ty: TypeId, value: &Value<'_>) -> Result<Vec<u8>, DefaultError> {
        let mut encoder = Encoder::new(self);
        encoder.encode(ty, value)?;
        Ok(encoder.bytes)
    }
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
    pub(super) fn encode(&mut self, ty: TypeId, value: &Value<'_>) -> Result<(), DefaultError> {
        let schema = self.schema;
        walk(&schema.types, ty, value, self)
    }
}

impl Visitor for Encoder<'_> {
    fn leaf(&mut self, kind: &Kind, value: &Value<'_>, in_union: bool) -> Result<(), DefaultError> {
        let wrong = DefaultError::Type(kind.word());
        match (kind, value) {
            (Kind::Null, Value::Null) => {}
            (Kind::Boolean, Value::Bool(b)) => self.bytes.push(u8::from(*b)),
            (Kind::Int, Value::Number(n)) => {
                let n = integer(n, in_union).and_then(|n| i32::try_from(n).ok()).ok_or(wrong)?;
                self.long(n.into());
            }
            (Kind::Long, Value::Number(n)) => self.long(integer(n, in_union).ok_or(wrong)?),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a float is the nearest one to what is written"
            )]
            (Kind::Float, Value::Number(n)) => self.bytes.extend((double(n) as f32).to_le_bytes()),
            (Kind::Double, Value::Number(n)) => self.bytes.extend(double(n).to_le_bytes()),
            (Kind::String, Value::String(s)) => self.prefixed(s.as_bytes()),
            (Kind::Bytes, Value::String(s)) => self.prefixed(&latin1(s).ok_or(wrong)?),
            (Kind::Fixed(f), Value::String(s)) => {
                let bytes = latin1(s).filter(|bytes| bytes.len() == f.size).ok_or(wrong)?;
                self.bytes.extend(bytes);
            }
            (Kind::Enum(e), Value::String(s)) => {
                self.spend(e.symbols.len())?;
                self.length(e.symbols.iter().position(|symbol| symbol == s).ok_or(wrong)?);
            }
            _ => return Err(wrong),
        }
        Ok(())
    }

    fn begin(&mut self, parts: usize) {
        if parts > 0 {
            self.length(parts);
        }
    }

    fn key(&mut self, key: &str) {
        self.prefixed(key.as_bytes());
    }

    fn end(&mut self) {
        self.length(0);
    }

    fn branch(&mut self, at: usize) -> usize {
        let mark = self.bytes.len();
        self.length(at);
        mark
    }

    fn undo(&mut self, mark: usize) {
        self.bytes.truncate(mark);
    }

    fn spend(&mut self, steps: usize) -> Result<(), DefaultError> {
        self.steps += steps;
        if self.steps.max(self.bytes.len()) > SIZE_LIMIT { Err(DefaultError::Size) } else { Ok(()) }
    }
}

impl Encoder<'_> {
    fn prefixed(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend(bytes);
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

/// As in Java, a number goes to the first branch for numbers, and is cut to fit it if it is a fraction.
#[allow(clippy::cast_possible_truncation, reason = "beyond the range it is the nearest, as in Java")]
fn integer(number: &Number, in_union: bool) -> Option<i64> {
    match number {
        Number::Int(n) => Some(*n),
        Number::Double(n) if in_union => Some(*n as i64),
        Number::Double(_) | Number::Big(_) => None,
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
