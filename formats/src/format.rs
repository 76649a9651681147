//! The seam between the registry and the schema formats.

use std::fmt;

/// A schema format, as `schemaType` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Format {
    /// Apache Avro.
    #[default]
    Avro,
}

impl Format {
    /// Every format that is supported.
    pub const ALL: &'static [Self] = &[Self::Avro];

    /// The name in `schemaType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avro => "AVRO",
        }
    }

    /// The format of that name; names are case-sensitive.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
