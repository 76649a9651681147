//! Why not: codes and messages, as `registry` tells them.

use serde_json::{Value, json};

use crate::client::subject::Subject;

/// A code and a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    code: i32,
    message: String,
}

impl Refusal {
    /// The status is the beginning of the code.
    fn new(code: i32, message: String) -> Self {
        let status = if code < 1000 { code } else { code / 100 };
        Self { status: u16::try_from(status).unwrap_or(500), code, message }
    }

    pub(super) fn body(&self) -> Value {
        json!({"error_code": self.code, "message": self.message})
    }

    pub(super) fn message(self) -> String {
        self.message
    }

    /// Is it about the schema that was sent? Asked to be verbose, a comparison tells that as a reason.
    pub(super) fn is_about_the_schema(&self) -> bool {
        self.code == 42201
    }

    pub(super) fn no_route() -> Self {
        Self::new(404, "HTTP 404 Not Found".to_owned())
    }

    pub(super) fn bad_request(why: &str) -> Self {
        Self::new(400, why.to_owned())
    }

    pub(super) fn not_known(what: &str) -> Self {
        Self::new(501, format!("the test registry does not know {what}"))
    }

    pub(super) fn no_subject(subject: &Subject) -> Self {
        Self::new(40401, format!("Subject '{subject}' not found."))
    }

    pub(super) fn no_version(number: i32) -> Self {
        Self::new(40402, format!("Version {number} not found."))
    }

    pub(super) fn no_schema() -> Self {
        Self::new(40403, "Schema not found".to_owned())
    }

    pub(super) fn no_id(id: i32) -> Self {
        Self::new(40403, format!("Schema {id} not found"))
    }

    pub(super) fn no_guid(guid: &str) -> Self {
        Self::new(40403, format!("Schema {guid} not found"))
    }

    pub(super) fn subject_deleted(subject: &Subject) -> Self {
        Self::new(
            40404,
            format!("Subject '{subject}' was soft deleted.Set permanent=true to delete permanently"),
        )
    }

    pub(super) fn subject_live(subject: &Subject) -> Self {
        Self::new(
            40405,
            format!("Subject '{subject}' was not deleted first before being permanently deleted"),
        )
    }

    pub(super) fn version_deleted(subject: &Subject, version: i32) -> Self {
        let what = format!("Subject '{subject}' Version {version}");
        Self::new(40406, format!("{what} was soft deleted.Set permanent=true to delete permanently"))
    }

    pub(super) fn version_live(subject: &Subject, version: i32) -> Self {
        let what = format!("Subject '{subject}' Version {version}");
        Self::new(40407, format!("{what} was not deleted first before being permanently deleted"))
    }

    pub(super) fn no_config(subject: &Subject) -> Self {
        Self::new(40408, format!("Subject '{subject}' does not have subject-level compatibility configured"))
    }

    pub(super) fn no_mode(subject: &Subject) -> Self {
        Self::new(40409, format!("Subject '{subject}' does not have subject-level mode configured"))
    }

    pub(super) fn incompatible(subject: &Subject, reasons: &[String]) -> Self {
        let what = "Schema being registered is incompatible with an earlier schema for subject";
        Self::new(40901, format!("{what} \"{subject}\", details: [{}]", reasons.join(", ")))
    }

    pub(super) fn invalid_schema(detail: &str) -> Self {
        Self::new(42201, format!("Invalid schema of type AVRO, details: {detail}"))
    }

    pub(super) fn invalid_type(name: &str) -> Self {
        Self::new(42201, format!("Invalid schema type {name}"))
    }

    pub(super) fn empty_schema() -> Self {
        Self::new(42201, "Empty schema".to_owned())
    }

    pub(super) fn version_not_next() -> Self {
        Self::new(42201, "Version is not one more than previous version".to_owned())
    }

    pub(super) fn invalid_version(text: &str) -> Self {
        let allowed = "Allowed values are between [1, 2^31-1] and the string \"latest\"";
        Self::new(42202, format!("The specified version '{text}' is not a valid version id. {allowed}"))
    }

    pub(super) fn invalid_level() -> Self {
        let valid =
            "none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive";
        Self::new(42203, format!("Invalid compatibility level. Valid values are {valid}"))
    }

    pub(super) fn invalid_mode() -> Self {
        Self::new(42204, "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.".to_owned())
    }

    pub(super) fn read_only(scope: &Subject) -> Self {
        Self::not_permitted(scope, "is in read-only mode")
    }

    pub(super) fn not_importing(scope: &Subject) -> Self {
        Self::not_permitted(scope, "is not in import mode")
    }

    /// The default context as a whole has no name here, and prints as `null`.
    fn not_permitted(scope: &Subject, what: &str) -> Self {
        let context = if &*scope.context == "." { String::new() } else { format!(":{}:", scope.context) };
        let name =
            if context.is_empty() && scope.name.is_empty() { "null".to_owned() } else { scope.to_string() };
        Self::new(42205, format!("Subject {name} in context {context} {what}"))
    }

    pub(super) fn referenced(subject: &Subject, version: i32) -> Self {
        let what = format!("{{magic=1,keytype=SCHEMA,subject={subject},version={version}}}");
        Self::new(42206, format!("One or more references exist to the schema {what}."))
    }

    pub(super) fn invalid_subject(subject: &Subject) -> Self {
        Self::new(42208, format!("The specified subject '{subject}' is not a valid."))
    }

    pub(super) fn context_not_empty(context: &str) -> Self {
        Self::new(42211, format!("The specified context ':{context}:' is not empty."))
    }
}
