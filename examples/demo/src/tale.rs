//! How it is told: short lines on standard output, as things happen.

use std::fmt::Arguments;
use std::io::Write as _;

/// A chapter begins.
pub fn chapter(number: u32, title: &str) {
    print(format_args!("\n{number}  {title}\n"));
}

/// A line, of several where the text has several.
pub fn line(text: Arguments<'_>) {
    for line in text.to_string().lines() {
        // A line without words has no margin either.
        let margin = if line.trim().is_empty() { "" } else { "   " };
        print(format_args!("{margin}{}\n", line.trim_end()));
    }
}

/// Whoever listened may have gone, and that is fine.
fn print(text: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_fmt(text).and_then(|()| out.flush());
}

/// Tells a line.
macro_rules! say {
    ($($text:tt)*) => { $crate::tale::line(format_args!($($text)*)) };
}

/// Ends the story with a reason if something is not so.
macro_rules! ensure {
    ($is_so:expr, $($reason:tt)*) => {
        if !$is_so {
            return Err(format!($($reason)*).into());
        }
    };
}

pub(crate) use {ensure, say};
