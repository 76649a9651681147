//! One reason why a reader cannot read what a writer wrote.

use std::fmt;

use super::super::slot::Slot;
use super::findings::Slots;
use super::{Reader, TypeId, Writer};

/// What kind of reason it is.
///
/// [`Display`](fmt::Display) gives the word that registry clients know, such as `TYPE_MISMATCH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IncompatibilityKind {
    /// Two records, enums or fixed have different names, and no alias of the reader says that they are the same.
    NameMismatch,
    /// Two fixed have different sizes.
    FixedSizeMismatch,
    /// The writer's enum has symbols that the reader's has not, and the reader's has no default.
    MissingEnumSymbols,
    /// The writer has no such field, and the reader has no default for it.
    ReaderFieldMissingDefaultValue,
    /// The types differ, and no promotion leads from one to the other.
    TypeMismatch,
    /// No branch of the reader's union can read it.
    MissingUnionBranch,
    /// A reader's field stands for more than one field of the writer.
    AmbiguousField,
    /// The schemas are too intricate to be compared, or differ in more ways than can be listed.
    LimitExceeded,
}

/// One reason why a reader cannot read what a writer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incompatibility {
    pub(super) kind: IncompatibilityKind,
    pub(super) location: String,
    pub(super) message: String,
    pub(super) reader: TypeId,
    pub(super) writer: TypeId,
    pub(super) slots: Slots,
    pub(super) part: Option<u32>,
}

impl Incompatibility {
    /// What kind of reason it is.
    pub fn kind(&self) -> IncompatibilityKind {
        self.kind
    }

    /// Where: a JSON pointer along the reader's schema, `/` for its outermost type. After a union of the writer, a
    /// number is the writer's branch.
    ///
    /// A pair of named types is compared once: met again, it repeats the location where it was met first; and what
    /// is met first inside a branch of a reader's union is located from that branch.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// What exactly; the field's name, the missing symbols, the types.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// An identifier of the rule that is broken. It never changes, so that tools can refer to it.
    pub fn rule(&self) -> &'static str {
        match self.kind {
            IncompatibilityKind::NameMismatch => "AVRO-NAME",
            IncompatibilityKind::FixedSizeMismatch => "AVRO-FIXED-SIZE",
            IncompatibilityKind::MissingEnumSymbols => "AVRO-ENUM-SYMBOLS",
            IncompatibilityKind::ReaderFieldMissingDefaultValue => "AVRO-READER-FIELD-NO-DEFAULT",
            IncompatibilityKind::TypeMismatch => "AVRO-TYPE",
            IncompatibilityKind::MissingUnionBranch => "AVRO-UNION-BRANCH",
            IncompatibilityKind::AmbiguousField => "AVRO-FIELD-AMBIGUOUS",
            IncompatibilityKind::LimitExceeded => "AVRO-LIMIT",
        }
    }

    /// How it could be mended.
    pub fn hint(&self) -> String {
        match self.kind {
            IncompatibilityKind::NameMismatch => format!(
                "give the reader's type the alias of the writer's: \"aliases\": [\"{}\"]",
                self.message.strip_prefix("expected: ").unwrap_or(&self.message)
            ),
            IncompatibilityKind::FixedSizeMismatch => {
                "a fixed cannot change its size: add a field with a type of another name, and keep this one".to_owned()
            }
            IncompatibilityKind::MissingEnumSymbols => format!(
                "keep the symbols {} in the reader's enum, or give it a \"default\" symbol to take instead",
                self.message
            ),
            IncompatibilityKind::ReaderFieldMissingDefaultValue => format!(
                "give the field '{0}' a \"default\" (for an optional field: \"type\": [\"null\", ...], \"default\": null), \
                 or an alias if it is a field under a new name",
                self.message
            ),
            IncompatibilityKind::TypeMismatch => {
                "keep the type, widen it (int to long, float or double; long to float or double; float to double; \
                 string to bytes and back), or read it with a union that holds both types"
                    .to_owned()
            }
            IncompatibilityKind::MissingUnionBranch => {
                "add a branch to the reader's union that can read the writer's type".to_owned()
            }
            IncompatibilityKind::AmbiguousField => {
                "let the name and the aliases of the field stand for one field of the writer only".to_owned()
            }
            IncompatibilityKind::LimitExceeded => {
                "use fewer aliases and smaller unions, or split the schema".to_owned()
            }
        }
    }

    /// The text that the registry's clients see; the words say which schema is the reader and which the writer
    /// (`new` and `old` if the new schema reads what the old one wrote).
    pub fn describe(&self, reader_word: &str, writer_word: &str) -> String {
        use IncompatibilityKind as K;
        let (path, message) = (&self.location, &self.message);
        let (r, w) = (reader_word, writer_word);
        let description = match self.kind {
            K::FixedSizeMismatch => format!(
                "The size of FIXED type field at path '{path}' in the {r} schema does not match with the {w} schema"
            ),
            K::TypeMismatch => format!(
                "The type (path '{path}') of a field in the {r} schema does not match with the {w} schema"
            ),
            K::NameMismatch => format!("The name of the schema has changed (path '{path}')"),
            K::MissingEnumSymbols => format!(
                "The {r} schema is missing enum symbols '{message}' at path '{path}' in the {w} schema"
            ),
            K::MissingUnionBranch => format!(
                "The {r} schema is missing a type inside a union field at path '{path}' in the {w} schema"
            ),
            K::ReaderFieldMissingDefaultValue => format!(
                "The field '{message}' at path '{path}' in the {r} schema has no default value and is missing in the {w} \
                 schema"
            ),
            // Here the registry's checker gives up, and its clients see why.
            K::AmbiguousField | K::LimitExceeded => {
                return format!("Unexpected exception during compatibility check: {message}");
            }
        };
        format!("{{errorType:'{}', description:'{description}', additionalInfo:'{message}'}}", self.kind)
    }

    /// The reader's type that was compared.
    pub fn reader_type(&self) -> TypeId {
        self.reader
    }

    /// The writer's type that was compared.
    pub fn writer_type(&self) -> TypeId {
        self.writer
    }

    /// Where the reader's type stands. A pair of named types that is met again is told again with other places if this
    /// is about the types themselves, and not if it is about what is inside.
    pub fn reader_slot(&self) -> Slot {
        self.slots.reader
    }

    /// Where the writer's type stands.
    pub fn writer_slot(&self) -> Slot {
        self.slots.writer
    }

    /// The part that this is about: the position of a field in the reader's record, or of a branch in the writer's union.
    pub fn part(&self) -> Option<u32> {
        self.part
    }

    /// The text of the reader's type that was compared. `reader` is the schema that was resolved.
    pub fn reader_fragment(&self, reader: Reader<'_>) -> String {
        reader.0.type_to_text(self.reader)
    }

    /// The text of the writer's type that was compared. `writer` is the schema that was resolved.
    pub fn writer_fragment(&self, writer: Writer<'_>) -> String {
        writer.0.type_to_text(self.writer)
    }
}

impl IncompatibilityKind {
    /// The word that registry clients know.
    pub fn name(self) -> &'static str {
        match self {
            Self::NameMismatch => "NAME_MISMATCH",
            Self::FixedSizeMismatch => "FIXED_SIZE_MISMATCH",
            Self::MissingEnumSymbols => "MISSING_ENUM_SYMBOLS",
            Self::ReaderFieldMissingDefaultValue => "READER_FIELD_MISSING_DEFAULT_VALUE",
            Self::TypeMismatch => "TYPE_MISMATCH",
            Self::MissingUnionBranch => "MISSING_UNION_BRANCH",
            Self::AmbiguousField => "AMBIGUOUS_FIELD",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
        }
    }
}

impl fmt::Display for IncompatibilityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Incompatibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.kind, self.location, self.message)
    }
}
