//! What is asked.

use std::fmt;

use clap::ValueEnum;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// GET /schemas/ids/{id}
    GetId,
    /// GET /subjects/{s}/versions/latest
    GetLatest,
    /// POST /subjects/{s}, a schema that is there
    Lookup,
    /// POST /subjects/{s}/versions, a schema that is there
    RegisterExisting,
    /// POST /subjects/{s}/versions, new schema, new subject
    RegisterNew,
    /// POST /subjects/{s}/versions, new schema, subject that is there
    RegisterNext,
    /// Adds --depth versions to --subjects subjects under BACKWARD_TRANSITIVE
    RegisterEvolve,
    /// POST /compatibility/subjects/{s}/versions/latest, a compatible schema
    Compat,
    /// The same with ?verbose=true and an incompatible schema
    CompatVerbose,
    /// 90 % get-id, 5 % get-latest, 4 % lookup, 1 % register-new
    Mixed,
    /// Missing subjects and missing ids, half and half
    #[value(name = "get-404")]
    Get404,
    /// No load: only --seed-subjects
    Seed,
}

impl Case {
    /// Is it asked about schemas that are there?
    pub(crate) fn needs_keys(self) -> bool {
        !matches!(self, Self::RegisterNew | Self::RegisterEvolve | Self::Get404 | Self::Seed)
    }

    /// Does it leave new versions behind?
    pub(crate) fn registers(self) -> bool {
        matches!(self, Self::RegisterNew | Self::RegisterNext | Self::RegisterEvolve | Self::Mixed)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().as_ref().map_or("", |v| v.get_name()))
    }
}
