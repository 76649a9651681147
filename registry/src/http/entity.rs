//! What answers look like: the entities of the API, with their members in the order in which clients know them.
//!
//! Empty texts, lists and maps are left out; an object that was given stays, even when nothing is left in it.

mod config;
mod schema;

pub(super) use config::{Config, Mode, SentMode};
pub(super) use schema::{ExtendedSchema, Registered, Schema, SchemaString};

use serde::Serialize;

/// A version of a subject.
#[derive(Debug, Serialize)]
pub(super) struct SubjectVersion {
    pub(super) subject: String,
    pub(super) version: i32,
}

/// An id and the context that it is of.
#[derive(Debug, Serialize)]
pub(super) struct ContextId {
    pub(super) context: String,
    pub(super) id: i32,
}

/// The verdict on a schema.
#[derive(Debug, Serialize)]
pub(super) struct CompatibilityCheck {
    pub(super) is_compatible: bool,
    /// Only for those who ask for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) messages: Option<Vec<String>>,
}
