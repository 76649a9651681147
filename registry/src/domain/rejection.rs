//! Why a command or query was refused.

/// Why a command or query was refused. The HTTP layer gives each its status, code and message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No such subject.
    #[error("subject {0} not found")]
    SubjectNotFound(String),
}
