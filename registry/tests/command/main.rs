//! `ottla serve` as whoever operates it sees it: its command line, how it starts and ends, what it logs and counts, and
//! what it does when the disk does not do its part.
//!
//! ```text
//! flags.rs      flags, variables, which counts, and the words for a bad one
//! failures.rs   why it does not start: one sentence, and exit code 1
//! second.rs     one process for one file
//! ending.rs     SIGTERM and SIGINT
//! disk.rs       files and folders that cannot be written to, and a disk that is full
//! backup.rs     copies made while it runs
//! logs.rs       lines, and what joins them to requests;  position.rs  the position in the log, in answers
//! metrics.rs    what is counted;  prometheus.rs  a strict reader of the text format
//! process.rs    running the command to its end
//! ```
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod backup;
mod disk;
mod ending;
mod failures;
mod flags;
mod logs;
mod metrics;
mod position;
mod process;
mod prometheus;
mod second;
