//! Logical types.
