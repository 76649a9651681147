//! `ottla diff`: how two schemas differ, in words, and whether each reads what the other writes.
//!
//! ```text
//! diff/name.rs     what is named: a file, a version of a registry or lock file, a file of a commit
//! diff/side.rs     the schema of a name;  diff/local.rs  of files;  diff/commit.rs  of commits;  diff/version.rs  of versions
//! diff/outcome.rs  the differences and both verdicts
//! diff/text.rs     for people;  diff/json.rs  for programs
//! ```

mod commit;
mod json;
mod local;
mod name;
mod outcome;
mod side;
mod text;
mod version;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ottla_gate::verdict::Exit;

use super::Usage;
use super::access::Target;
use outcome::Outcome;
use side::Failure;

/// What `ottla diff` takes.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Options {
    /// The old schema
    #[arg(value_name = "A")]
    old: String,
    /// The new schema
    #[arg(value_name = "B")]
    new: String,

    /// What is written
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORM")]
    format: Format,
    /// End with 1 if the schemas differ
    #[arg(long)]
    exit_code: bool,

    /// The project's configuration; ottla.toml of this folder or of one above it, if nothing is said
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The lock file for lock:SUBJECT:VERSION; the project's, if nothing is said
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

const HELP: &str = "\
A and B are, whichever fits first:
  schemas/order.avsc          a file that is there
  file:PATH                   a file
  git:REF:PATH                a file of a commit, branch or tag; the path as from the root of the
                              repository, or from this folder
  registry:SUBJECT:VERSION    a version of the registry; VERSION is a number or latest
  lock:SUBJECT:VERSION        a version of the lock file
  SUBJECT:VERSION             a version of the registry
  REF:PATH                    a file of a commit

Examples:
  ottla diff HEAD:schemas/order.avsc schemas/order.avsc
  ottla diff orders-value:latest schemas/order.avsc --registry http://localhost:8081
  ottla diff orders-value:1 orders-value:latest --format json

Ends with 0 if both schemas could be had, with --exit-code 1 if they differ; with 2 if the command
line is wrong, and with 3 if a schema could not be had.";

/// Shows how two schemas differ.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let sides = side::both(options);
    let (old, new) = match sides {
        Ok(sides) => sides,
        Err(failures) => return told(failures),
    };
    let outcome = Outcome::of(&old, &new);
    let text = match options.format {
        Format::Text => text::render(&old, &new, &outcome),
        Format::Json => json::render(&old, &new, &outcome)?,
    };
    std::io::stdout().write_all(text.as_bytes())?;
    let differs = !outcome.changes.is_empty();
    Ok(code(if differs && options.exit_code { Exit::Findings } else { Exit::Fine }))
}

/// Says what is wrong with the names, or why schemas could not be had.
fn told(failures: Vec<Failure>) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut usage = Vec::new();
    for failure in failures {
        match failure {
            Failure::Usage(words) => usage.push(words),
            // Nobody may be able to read it, which is no reason to end in another way.
            Failure::Missing(words) => _ = writeln!(std::io::stderr(), "ottla: {words}"),
            Failure::Invalid(errors) => _ = writeln!(std::io::stderr(), "{errors}"),
        }
    }
    if usage.is_empty() {
        return Ok(code(Exit::NotCompared));
    }
    Err(Usage(usage.join("\n")).into())
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}
