//! What the tests of several crates need.
//!
//! It depends on none of the project's crates, so that all of them can use it in their tests.

pub mod postgres;
