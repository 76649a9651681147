//! Who asks, and what they may do. One place for both; today everybody may do everything.

use http::HeaderMap;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Principal {
    /// Nobody in particular.
    Anonymous,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Reads schemas, names, or what is compatible.
    Read,
    /// Registers a schema.
    Register,
    /// Deletes versions, subjects or contexts.
    Delete,
    /// Reads configurations and modes.
    ReadSettings,
    /// Changes configurations and modes.
    ChangeSettings,
    /// Asks what the server is.
    Describe,
}

/// Turns the head of a request into who makes it.
pub fn authenticate(_headers: &HeaderMap) -> Principal {
    Principal::Anonymous
}

/// May the principal do that? `subject` is the name that the request's path holds, if it holds one.
pub fn allows(principal: &Principal, _action: Action, _subject: Option<&str>) -> bool {
    match principal {
        Principal::Anonymous => true,
    }
}
