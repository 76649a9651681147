//! Why a message does not say which schema it was written with.

use std::fmt;

use super::looks::Looks;
use super::{MAGIC_GUID, MAGIC_ID, MAGIC_OBJECT, Side};

/// How many bytes are kept to be shown.
const SHOWN: usize = 16;

/// Why a message does not say which schema it was written with. It shows the first bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct FramingError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    place: Place,
    problem: Problem,
    looks: Looks,
    first: [u8; SHOWN],
    length: usize,
}

/// Where the schema should be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// At the beginning of the payload.
    Payload,
    /// In the record header [`Side::header`], which is there.
    Header(Side),
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is not one byte. A tombstone is something else: a record without any payload.
    Empty,
    /// It begins like an id, a GUID or a fingerprint and ends within it.
    Short {
        /// How many bytes there have to be.
        needed: usize,
    },
    /// Ids are not negative.
    NegativeId(i32),
    /// It begins with something else.
    Magic,
}

impl Problem {
    fn of(bytes: &[u8], place: Place) -> Self {
        let short = |needed| Self::Short { needed };
        match bytes {
            [] => Self::Empty,
            [MAGIC_ID, a, b, c, d, ..] => Self::NegativeId(i32::from_be_bytes([*a, *b, *c, *d])),
            [MAGIC_ID, ..] => short(5),
            [MAGIC_GUID, ..] => short(17),
            _ if place == Place::Payload && bytes.starts_with(&MAGIC_OBJECT) => short(10),
            _ => Self::Magic,
        }
    }
}

impl FramingError {
    #[cold]
    pub(super) fn new(place: Place, bytes: &[u8]) -> Self {
        let mut first = [0; SHOWN];
        let shown = bytes.len().min(SHOWN);
        first[..shown].copy_from_slice(&bytes[..shown]);
        let (problem, looks) = (Problem::of(bytes, place), Looks::of(bytes));
        Self(Box::new(Inner { place, problem, looks, first, length: bytes.len() }))
    }

    /// Where the schema should be named.
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// What is wrong there.
    pub fn problem(&self) -> Problem {
        self.0.problem
    }

    /// What it looks like instead.
    pub fn looks(&self) -> Looks {
        self.0.looks
    }

    /// The first bytes, 16 at most.
    pub fn first_bytes(&self) -> &[u8] {
        &self.0.first[..self.0.length.min(SHOWN)]
    }

    /// How many bytes there are.
    pub fn length(&self) -> usize {
        self.0.length
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload => f.write_str("the payload"),
            Self::Header(side) => write!(f, "the header {}", side.header()),
        }
    }
}

impl fmt::Display for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        match self.problem() {
            Problem::Empty if place == Place::Payload => {
                return f.write_str("the payload is empty: a tombstone would have none at all");
            }
            Problem::Empty => return write!(f, "{place} is empty"),
            Problem::NegativeId(id) => return write!(f, "{place} names schema id {id}, which is negative"),
            Problem::Short { needed } => {
                write!(f, "{place} ends after {} of {needed} bytes:", self.length())?;
                return hex(f, self.first_bytes());
            }
            Problem::Magic => {}
        }
        write!(f, "{place} begins with")?;
        hex(f, self.first_bytes())?;
        if let Some(words) = self.looks().words() {
            write!(f, " and looks like {words}")?;
        }
        match place {
            Place::Payload => {
                f.write_str(": neither a schema id (00), a GUID (01) nor a single object (c3 01)")
            }
            Place::Header(_) => f.write_str(": neither a schema id (00) nor a GUID (01)"),
        }
    }
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
}

impl fmt::Debug for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FramingError({self})")
    }
}

impl std::error::Error for FramingError {}
