//! What can be set about the HTTP layer.

use std::time::Duration;

/// Limits and switches of the HTTP layer.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Requests under way at the same time.
    pub max_requests: usize,
    /// Bytes of one request body.
    pub max_body: usize,
    /// Bytes of all request bodies that are held at the same time.
    pub max_body_memory: usize,
    /// How long a request body may take to arrive.
    pub body_timeout: Duration,
    /// Is each request logged?
    pub access_log: bool,
    /// Does each answer say the log position that it was computed at?
    pub position_header: bool,
    /// The id of the installation, in `GET /v1/metadata/id`.
    pub cluster_id: String,
    /// `error_code` where an incompatible schema is refused: 40901, or 409 as before Confluent 8.0.4.
    pub incompatible_code: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_requests: 4096,
            max_body: 16 << 20,
            max_body_memory: 256 << 20,
            body_timeout: Duration::from_secs(30),
            access_log: false,
            position_header: false,
            cluster_id: "ottla".to_owned(),
            incompatible_code: super::error::INCOMPATIBLE,
        }
    }
}
