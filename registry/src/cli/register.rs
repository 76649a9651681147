//! `ottla register`: schema files to a registry, in the order of their references.
//!
//! ```text
//! register/plan.rs     which files under which subjects, in which order
//! register/write.rs    registers them
//! register/preview.rs  says what that would come to
//! register/verdict.rs  may a file follow what is there, and what breaks
//! register/report.rs   what is printed
//! ```

pub(super) mod plan;
mod preview;
mod report;
mod verdict;
mod write;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ottla_gate::finding::Finding;
use ottla_gate::verdict::Exit;

use super::access::Target;
use super::baseline::registry::{Registry, Trouble, run as wait};
use super::project::{Project, ProjectOptions};
pub(super) use plan::{Plan, Step};
use report::Report;
use verdict::show;

/// What `ottla register` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    #[command(flatten)]
    project: ProjectOptions,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Let the registry normalise texts, so that the order of attributes makes no other schema of them
    #[arg(long)]
    normalize: bool,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    target: Target,
}

/// How things are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

const EXAMPLES: &str = "\
Examples:
  ottla register --registry http://localhost:8081 --dry-run
  ottla register schemas/orders --registry http://localhost:8081

Levels that ottla.toml says are set first, where they differ. Files that others refer to come before
them, also those that were not asked for. A second run changes nothing.

Ends with 0 if all is registered; with 1 if a schema is wrong or may not follow what is there (or,
with --dry-run, could not be registered); with 2 if the command line or ottla.toml is wrong; with 3
if the registry is away, refuses to change anything, or answers what is not understood.";

/// Why it ended before its end.
#[derive(Debug)]
enum Failure {
    /// The schema is wrong, or may not follow.
    Refused { words: String, findings: Vec<Finding> },
    /// The registry did not do what it was asked.
    Stopped(String),
}

/// Runs the command.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let project = Project::open(&options.project)?;
    let plan = Plan::of(&project)?;
    let registry = Registry::new(options.target.client(&project)?);
    let mut report = Report::new(options, &registry);
    let done = match options.dry_run {
        true => wait(preview::preview(&registry, &plan, options.normalize, &mut report))?,
        false => wait(write::write(&registry, &plan, options.normalize, &mut report))?,
    };
    let exit = match &done {
        Ok(()) if report.would_be_refused() => Exit::Findings,
        Ok(()) => Exit::Fine,
        Err((_, Failure::Refused { .. })) => Exit::Findings,
        Err((_, Failure::Stopped(_))) => Exit::NotCompared,
    };
    if let Err((step, failure)) = done {
        report.failed(step, &failure, exit);
    }
    report.end();
    Ok(ExitCode::from(exit as u8))
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match &trouble {
            Trouble::Registry(error) if error.is_incompatible() || error.is_invalid_schema() => {
                let words =
                    error.refusal().map_or_else(|| error.to_string(), |refusal| refusal.message.clone());
                Self::Refused { words, findings: Vec::new() }
            }
            _ => Self::Stopped(trouble.to_string()),
        }
    }
}

/// Says something on standard error. Nobody may be able to read it, which is no reason to end in another way.
pub(super) fn complain(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Prints a line at once.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
