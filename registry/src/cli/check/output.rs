//! Reports: on standard output and in files.

use std::fs::OpenOptions;
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
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

/// Writes all reports; text on standard output if nothing else is said there. All are tried before one that cannot be written
/// ends the command: a report that is missing is nothing that a build may pass over.
pub fn write(
    reports: &[Report],
    verdict: &Verdict,
    color: Color,
    fail_on: Severity,
    exit: Exit,
) -> Result<(), Usage> {
    let rendered = |format: Format, colour: bool| {
        let context = Context { colour, fail_on, exit, version: env!("CARGO_PKG_VERSION") };
        render(format, verdict, &context)
    };
    let mut lost = Vec::new();
    for Report { format, file } in reports {
        let written = match file {
            None => print(&rendered(*format, is_coloured(color))),
            Some(file) => save(file, &rendered(*format, false))
                .map_err(|e| Usage(format!("{}: cannot be written: {e}", file.display()))),
        };
        lost.extend(written.err().map(|usage| usage.0));
    }
    if reports.iter().all(|report| report.file.is_some()) {
        lost.extend(print(&rendered(Format::Text, is_coloured(color))).err().map(|usage| usage.0));
    }
    if lost.is_empty() { Ok(()) } else { Err(Usage(lost.join("\n"))) }
}

/// Two reports in one file would be none.
pub fn validate(reports: &[Report]) -> Result<(), Usage> {
    let files: Vec<&PathBuf> = reports.iter().filter_map(|report| report.file.as_ref()).collect();
    let twice = files.iter().enumerate().find(|(at, file)| files[..*at].contains(file) && !is_summary(file));
    match twice {
        None => Ok(()),
        Some((_, file)) => Err(Usage(format!("two reports for {}: name a file for each", file.display()))),
    }
}

/// Prints something. Who has stopped to read has read enough, which is no reason to end in another way.
pub fn print(text: &str) -> Result<(), Usage> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Usage(format!("standard output: cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// The summary of a job on GitHub is a file that several steps write to; other files are of one run.
fn save(file: &Path, text: &str) -> std::io::Result<()> {
    let is_summary = is_summary(file);
    let mut options = OpenOptions::new();
    options.create(true).append(is_summary).write(true).truncate(!is_summary);
    options.open(file)?.write_all(text.as_bytes())
}

fn is_summary(file: &Path) -> bool {
    std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|summary| file.as_os_str() == summary)
}

fn is_coloured(color: Color) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && !is_set("NO_COLOR"),
    }
}
