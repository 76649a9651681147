//! Under which schema events are written, and how that is decided.

use crate::client::{Guid, SchemaId};

/// Where the id of a schema comes from, under which events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Register {
    /// The subject has to hold the schema of the type. If it does not, nothing is written: which schemas a topic has is
    /// decided elsewhere, by a deployment or a person. The default, in every build.
    #[default]
    Never,
    /// The schema of the type is registered, unless the subject holds it already. The registry refuses what is incompatible
    /// with earlier versions.
    IfMissing,
    /// The latest version of the subject, if it is the schema of the type: docs, aliases and defaults may differ, what bytes
    /// mean may not. Otherwise nothing is written. It is asked for once; later versions do not count.
    UseLatest,
    /// The schema with this id, if it is the schema of the type in the same way.
    UseId(SchemaId),
}

/// Where a message names the schema that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Framing {
    /// Its id, in front of the event: 5 bytes. What every consumer understands.
    #[default]
    Id,
    /// Its content hash, in front of the event: 17 bytes.
    Guid,
    /// Its content hash, in the record header; the payload is the event alone. See [`SchemaHeader`](super::SchemaHeader).
    GuidHeader,
}

/// Under which schema the events of a type are written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenAs {
    /// The type.
    pub name: &'static str,
    /// The subject.
    pub subject: String,
    /// The id.
    pub id: SchemaId,
    /// The content hash; older registries tell none.
    pub guid: Option<Guid>,
    pub(super) prefix: Prefix,
    pub(super) header: Option<[u8; 17]>,
    /// Java writes outermost `bytes` without their length.
    pub(super) is_raw: bool,
}

/// What stands before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    Id([u8; 5]),
    Guid([u8; 17]),
    Nothing,
}
