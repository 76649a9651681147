//! What is legal in a schema and yet to be regretted.
//!
//! Each lint is off or has a severity. None of them asks a network or a clock; two ask for the version before. On unless they are switched
//! off, as warnings: default-not-in-first-branch, logical-type-changed, renamed-without-alias.
//!
//! ```text
//! lint/settings.rs which lints are on, and how much their findings weigh
//! lint/linted.rs   the types that a file defines, and where they stand
//! lint/docs.rs     missing-doc
//! lint/defaults.rs enum-without-default, optional-field-without-default, default-not-in-first-branch
//! lint/types.rs    decimal-as-double, timestamp-without-logical-type
//! lint/names.rs    name-style
//! lint/renamed.rs  renamed-without-alias
//! lint/logical.rs  logical-type-changed
//! lint/beside.rs   the types of the version before, and those that take their places
//! lint/words.rs    the words of a name, and names in other styles
//! ```

mod beside;
mod defaults;
mod docs;
mod linted;
mod logical;
mod names;
mod renamed;
mod settings;
mod types;
mod words;

use ottla_formats::avro::Schema;

use crate::finding::{Finding, Severity};
use crate::rule::{self, Rule};
use crate::source::Source;
use linted::Linted;
pub use settings::{Settings, UnknownSetting};

/// So many findings are told of a file at most; one more says that there are others.
pub const MAX_FINDINGS: usize = 1_000;

/// A lint.
#[derive(Debug, PartialEq, Eq)]
pub struct Lint {
    /// What the configuration calls it.
    pub name: &'static str,
    /// The rule that its findings break.
    pub rule: &'static Rule,
    /// What its findings weigh if nothing is said; nothing if it is off then. None breaks a build that has said nothing.
    pub default: Option<Severity>,
}

/// All lints, by name.
pub static LINTS: [Lint; 9] = [
    Lint { name: "decimal-as-double", rule: &rule::DECIMAL_AS_DOUBLE, default: None },
    Lint {
        name: "default-not-in-first-branch",
        rule: &rule::DEFAULT_NOT_IN_FIRST_BRANCH,
        default: Some(Severity::Warning),
    },
    Lint { name: "enum-without-default", rule: &rule::ENUM_WITHOUT_DEFAULT, default: None },
    Lint {
        name: "logical-type-changed",
        rule: &rule::LOGICAL_TYPE_CHANGED,
        default: Some(Severity::Warning),
    },
    Lint { name: "missing-doc", rule: &rule::MISSING_DOC, default: None },
    Lint { name: "name-style", rule: &rule::NAME_STYLE, default: None },
    Lint {
        name: "optional-field-without-default",
        rule: &rule::OPTIONAL_FIELD_WITHOUT_DEFAULT,
        default: None,
    },
    Lint {
        name: "renamed-without-alias",
        rule: &rule::RENAMED_WITHOUT_ALIAS,
        default: Some(Severity::Warning),
    },
    Lint {
        name: "timestamp-without-logical-type",
        rule: &rule::TIMESTAMP_WITHOUT_LOGICAL_TYPE,
        default: None,
    },
];

/// What the lints that are on find in a file, in the order of [`Finding::order`]. Types that it refers to are looked at in
/// the files that define them. `sources`: all that it may refer to; `previous`: the version before, if there is one.
///
/// # Panics
/// There is no source at that index.
pub fn lint(sources: &[Source], at: usize, previous: Option<&Schema>, settings: &Settings) -> Vec<Finding> {
    if settings.iter().all(|(_, severity)| severity.is_none()) {
        return Vec::new();
    }
    let mut linted = Linted::new(sources, at, settings);
    docs::missing(&mut linted);
    defaults::of_enums(&mut linted);
    defaults::of_fields(&mut linted);
    types::decimals(&mut linted);
    types::timestamps(&mut linted);
    names::styles(&mut linted);
    if let Some(previous) = previous {
        renamed::without_alias(&mut linted, previous);
        logical::changed(&mut linted, previous);
    }
    linted.into_findings()
}
