//! `ottla decode` as whoever uses it sees it: what it prints of messages and container files, what it says of those that
//! are wrong, and how it ends.
//!
//! ```text
//! run.rs         running the command, with and without limits;  data.rs  bytes, files, schemas
//! framings.rs    how messages name their schemas, through a registry and without
//! inputs.rs      how messages are given
//! shown.rs       how values are shown
//! corpora.rs     values and malformed bytes, and what Java says of them
//! containers.rs  container files that another library wrote, whole and broken
//! hostile.rs     bytes that are made to do harm
//! words.rs       the command line, and secrets that are not shown
//! ```
#![allow(missing_docs, clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod containers;
mod corpora;
mod data;
mod framings;
mod hostile;
mod inputs;
mod run;
mod shown;
mod words;
