//! Bytes being read.

use std::fmt;

use super::fault::{DecodeError, Fault};
use super::steps::Jumps;
use crate::plan::program::Program;

/// How much of anything reading one value may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How deeply records of recursive types nest, and what is passed over. Each level takes some of the stack: in
    /// optimised builds some hundred bytes for each field of the record. It also bounds time: where the writer has the fields of a
    /// recursive type in another order, what stands before a field is passed over first and read later, at each level again.
    /// So a message may take as long as one of its length times its depth: a megabyte of numbers 30 levels deep 0.2 s,
    /// where it is 3 ms in the same order.
    pub depth: u32,
    /// How many bytes the items of all arrays, the entries of all maps and all boxed values take, without what they point to. Text is
    /// not counted: it takes no more than the message itself. Defaults of fields that the writer has not
    /// are counted, and where the fields begin of a record that the writer has in another order, as long as it is read.
    pub memory: usize,
}

impl Default for Limits {
    /// 128 levels and 64 MiB.
    fn default() -> Self {
        Self { depth: 128, memory: 64 << 20 }
    }
}

const MESSAGE: usize = usize::MAX;

/// Bytes being read, by a plan if they were written with another schema.
///
/// What was read is gone from it; after a [`Fault`] it stands before the value that is wrong, and nothing more can be read.
pub struct Reader<'a> {
    pub(super) rest: &'a [u8],
    pub(super) depth: u32,
    pub(super) memory: usize,
    /// All of the message.
    message: &'a [u8],
    /// How much of the message is left, while a default is read; [`MESSAGE`] while it is the message. A number, as a
    /// slice that was just written in parts would be read as a whole, for which processors wait.
    left: usize,
    /// How to read what was written with another schema.
    pub(super) program: Option<&'a Program>,
    /// Where fields begin that have another order.
    pub(super) jumps: Option<Box<Jumps<'a>>>,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("rest", &self.rest).finish_non_exhaustive()
    }
}

impl<'a> Reader<'a> {
    /// Reads with the default [`Limits`].
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_limits(bytes, Limits::default())
    }

    /// Reads with other limits.
    #[inline]
    pub fn with_limits(bytes: &'a [u8], limits: Limits) -> Self {
        Self {
            rest: bytes,
            depth: limits.depth,
            memory: limits.memory,
            message: bytes,
            left: MESSAGE,
            program: None,
            jumps: None,
        }
    }

    /// Reads what was written with another schema.
    #[inline]
    pub(crate) fn with_program(bytes: &'a [u8], limits: Limits, program: &'a Program) -> Self {
        Self { program: Some(program), ..Self::with_limits(bytes, limits) }
    }

    /// What was not read yet.
    #[inline]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Fails if there is something left.
    #[inline]
    pub fn finish(&self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::Trailing) }
    }

    /// [`Fault::Logical`], with a sentence that says more.
    #[cold]
    pub fn unsuitable(&self, why: impl ToString) -> DecodeError {
        DecodeError::new(Fault::Logical, Some(why.to_string()), String::new(), 0)
    }

    /// A `string`, if the bytes are one and nothing else.
    pub(crate) fn whole_str(mut self) -> Option<&'a str> {
        let text = self.str().ok()?;
        self.rest.is_empty().then_some(text)
    }

    /// What was not read yet of the message, also if a default is being read.
    pub(crate) fn rest_of_message(&self) -> &'a [u8] {
        if self.is_message() { self.rest } else { &self.message[self.message.len() - self.left..] }
    }

    /// Goes on with a default.
    #[inline]
    pub(super) fn begin_default(&mut self, bytes: &'a [u8]) {
        self.left = self.rest.len();
        self.rest = bytes;
    }

    /// Is it the message that is read, and no default?
    #[inline]
    pub(super) fn is_message(&self) -> bool {
        self.left == MESSAGE
    }

    /// Goes on with the message, if it was a default.
    #[inline]
    pub(super) fn end_default(&mut self) {
        if !self.is_message() {
            self.rest = self.rest_of_message();
            self.left = MESSAGE;
        }
    }

    /// Begins a value that may hold others of its type.
    #[inline]
    pub fn enter(&mut self) -> Result<(), Fault> {
        self.depth = self.depth.checked_sub(1).ok_or(Fault::Depth)?;
        Ok(())
    }

    /// Ends it.
    #[inline]
    pub fn leave(&mut self) {
        self.depth += 1;
    }

    /// A `null`, which takes no bytes.
    #[inline]
    pub fn null(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    /// A `boolean`.
    #[inline]
    pub fn boolean(&mut self) -> Result<bool, Fault> {
        match self.rest {
            [byte @ (0 | 1), rest @ ..] => {
                self.rest = rest;
                Ok(*byte == 1)
            }
            [] => Err(Fault::End),
            _ => Err(Fault::Boolean),
        }
    }

    /// An `int`.
    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "bits are meant")]
    pub fn int(&mut self) -> Result<i32, Fault> {
        let n = match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                u32::from(*byte)
            }
            _ => self.long_int()?,
        };
        Ok((n >> 1) as i32 ^ -((n & 1) as i32))
    }

    /// Five bytes at most, as in Java.
    #[inline(never)]
    fn long_int(&mut self) -> Result<u32, Fault> {
        let mut value = 0;
        for (at, &byte) in self.rest.iter().take(5).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                let value = u32::try_from(value).map_err(|_| Fault::IntRange)?;
                self.rest = &self.rest[at + 1..];
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 5 { Fault::End } else { Fault::IntRange })
    }

    /// A `long`.
    #[inline]
    #[allow(clippy::cast_possible_wrap, reason = "bits are meant")]
    pub fn long(&mut self) -> Result<i64, Fault> {
        let n = self.varint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Fault> {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    #[inline(never)]
    fn long_varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for (at, &byte) in self.rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                if at == 9 && byte > 1 {
                    return Err(Fault::TooLong);
                }
                self.rest = &self.rest[at + 1..];
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 10 { Fault::End } else { Fault::TooLong })
    }

    /// A length.
    #[inline]
    pub(super) fn length(&mut self) -> Result<usize, Fault> {
        let n = self.varint()?;
        if n & 1 == 1 {
            return Err(Fault::Negative);
        }
        usize::try_from(n >> 1).map_err(|_| Fault::End)
    }

    #[cold]
    pub(super) fn back<T>(&mut self, before: &'a [u8], fault: Fault) -> Result<T, Fault> {
        self.rest = before;
        Err(fault)
    }

    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Fault::End)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A `fixed`.
    #[inline]
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Fault::End)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A `float`.
    #[inline]
    pub fn float(&mut self) -> Result<f32, Fault> {
        self.fixed().map(f32::from_le_bytes)
    }

    /// A `double`.
    #[inline]
    pub fn double(&mut self) -> Result<f64, Fault> {
        self.fixed().map(f64::from_le_bytes)
    }

    /// `bytes`, as part of the message.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        // Most are shorter than 64 bytes, so that their length takes one.
        if let [length, rest @ ..] = self.rest
            && length & 0x81 == 0
            && let Some((taken, rest)) = rest.split_at_checked(usize::from(length >> 1))
        {
            self.rest = rest;
            return Ok(taken);
        }
        self.long_bytes()
    }

    #[inline(never)]
    fn long_bytes(&mut self) -> Result<&'a [u8], Fault> {
        let before = self.rest;
        match self.length() {
            Ok(length) if length <= self.rest.len() => self.take(length),
            Ok(_) => self.back(before, Fault::End),
            Err(fault) => self.back(before, fault),
        }
    }

    /// `bytes`, copied.
    #[inline]
    pub fn byte_vec(&mut self) -> Result<Vec<u8>, Fault> {
        self.bytes().map(<[u8]>::to_vec)
    }

    /// A `string`, as part of the message.
    #[inline]
    pub fn str(&mut self) -> Result<&'a str, Fault> {
        let before = self.rest;
        match std::str::from_utf8(self.bytes()?) {
            Ok(text) => Ok(text),
            Err(_) => self.back(before, Fault::Utf8),
        }
    }

    /// A `string`.
    #[inline(always)]
    pub fn string(&mut self) -> Result<String, Fault> {
        self.str().map(str::to_owned)
    }

    /// The position of a branch of a union with so many.
    #[inline]
    pub fn branch(&mut self, count: u32) -> Result<u32, Fault> {
        self.position(count, Fault::Branch)
    }

    /// The position of a symbol of an enum with so many.
    #[inline]
    pub fn symbol(&mut self, count: u32) -> Result<u32, Fault> {
        self.position(count, Fault::Symbol)
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "it is less than a number of 32 bits")]
    fn position(&mut self, count: u32, fault: Fault) -> Result<u32, Fault> {
        let before = self.rest;
        let n = self.varint()?;
        if n & 1 == 0 && n >> 1 < u64::from(count) { Ok((n >> 1) as u32) } else { self.back(before, fault) }
    }
}
