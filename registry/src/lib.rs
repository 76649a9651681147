//! The registry server.

pub mod domain;
