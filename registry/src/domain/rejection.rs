//! Why a command or query was refused.

use ottla_formats::Format;

use super::content::Guid;
use super::metadata::{Metadata, RuleSet};
use super::subject::{Context, Subject};

/// Why a command or query was refused. The HTTP layer gives each its status, code and message; the texts here are
/// for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    // What is not there.
    /// The subject has no version that counts; or no configuration or mode to remove.
    #[error("subject {0} not found")]
    SubjectNotFound(Subject),
    /// The subject has no such version; -1 is the latest one.
    #[error("version {0} not found")]
    VersionNotFound(i32),
    /// No version of the subject holds the schema.
    #[error("schema not found")]
    SchemaNotFound,
    /// No schema has this id in the context.
    #[error("schema id {0} not found")]
    IdNotFound(i32),
    /// No schema has this GUID; the text is as it was asked for.
    #[error("schema guid {0} not found")]
    GuidNotFound(String),
    /// The scope has no configuration of its own.
    #[error("no configuration set for {0}")]
    ConfigNotFound(Subject),
    /// The scope has no mode of its own.
    #[error("no mode set for {0}")]
    ModeNotFound(Subject),
    /// The resource is associated with no subject.
    #[error("no association for {0}")]
    AssociationNotFound(String),

    // Deletes come in two steps.
    /// Every version of the subject is soft-deleted already.
    #[error("subject {0} is soft-deleted already")]
    SubjectSoftDeleted(Subject),
    /// A version of the subject is live, so nothing is deleted permanently.
    #[error("subject {0} is not soft-deleted yet")]
    SubjectNotSoftDeleted(Subject),
    /// The version is soft-deleted already.
    #[error("version {1} of subject {0} is soft-deleted already")]
    VersionSoftDeleted(Subject, i32),
    /// The version is live, so it is not deleted permanently.
    #[error("version {1} of subject {0} is not soft-deleted yet")]
    VersionNotSoftDeleted(Subject, i32),
    /// Other schemas refer to the version.
    #[error("version {1} of subject {0} is referenced")]
    Referenced(Subject, i32),
    /// Subjects are left in the context, live or soft-deleted.
    #[error("context {0} is not empty")]
    ContextNotEmpty(Context),

    // Schemas.
    /// The schema breaks the subject's history; what breaks, in words.
    #[error("incompatible with earlier versions of {0}")]
    Incompatible(Subject, Vec<String>),
    /// Comparing the schema with the history would take too long.
    #[error("schemas of subject {0} are too large to compare")]
    TooCostly(Subject),
    /// The text is no schema, or a reference leads nowhere.
    #[error("invalid schema for {}: {}", .0.subject, .0.detail)]
    InvalidSchema(Box<InvalidSchema>),
    /// No such schema format.
    #[error("invalid schema type {0:?}")]
    InvalidSchemaType(String),
    /// No text was given, and there is no earlier version to take it from.
    #[error("empty schema")]
    EmptySchema,
    /// Tags were given, but no text to add them to.
    #[error("tags without a schema")]
    TagsWithoutSchema,
    /// The list of references holds a `null`.
    #[error("null among the references")]
    NullReference,
    /// The version that the schema asks for is not the next one.
    #[error("version is not the next one")]
    VersionNotNext,
    /// The schema takes more room than a record of the log may.
    #[error("schema is too large")]
    SchemaTooLarge,
    /// The rule set breaks a rule for rule sets; which one, in words.
    #[error("invalid rule set: {0}")]
    InvalidRuleSet(String),

    // Names and values.
    /// The text names no version.
    #[error("invalid version {0:?}")]
    InvalidVersion(String),
    /// The name may hold no schema, configuration or mode.
    #[error("invalid subject {0:?}")]
    InvalidSubject(Subject),
    /// The text names no compatibility level.
    #[error("invalid compatibility level")]
    InvalidCompatibilityLevel,
    /// The text names no mode, or there is none.
    #[error("invalid mode")]
    InvalidMode,
    /// FORWARD is a mode of `:.__GLOBAL:` alone.
    #[error("forward mode is a global one")]
    ForwardModeNotGlobal,

    // What the mode forbids.
    /// The scope may not be written.
    #[error("{0} is read-only")]
    ReadOnly(Subject),
    /// The registration brings an id, but ids are given here.
    #[error("{0} is not in import mode")]
    NotImporting(Subject),
    /// The registration brings no id, but needs one here.
    #[error("{0} is not in read-write mode")]
    NotReadWrite(Subject),
    /// Modes cannot be changed in this registry.
    #[error("modes are fixed")]
    ModeFixed,
    /// IMPORT needs an empty scope.
    #[error("existing subjects prevent an import")]
    SubjectsExist,
    /// The id means another schema in that context.
    #[error("id {0} is taken in context {1}")]
    IdTaken(i32, Context),
    /// Every number that could be an id was given.
    #[error("no ids left in context {0}")]
    IdsExhausted(Context),
}

/// A schema that was refused, with what clients are told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSchema {
    /// Where it was to be registered or looked up.
    pub subject: Subject,
    /// Did it bring an id, as imports do?
    pub brings_id: bool,
    /// The content hash of the text as it was sent.
    pub guid: Guid,
    /// The format.
    pub format: Format,
    /// The references as they were sent.
    pub references: Vec<GivenReference>,
    /// The metadata that it would have had.
    pub metadata: Option<Metadata>,
    /// The rule set that it would have had.
    pub rule_set: Option<RuleSet>,
    /// The text as it was sent.
    pub text: String,
    /// What is wrong.
    pub detail: String,
}

/// A reference as a request gives it; what is missing is refused only where it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenReference {
    /// The name by which the referring text knows it.
    pub name: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The version; -1 is the latest one.
    pub version: Option<i32>,
}

impl From<InvalidSchema> for Rejection {
    fn from(schema: InvalidSchema) -> Self {
        Self::InvalidSchema(Box::new(schema))
    }
}
