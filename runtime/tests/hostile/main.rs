//! Bytes that are made to do harm: counts and lengths beyond all measure, values that nest without end.
//!
//! ```text
//! memory.rs   how much is allocated at most
//! depth.rs    how much of the stack is used, and how long it takes
//! ```

mod depth;
mod memory;

use ottla::codec::Limits;

mod types {
    ottla::include_schema!("tests/hostile/schemas/hostile.avsc", strip = "com.example", borrowed = "**");
}

mod sorted {
    ottla::include_schema!("tests/hostile/schemas/hostile.avsc", strip = "com.example", sorted_maps = "**");
}

mod evolved {
    ottla::include_schema!("tests/hostile/schemas/evolved.avsc", strip = "com.example");
}

/// The fields of the record, each as its smallest value.
const FIELDS: [(&str, &[u8]); 8] = [
    ("texts", &[0]),
    ("numbers", &[0]),
    ("gaps", &[0]),
    ("rows", &[0]),
    ("tree", &[0, 0]),
    ("nest", &[0, 0]),
    ("text", &[0]),
    ("bytes", &[0]),
];

/// A message with other bytes for one field.
fn with(field: &str, bytes: &[u8]) -> Vec<u8> {
    let parts = FIELDS.map(|(name, smallest)| if name == field { bytes } else { smallest });
    parts.concat()
}

/// A `long`.
fn long(value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    ottla::codec::Encoder::new(&mut out).long(value);
    out
}

fn limits(depth: u32, memory: usize) -> Limits {
    let mut limits = Limits::default();
    limits.depth = depth;
    limits.memory = memory;
    limits
}
