//! What the log holds: the keys and values of a `_schemas` topic, as types.

use std::sync::Arc;

use super::content::Content;
use super::mode::Mode;
use super::settings::Config;
use super::subject::{Context, Subject};

/// One entry of the log. The latest record of a key counts; a record without a value removes.
#[derive(Debug, Clone, PartialEq)]
// There are never many of them at a time, and hardly any are configurations.
#[allow(clippy::large_enum_variant)]
pub enum Record {
    /// A version of a subject; without a value it is permanently deleted.
    Schema {
        /// The subject.
        subject: Subject,
        /// The version within the subject, from 1.
        version: i32,
        /// What is stored there.
        value: Option<SchemaValue>,
    },
    /// The configuration of a scope.
    Config {
        /// A subject, or a context as a whole.
        scope: Subject,
        /// What is set there.
        value: Option<Config>,
    },
    /// The mode of a scope.
    Mode {
        /// A subject, or a context as a whole.
        scope: Subject,
        /// The mode that is set there.
        value: Option<Mode>,
    },
    /// Soft-deletes the versions of a subject up to a watermark.
    DeleteSubject {
        /// The subject.
        subject: Subject,
        /// The last version that is deleted.
        up_to: i32,
    },
    /// Forgets the soft-deleted versions of a subject.
    ClearSubject {
        /// The subject.
        subject: Subject,
    },
    /// A context came into being.
    Context {
        /// The context.
        context: Context,
        /// Is it there, or removed?
        present: bool,
    },
    /// Nothing; other registries write it to find the end of their log.
    Noop,
}

/// What is stored under a subject and version.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaValue {
    /// The schema id, from 1, per context.
    pub id: i32,
    /// Hidden, but kept.
    pub deleted: bool,
    /// The schema.
    pub content: Arc<Content>,
}
