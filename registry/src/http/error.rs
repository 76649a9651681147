//! Every status and error code of the registry, and the texts that clients match on.

mod java;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use crate::domain::{Rejection, Subject};
use crate::engine::{SubmitError, Unavailable};

/// A schema cannot follow earlier ones.
pub(super) const INCOMPATIBLE: i32 = 40901;

/// An answer that says why not: a status, a code and a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// `error_code` of the body.
    pub code: i32,
    /// `message` of the body.
    pub message: String,
    /// Seconds after which asking again makes sense.
    pub retry_after: Option<u32>,
    /// For the log alone: what went wrong with us.
    pub cause: Option<String>,
}

impl ApiError {
    fn new(status: StatusCode, code: i32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None, cause: None }
    }

    /// An error whose code is its status.
    fn plain(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, i32::from(status.as_u16()), message)
    }

    /// 404: no such route, or a path or query value that cannot be one.
    pub fn not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "HTTP 404 Not Found")
    }

    /// 405: the route knows other methods.
    pub fn method_not_allowed() -> Self {
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, "HTTP 405 Method Not Allowed")
    }

    /// 406: `Accept` asks for what no route gives.
    pub fn not_acceptable() -> Self {
        Self::plain(StatusCode::NOT_ACCEPTABLE, "HTTP 406 Not Acceptable")
    }

    /// 415: `Content-Type` is none of those that are read.
    pub fn unsupported_media_type() -> Self {
        Self::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "HTTP 415 Unsupported Media Type")
    }

    /// 400: the request makes no sense; the message says where.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message)
    }

    /// 422: the method needs a body and got none, or `null`.
    pub fn missing_body(method: &str) -> Self {
        Self::plain(StatusCode::UNPROCESSABLE_ENTITY, format!("{method}.request must not be null (was null)"))
    }

    /// 413: the body is longer than the limit.
    pub fn body_too_large(limit: usize) -> Self {
        Self::plain(StatusCode::PAYLOAD_TOO_LARGE, format!("Request body is larger than {limit} bytes"))
    }

    /// 414: the request target is longer than any that is read.
    pub fn target_too_long() -> Self {
        Self::plain(StatusCode::URI_TOO_LONG, "Request target is too long")
    }

    /// 431: the head of the request is larger than any that is read, or has too many fields.
    pub fn headers_too_large() -> Self {
        Self::plain(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request header is too large")
    }

    /// 408: the head of the request did not arrive in time.
    pub fn header_timeout() -> Self {
        Self::plain(StatusCode::REQUEST_TIMEOUT, "Request header did not arrive in time")
    }

    /// 408: the body did not arrive in time.
    pub fn body_timeout() -> Self {
        Self::plain(StatusCode::REQUEST_TIMEOUT, "Request body did not arrive in time")
    }

    /// 403: the principal may not do that.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, 40301, "User is denied operation")
    }

    /// 503: more requests are under way than the server takes on.
    pub fn overloaded() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 50302, "The server is overloaded")
        }
    }

    /// 503: the log cannot be reached.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 50301, "The database is not available")
        }
    }

    /// 500: a defect of ours. The message tells nothing; the log does.
    pub fn internal(cause: impl ToString) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

impl ApiError {
    /// Does it say that a schema cannot follow earlier ones?
    pub fn is_incompatible(&self) -> bool {
        self.code == INCOMPATIBLE
    }

    /// The body: `error_code` and `message`.
    pub fn body(&self) -> Bytes {
        #[derive(Serialize)]
        struct Shape<'a> {
            error_code: i32,
            message: &'a str,
        }
        let shape = Shape { error_code: self.code, message: &self.message };
        serde_json::to_vec(&shape).unwrap_or_default().into()
    }
}

impl From<Unavailable> for ApiError {
    fn from(unavailable: Unavailable) -> Self {
        tracing::debug!(%unavailable, "a request needs the database");
        Self::unavailable()
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::Unavailable(unavailable) => unavailable.into(),
            SubmitError::Overloaded => Self::overloaded(),
            // The change may have been written: asking again finds out.
            SubmitError::OutcomeUnknown(unavailable) => unavailable.into(),
            SubmitError::Storage(error) => {
                let message = format!("Operation failed while writing to the store: {error}");
                Self {
                    cause: Some(error.to_string()),
                    ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, 50001, message)
                }
            }
            SubmitError::Internal(error) => Self::internal(error),
        }
    }
}

/// Each rejection has its code; the status is the code's first three digits.
impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        use Rejection as R;
        let (code, message) = match rejection {
            R::SubjectNotFound(s) => (40401, format!("Subject '{s}' not found.")),
            R::VersionNotFound(v) => (40402, format!("Version {v} not found.")),
            R::SchemaNotFound => (40403, "Schema not found".to_owned()),
            R::IdNotFound(id) => (40403, format!("Schema {id} not found")),
            R::GuidNotFound(guid) => (40403, format!("Schema {guid} not found")),
            R::SubjectSoftDeleted(s) => {
                (40404, format!("Subject '{s}' was soft deleted.Set permanent=true to delete permanently"))
            }
            R::SubjectNotSoftDeleted(s) => {
                (40405, format!("Subject '{s}' was not deleted first before being permanently deleted"))
            }
            R::VersionSoftDeleted(s, v) => (
                40406,
                format!(
                    "Subject '{s}' Version {v} was soft deleted.Set permanent=true to delete permanently"
                ),
            ),
            R::VersionNotSoftDeleted(s, v) => (
                40407,
                format!("Subject '{s}' Version {v} was not deleted first before being permanently deleted"),
            ),
            R::ConfigNotFound(s) => {
                (40408, format!("Subject '{s}' does not have subject-level compatibility configured"))
            }
            R::ModeNotFound(s) => {
                (40409, format!("Subject '{s}' does not have subject-level mode configured"))
            }
            R::AssociationNotFound(name) => (40410, format!("Association for '{name}' not found.")),
            R::Incompatible(s, messages) => (
                INCOMPATIBLE,
                format!(
                    "Schema being registered is incompatible with an earlier schema for subject \"{s}\", \
                     details: [{}]",
                    messages.join(", ")
                ),
            ),
            R::InvalidSchema(schema) => (42201, java::invalid_schema(&schema)),
            R::InvalidSchemaType(name) => (42201, format!("Invalid schema type {name}")),
            R::EmptySchema => (42201, "Empty schema".to_owned()),
            R::TagsWithoutSchema => {
                (42201, "java.lang.IllegalArgumentException: argument \"content\" is null".to_owned())
            }
            R::NullReference => (42201, "java.lang.NullPointerException".to_owned()),
            R::VersionNotNext => (42201, "Version is not one more than previous version".to_owned()),
            R::TooCostly(s) => {
                (42201, format!("The schemas of subject '{s}' are too large to be compared with each other"))
            }
            R::InvalidVersion(text) => (
                42202,
                format!(
                    "The specified version '{text}' is not a valid version id. Allowed values are between \
                     [1, 2^31-1] and the string \"latest\""
                ),
            ),
            R::InvalidCompatibilityLevel => (
                42203,
                "Invalid compatibility level. Valid values are none, backward, forward, full, \
                 backward_transitive, forward_transitive, and full_transitive"
                    .to_owned(),
            ),
            R::InvalidMode => {
                (42204, "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.".to_owned())
            }
            R::ForwardModeNotGlobal => (42204, "Forward mode only supported on global level".to_owned()),
            R::ReadOnly(s) => (42205, not_permitted(&s, "is in read-only mode")),
            R::NotImporting(s) => (42205, not_permitted(&s, "is not in import mode")),
            R::NotReadWrite(s) => (42205, not_permitted(&s, "is not in read-write mode")),
            R::ModeFixed => (42205, "Mode changes are not allowed".to_owned()),
            R::SubjectsExist => (42205, "Cannot import since found existing subjects".to_owned()),
            R::IdTaken(id, context) => (
                42205,
                format!(
                    "Overwrite new schema with id {id} in context {} is not permitted.",
                    context.qualifier()
                ),
            ),
            R::IdsExhausted(context) => {
                (42205, format!("No schema id is left in context {}.", context.qualifier()))
            }
            R::Referenced(s, v) => (
                42206,
                format!(
                    "One or more references exist to the schema \
                     {{magic=1,keytype=SCHEMA,subject={s},version={v}}}."
                ),
            ),
            R::InvalidSubject(s) => (42208, format!("The specified subject '{s}' is not a valid.")),
            R::SchemaTooLarge => (42209, "Register operation failed because schema is too large".to_owned()),
            R::InvalidRuleSet(reason) => (42210, reason),
            R::ContextNotEmpty(context) => {
                (42211, format!("The specified context ':{context}:' is not empty."))
            }
        };
        let status = u16::try_from(code / 100).ok().and_then(|s| StatusCode::from_u16(s).ok());
        Self::new(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), code, message)
    }
}

/// The text of 42205. The scope of the whole default context has no name there, and prints as `null`.
fn not_permitted(scope: &Subject, what: &str) -> String {
    let context = scope.context().qualifier();
    if scope.is_default_whole() {
        format!("Subject null in context {context} {what}")
    } else {
        format!("Subject {scope} in context {context} {what}")
    }
}

#[cfg(test)]
mod tests;
