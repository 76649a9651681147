//! Entries on their way out of the database: many in one text, because a row each would cost more than the reading.

use std::sync::Arc;

use uuid::Uuid;

use super::{Position, ReadError};

/// What stands between the fields of a chunk. JSON texts hold no raw control characters, so it needs no escaping.
pub const SEPARATOR: char = '\u{1e}';

/// Entries that follow each other in the log.
#[derive(Debug, Clone)]
pub struct Chunk {
    first: u64,
    last: Position,
    text: String,
}

/// One entry of a [`Chunk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The number of the entry.
    pub seq: u64,
    /// When it was appended, in milliseconds since 1970.
    pub written_at: i64,
    /// The key's JSON text.
    pub key: &'a str,
    /// The value's JSON text; nothing where the key is removed.
    pub value: Option<&'a str>,
}

impl Chunk {
    /// Takes what a database gathered: for each entry the time, the key and the value, an absent value as an empty
    /// text, all separated by [`SEPARATOR`].
    pub fn new(after: u64, count: u64, last: Position, text: String) -> Result<Self, ReadError> {
        if last.seq != after + count {
            let reason = format!(
                "{count} entries follow number {after}, but the last of them has number {}",
                last.seq
            );
            return Err(ReadError::Damaged(reason.into()));
        }
        Ok(Self { first: after + 1, last, text })
    }

    /// A chunk of entries at hand.
    pub fn of<'a>(
        after: u64,
        written_at: i64,
        batch: Uuid,
        entries: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Self {
        let (mut text, mut count) = (String::new(), 0);
        for (key, value) in entries {
            for part in [&written_at.to_string(), key, value.unwrap_or_default()] {
                text.push_str(part);
                text.push(SEPARATOR);
            }
            count += 1;
        }
        text.pop();
        Self { first: after + 1, last: Position { seq: after + count, batch }, text }
    }

    /// Where the chunk ends.
    pub fn last(&self) -> Position {
        self.last
    }

    /// How many entries it holds.
    pub fn count(&self) -> u64 {
        self.last.seq + 1 - self.first
    }

    /// How much text it holds.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The entries in order. Fails at the first that makes no sense.
    pub fn entries(&self) -> impl Iterator<Item = Result<Stored<'_>, ReadError>> {
        let mut fields = self.text.split(SEPARATOR);
        (self.first..=self.last.seq).map(move |seq| {
            let entry = (|| {
                let written_at = fields.next()?.parse().ok()?;
                let (key, value) = (fields.next()?, fields.next()?);
                Some(Stored { seq, written_at, key, value: (!value.is_empty()).then_some(value) })
            })();
            entry.ok_or_else(|| ReadError::Damaged(Arc::from(format!("entry {seq} is incomplete"))))
        })
    }
}
