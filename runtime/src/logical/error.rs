//! Why a value cannot be what it is asked to be.

use std::borrow::Cow;

use thiserror::Error;

/// How much of a text an error shows.
const SHOWN: usize = 40;

/// A text that is no value of a logical type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is no {what}: {reason}")]
pub struct ParseError {
    text: Box<str>,
    what: &'static str,
    reason: Cow<'static, str>,
}

impl ParseError {
    pub(super) fn new(what: &'static str, text: &str, reason: impl Into<Cow<'static, str>>) -> Self {
        let shown = match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]).into(),
            None => text.into(),
        };
        Self { text: shown, what, reason: reason.into() }
    }
}

/// A point in time that the other type cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the point in time is beyond what {0} holds")]
pub struct OutOfRange(pub(super) &'static str);

/// A number that is no value of a decimal type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The number has more digits than the schema's `precision`.
    #[error("the number has more than {precision} digits")]
    Precision {
        /// The digits that the type takes, before and after the decimal point together.
        precision: u32,
    },
    /// Digits after the decimal point would be lost.
    #[error("the number has more than {scale} digits after the decimal point")]
    Scale {
        /// The digits that the type takes after the decimal point.
        scale: u32,
    },
}
