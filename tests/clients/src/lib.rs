//! What is needed to run stock clients against the registry.
//!
//! ```text
//! program.rs    the `ottla` program, never older than its sources
//! registry.rs   a registry of the test's own
//! python.rs     Python environments with pinned packages, kept between runs
//! go.rs         a Go that is new enough
//! tls.rs        a choice that some clients leave to the program
//! outcome.rs    what a client's program printed, and what to do where a client cannot be had
//! ```

pub mod go;
pub mod outcome;
pub mod program;
pub mod python;
pub mod registry;
pub mod tls;
