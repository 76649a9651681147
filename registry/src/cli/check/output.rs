//! Reports: on standard output and in files.

use std::fs::OpenOptions;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use ottla_gate::finding::Severity;
use ottla_gate::report::{Context, Format, render};
use ottla_gate::verdict::{Exit, Verdict};

use crate::cli::Usage;

/// A report that is wanted.
#[derive(Debug, Clone)]
pub struct Report {
    format: Format,
    file: Option<PathBuf>,
}

/// Is text coloured?
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file is named behind =".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Self {
            format: format.parse().map_err(|e: ottla_gate::report::UnknownFormat| e.to_string())?,
            file,
        })
    }
}

/// Writes all reports.
pub fn write(
    reports: &[Report],
    verdict: &Verdict,
    color: Color,
    fail_on: Severity,
    exit: Exit,
) -> Result<(), Usage> {
    for Report { format, file } in reports {
        let colour = file.is_none() && is_coloured(color);
        let context = Context { colour, fail_on, exit, version: env!("CARGO_PKG_VERSION") };
        let text = render(*format, verdict, &context);
        match file {
            None => print(&text),
            Some(file) => {
                save(file, &text)
                    .map_err(|e| Usage(format!("{}: cannot be written: {e}", file.display())))?;
            }
        }
    }
    Ok(())
}

/// Nobody may read it, and that is no reason to end in another way.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The summary of a job on GitHub is a file that several steps write to; other files are of one run.
fn save(file: &PathBuf, text: &str) -> std::io::Result<()> {
    let is_summary =
        std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|summary| file.as_os_str() == summary);
    let mut options = OpenOptions::new();
    options.create(true).append(is_summary).write(true).truncate(!is_summary);
    options.open(file)?.write_all(text.as_bytes())
}

fn is_coloured(color: Color) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && !is_set("NO_COLOR"),
    }
}
