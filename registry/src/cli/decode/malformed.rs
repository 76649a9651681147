//! Why bytes are no value of a schema, and where.

use std::fmt::{self, Display, Formatter};

use ottla::codec::Fault;

/// Steps beyond these are left out in the middle.
const SHOWN: usize = 24;

/// Why bytes are no value of a schema, and where.
#[derive(Debug)]
pub(super) struct Malformed {
    fault: Fault,
    detail: Option<&'static str>,
    path: String,
    /// Where what is wrong begins, in bytes.
    offset: usize,
}

impl Malformed {
    pub(super) fn new(fault: Fault, detail: Option<&'static str>, path: String, offset: usize) -> Self {
        Self { fault, detail, path, offset }
    }

    /// With bytes that come before the value.
    pub(super) fn after(mut self, bytes: usize) -> Self {
        self.offset += bytes;
        self
    }
}

impl Display for Malformed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { fault, detail, path, offset } = self;
        write!(f, "{path} at byte {offset}: ")?;
        match detail {
            Some(detail) => f.write_str(detail),
            None => fault.fmt(f),
        }
    }
}

/// The path of a value, from the steps to it, of which the innermost is the first.
pub(super) fn path(root: &str, steps: &[String]) -> String {
    let mut path = root.to_owned();
    for (at, step) in steps.iter().rev().enumerate() {
        if steps.len() <= SHOWN || at < SHOWN / 2 || at >= steps.len() - SHOWN / 2 {
            path.push_str(step);
        } else if at == SHOWN / 2 {
            path.push_str("...");
        }
    }
    path
}
