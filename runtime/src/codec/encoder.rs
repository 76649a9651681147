//! Bytes being written.

use std::fmt::Display;

use thiserror::Error;

/// Bytes being written.
///
/// Writing goes on after something that cannot be written, so that no value has to be asked whether it went well;
/// [`finish`](Self::finish) tells of the first.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    failure: Option<EncodeError>,
}

/// Why a value cannot be written.
///
/// It is one pointer, so that a result of it fits into a register.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
#[allow(clippy::box_collection, reason = "a text alone is three words")]
pub struct EncodeError(Box<String>);

impl<'o> Encoder<'o> {
    /// Writes after what the buffer holds.
    #[inline]
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, failure: None }
    }

    /// Appends a value to a buffer. If it cannot be written, the buffer is as before.
    #[inline]
    pub fn append(out: &'o mut Vec<u8>, write: impl FnOnce(&mut Self)) -> Result<(), EncodeError> {
        let before = out.len();
        let mut encoder = Self::new(out);
        write(&mut encoder);
        match encoder.failure {
            None => Ok(()),
            Some(failure) => {
                encoder.out.truncate(before);
                Err(failure)
            }
        }
    }

    /// What could not be written, if anything.
    pub fn finish(self) -> Result<(), EncodeError> {
        self.failure.map_or(Ok(()), Err)
    }

    /// Something cannot be written. The first such counts.
    #[cold]
    pub fn fail(&mut self, why: impl Display) {
        if self.failure.is_none() {
            self.failure = Some(EncodeError(Box::new(why.to_string())));
        }
    }

    /// A `boolean`.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.out.push(u8::from(value));
    }

    /// An `int`.
    #[inline]
    pub fn int(&mut self, value: i32) {
        self.long(i64::from(value));
    }

    /// A `long`: zig-zag, seven bits a byte, the lowest first.
    #[inline]
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "bits are meant, not numbers")]
    pub fn long(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)) as u64);
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "it is less than 128")]
    fn varint(&mut self, value: u64) {
        if value < 0x80 {
            self.out.push(value as u8);
        } else {
            long_varint(self.out, value);
        }
    }

    /// A length or count.
    #[inline]
    fn length(&mut self, length: usize) {
        // No buffer is longer than half of the address space, so that doubling fits.
        self.varint((length as u64) << 1);
    }

    /// A `float`.
    #[inline]
    pub fn float(&mut self, value: f32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    /// A `double`.
    #[inline]
    pub fn double(&mut self, value: f64) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    /// `bytes`.
    #[inline]
    pub fn bytes(&mut self, value: &[u8]) {
        self.length(value.len());
        self.out.extend_from_slice(value);
    }

    /// A `string`.
    #[inline]
    pub fn string(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// A `fixed`, whose length is in the schema.
    #[inline]
    pub fn fixed(&mut self, value: &[u8]) {
        self.out.extend_from_slice(value);
    }

    /// The position of a symbol of an enum, or of a branch of a union.
    #[inline]
    pub fn position(&mut self, position: u32) {
        self.varint(u64::from(position) << 1);
    }

    /// Items, in one block.
    #[inline]
    pub fn array<T>(&mut self, items: &[T], mut write: impl FnMut(&T, &mut Self)) {
        if !items.is_empty() {
            self.length(items.len());
            for item in items {
                write(item, self);
            }
        }
        self.out.push(0);
    }

    /// Keys and values, in one block.
    #[inline]
    pub fn map<K: AsRef<str>, V>(
        &mut self,
        entries: impl ExactSizeIterator<Item = (K, V)>,
        mut write: impl FnMut(V, &mut Self),
    ) {
        if entries.len() > 0 {
            self.length(entries.len());
            for (key, value) in entries {
                self.string(key.as_ref());
                write(value, self);
            }
        }
        self.out.push(0);
    }
}

#[inline(never)]
#[allow(clippy::cast_possible_truncation, reason = "the lowest seven bits are meant")]
fn long_varint(out: &mut Vec<u8>, value: u64) {
    let mut bytes = [0; 10];
    let mut rest = value;
    let mut length = 0;
    for byte in &mut bytes {
        length += 1;
        *byte = rest as u8 & 0x7f;
        rest >>= 7;
        if rest == 0 {
            break;
        }
        *byte |= 0x80;
    }
    // All ten at once are cheaper than so many that only the number knows.
    let end = out.len() + length;
    out.extend_from_slice(&bytes);
    out.truncate(end);
}
