//! Why a record is a dead letter.

use std::fmt;
use std::str::FromStr;

/// Why nothing can be done about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Its bytes are none of an event.
    Undecodable,
    /// It was written with a schema that the registry does not know.
    UnknownSchema,
    /// It was written with a schema that cannot be read as an order.
    Unreadable,
    /// It is an order that cannot be.
    InvalidOrder,
    /// The database takes it in no way.
    RefusedByDatabase,
}

/// It is the word for no reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of undecodable, unknown_schema, unreadable, invalid_order, refused_by_database")]
pub struct UnknownReason;

impl Reason {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Undecodable,
        Self::UnknownSchema,
        Self::Unreadable,
        Self::InvalidOrder,
        Self::RefusedByDatabase,
    ];

    /// The word for it, in headers, metrics and flags.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::UnknownSchema => "unknown_schema",
            Self::Unreadable => "unreadable",
            Self::InvalidOrder => "invalid_order",
            Self::RefusedByDatabase => "refused_by_database",
        }
    }

    /// Where in its handling a record failed, as Kafka Connect calls it.
    pub(super) fn stage(self) -> &'static str {
        match self {
            Self::Undecodable | Self::UnknownSchema | Self::Unreadable => "VALUE_CONVERTER",
            Self::InvalidOrder | Self::RefusedByDatabase => "TASK_PUT",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(UnknownReason)
    }
}
