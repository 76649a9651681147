//! What the server is compared with: programs that do the least that its work amounts to.

pub(crate) mod answer;
pub(crate) mod insert;
