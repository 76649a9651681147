//! What is needed to run stock clients against the registry.
//!
//! ```text
//! registry.rs   `ottla serve`, built anew before it is started
//! python.rs     a Python environment with the pinned packages, kept between runs
//! go.rs         a Go that is new enough
//! outcome.rs    what a client's program printed, and what to do where a client cannot be had
//! ```

pub mod go;
pub mod outcome;
pub mod python;
pub mod registry;
