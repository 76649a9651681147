//! What can be wrong with bytes.

use std::fmt;

use thiserror::Error;

/// What is wrong with bytes that are being read.
///
/// It fills a register, so that no value which is returned in its place is put together from bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
#[repr(u64)]
pub enum Fault {
    /// The bytes end within a value, or a length or count reaches beyond their end.
    #[error("the bytes end too early")]
    End,
    /// More than the ten bytes of a `long`, or beyond its range.
    #[error("a number takes more bytes than a long has")]
    TooLong,
    /// Beyond the range of an `int`.
    #[error("a number is out of the range of an int")]
    IntRange,
    /// A length or the size of a block is negative, or a count has no absolute value.
    #[error("a length is negative")]
    Negative,
    /// A byte of a `boolean` is neither 0 nor 1.
    #[error("a boolean is neither 0 nor 1")]
    Boolean,
    /// A `string` or the key of a map is not UTF-8.
    #[error("a string is not UTF-8")]
    Utf8,
    /// The union has no branch at this position.
    #[error("a union has no such branch")]
    Branch,
    /// The enum has no symbol at this position.
    #[error("an enum has no such symbol")]
    Symbol,
    /// The bytes are no value of the field's logical type.
    #[error("the value does not suit its logical type")]
    Logical,
    /// Values nest deeper than [`Limits::depth`](super::Limits::depth).
    #[error("values nest too deeply")]
    Depth,
    /// Items take more memory than [`Limits::memory`](super::Limits::memory).
    #[error("items take more memory than is allowed")]
    Memory,
    /// Bytes are left after the value.
    #[error("bytes are left after the value")]
    Trailing,
    /// The plan was made for another type.
    #[error("the plan does not suit the type")]
    Plan,
}

/// Why bytes are no value of a type, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    fault: Fault,
    detail: Option<String>,
    path: String,
    offset: usize,
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(fault: Fault, detail: Option<String>, path: String, offset: usize) -> Self {
        Self(Box::new(Inner { fault, detail, path, offset }))
    }

    /// The same with its place.
    #[cold]
    pub(crate) fn placed(mut self, path: String, offset: usize) -> Self {
        (self.0.path, self.0.offset) = (path, offset);
        self
    }

    /// What is wrong.
    pub fn fault(&self) -> Fault {
        self.0.fault
    }

    /// The place in terms of the schema that the bytes were written with:
    /// `com.example.Order.items[3].attributes["color"]`. Nothing if no event was read, but one value with
    /// [`Decode::read`](super::Decode::read).
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Where the value begins that is wrong, in bytes from the start of what was decoded.
    pub fn offset(&self) -> usize {
        self.0.offset
    }
}

/// What is wrong, and not yet where.
impl From<Fault> for DecodeError {
    #[cold]
    #[inline(never)]
    fn from(fault: Fault) -> Self {
        Self::new(fault, None, String::new(), 0)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { fault, detail, path, offset } = &*self.0;
        if !path.is_empty() {
            write!(f, "{path} at byte {offset}: ")?;
        }
        write!(f, "{fault}")?;
        match detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl std::error::Error for DecodeError {}
