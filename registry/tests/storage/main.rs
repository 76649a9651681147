//! The storage and the engine over it, on every database that keeps the log.
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod both;
mod engine;
mod postgres;
mod replay;
mod sqlite;
#[path = "../support/mod.rs"]
mod support;
