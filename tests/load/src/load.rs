//! Closed loops of requests: each connection asks, checks the answer, and asks again.

mod case;
mod drive;
mod evolve;
mod key;
mod mix;
mod tally;
mod worker;

pub(crate) use case::Case;
pub(crate) use drive::{Load, Outcome, drive, unique_name};
pub(crate) use evolve::Evolution;
pub(crate) use key::{Key, Question, find, questions, register_base, seed};
pub(crate) use mix::{Mix, Source};
