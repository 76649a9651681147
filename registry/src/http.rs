//! The REST API.

pub mod error;

pub use error::ApiError;
