//! How a schema's text is given back.

use std::sync::Arc;

use super::error::ApiError;
use super::query::Query;
use crate::domain::proposal::parsed;
use crate::domain::{Content, Context, Rejection, State};

/// The parameter `format`. Unknown words mean the text as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFormat {
    /// As it is stored.
    Stored,
    /// With referenced types inlined.
    Resolved,
}

impl TextFormat {
    /// What a query asks for.
    pub(super) fn of(query: Query<'_>) -> Self {
        match query.first("format").as_deref() {
            Some("resolved") => Self::Resolved,
            _ => Self::Stored,
        }
    }

    /// The text of a schema in a context.
    pub(super) fn text(
        self,
        state: &State,
        context: &Context,
        content: &Content,
    ) -> Result<Arc<str>, ApiError> {
        if self == Self::Stored || content.text.is_empty() {
            return Ok(content.text.clone());
        }
        let schema = parsed(state, context, content).map_err(|detail| {
            tracing::warn!(%detail, "a stored schema cannot be read");
            ApiError::from(Rejection::SchemaNotFound)
        })?;
        Ok(schema.to_inlined_text().into())
    }
}
