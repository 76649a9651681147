//! `ottla drift`: where schema files and a registry differ.
//!
//! ```text
//! drift/compare.rs  a file and what its subject holds
//! drift/report.rs   what is printed
//! ```

mod compare;
mod report;

use std::collections::HashSet;
use std::process::ExitCode;

use clap::Args;
use futures_util::stream::{self, StreamExt as _};
use ottla_gate::verdict::Exit;

use super::access::Target;
use super::baseline::registry::{Registry, run as wait};
use super::project::{Project, ProjectOptions};
use super::register::{Format, Plan, Step};
use crate::domain::Subject;
use compare::{Drift, compare};
use report::Report;

/// How many files are looked at at once.
const AT_ONCE: usize = 8;

/// What `ottla drift` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    #[command(flatten)]
    project: ProjectOptions,
    /// Tell the registry's subjects that no file stands for, too
    #[arg(long)]
    all: bool,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
Examples:
  ottla drift --registry http://localhost:8081
  ottla drift --registry http://localhost:8081 --all --format json

A file is the same as a version if only blanks, comments or the order of attributes differ. What it
refers to counts as a part of it. Differences are told from the registry's latest version to the
file.

Ends with 0 if each file is the latest version of its subject, and levels that ottla.toml says are
those that hold; with 1 if something differs; with 2 if the command line or ottla.toml is wrong;
with 3 if something could not be compared.";

/// Runs the command.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let project = Project::open(&options.project)?;
    let plan = Plan::of(&project)?;
    let registry = Registry::new(options.target.client(&project)?);
    // What was not asked for is there only because others refer to it.
    let steps: Vec<&Step<'_>> = plan.steps.iter().filter(|step| project.files.is_given(step.file)).collect();
    let (found, strangers) = wait(async {
        let compared = stream::iter(&steps).map(|step| compare(&registry, &plan, step)).buffered(AT_ONCE);
        let found: Vec<Drift> = compared.collect().await;
        let strangers = if options.all { Some(strangers(&registry, &project).await) } else { None };
        (found, strangers)
    })?;
    let mut report = Report::new(options.format, registry.url());
    for (step, drift) in steps.iter().zip(&found) {
        report.file(step, drift);
    }
    match strangers {
        None => {}
        Some(Ok(subjects)) => subjects.iter().for_each(|subject| report.stranger(subject)),
        Some(Err(words)) => report.not_listed(&words),
    }
    report.end();
    let exit = match (report.differs, report.is_incomplete) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::NotCompared,
        (false, false) => Exit::Fine,
    };
    Ok(ExitCode::from(exit as u8))
}

/// The subjects that no file of the project stands for, whether or not it was asked for.
async fn strangers(registry: &Registry, project: &Project) -> Result<Vec<String>, String> {
    let known = project.members.iter().filter_map(|member| member.subject.as_deref());
    let known: HashSet<Subject> = known.map(Subject::parse).collect();
    let all = registry.ask(registry.client.subjects()).await.map_err(|trouble| trouble.to_string())?;
    Ok(all.into_iter().filter(|subject| !known.contains(&Subject::parse(subject))).collect())
}
