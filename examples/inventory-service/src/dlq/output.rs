//! Standard output, which may go away.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Lines for whoever reads them.
pub(super) struct Output<W = io::Stdout> {
    to: W,
    is_read: bool,
}

impl Output {
    /// Standard output.
    pub fn standard() -> Self {
        Self::to(io::stdout())
    }
}

impl<W: Write> Output<W> {
    fn to(to: W) -> Self {
        Self { to, is_read: true }
    }

    /// Writes a line. That nobody reads it any more is no error.
    pub fn line(&mut self, line: Arguments<'_>) -> io::Result<()> {
        if !self.is_read {
            return Ok(());
        }
        match writeln!(self.to, "{line}") {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(())
            }
            written => written,
        }
    }

    /// Does anybody read it, as far as it is known?
    pub fn is_read(&self) -> bool {
        self.is_read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone(ErrorKind);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_and_a_full_disk_is() {
        let mut output = Output::to(Gone(ErrorKind::BrokenPipe));
        assert!(output.line(format_args!("1")).is_ok() && !output.is_read());
        assert!(output.line(format_args!("2")).is_ok());
        assert!(Output::to(Gone(ErrorKind::StorageFull)).line(format_args!("1")).is_err());
    }
}
