//! From the model to Rust.
