//! Modes: what may be written in a scope.

use std::fmt;
use std::str::FromStr;

/// What may be written in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Registrations get the next id and version.
    #[default]
    ReadWrite,
    /// Nothing may be written.
    ReadOnly,
    /// An older word for [`Mode::ReadOnly`].
    ReadOnlyOverride,
    /// Registrations bring their ids and versions, and are not checked.
    Import,
    /// As [`Mode::Import`], for replication from another registry.
    Forward,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 5] =
        [Self::ReadWrite, Self::ReadOnly, Self::ReadOnlyOverride, Self::Import, Self::Forward];

    /// The name, upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadWrite => "READWRITE",
            Self::ReadOnly => "READONLY",
            Self::ReadOnlyOverride => "READONLY_OVERRIDE",
            Self::Import => "IMPORT",
            Self::Forward => "FORWARD",
        }
    }

    /// Is writing refused?
    pub fn is_read_only(self) -> bool {
        matches!(self, Self::ReadOnly | Self::ReadOnlyOverride)
    }

    /// Do registrations bring their own ids?
    pub fn takes_ids(self) -> bool {
        matches!(self, Self::Import | Self::Forward)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such mode")]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    /// Reads a mode's name in any case.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|m| m.name().eq_ignore_ascii_case(s)).ok_or(UnknownMode)
    }
}
