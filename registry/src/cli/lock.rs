//! `ottla lock`: a snapshot of what was released, for checks and builds without a network.
//!
//! From the schema files: what is not the newest version of its subject becomes one, if it may follow those before it. From a
//! registry: what it holds of the project's subjects, and of all that they refer to.
//!
//! ```text
//! lock/options.rs   flags
//! lock/update.rs    from the schema files
//! lock/candidate.rs a schema file, as a version of its subject
//! lock/outcome.rs   what became of a file, and who answers for what it breaks
//! lock/fetch.rs     from a registry
//! lock/gone.rs      subjects whose files are not there any more
//! lock/texts.rs     the files of texts
//! lock/changes.rs   how two locks differ
//! ```

mod candidate;
mod changes;
mod fetch;
mod gone;
mod options;
mod outcome;
mod texts;
mod update;

use std::io::Write as _;
use std::process::ExitCode;

use ottla_gate::error::Errors;
use ottla_gate::finding::Severity;
use ottla_gate::lock::Lock;
use ottla_gate::report::{Context, Format, render};
use ottla_gate::verdict::{Exit, Verdict};

use super::Usage;
use super::project::Project;
use changes::{Change, changes};
pub use options::Options;
use update::Update;

/// Why nothing is locked.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// The command line or the configuration is wrong.
    #[error(transparent)]
    Usage(#[from] Usage),
    /// The lock file is not what it says; exit code 2.
    #[error("{0}")]
    Corrupt(Errors),
    /// Schema files are wrong, or cannot be written.
    #[error("{0}")]
    Wrong(#[from] Errors),
    /// The registry cannot be asked, or does not know something; exit code 3.
    #[error("{0}")]
    NotCompared(String),
}

/// Runs the command.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match lock(options) {
        Ok(exit) => Ok(ExitCode::from(exit as u8)),
        Err(Stop::Usage(usage)) => Err(usage.into()),
        Err(stop) => {
            // Nobody may be able to read it, which is no reason to end in another way.
            let _ = match &stop {
                Stop::Wrong(_) | Stop::Corrupt(_) => writeln!(std::io::stderr(), "{stop}"),
                _ => writeln!(std::io::stderr(), "ottla: {stop}"),
            };
            Ok(ExitCode::from(match stop {
                Stop::Wrong(_) => Exit::Findings,
                Stop::NotCompared(_) => Exit::NotCompared,
                Stop::Usage(_) | Stop::Corrupt(_) => Exit::Usage,
            } as u8))
        }
    }
}

fn lock(options: &Options) -> Result<Exit, Stop> {
    let project = Project::open(&options.project)?;
    let choices = options.choices()?;
    if project.members.is_empty() {
        return Err(Usage(
            "there are no schema files: name some, or say in ottla.toml where they are".to_owned(),
        )
        .into());
    }
    wrong_files(&project)?;
    let path = options.lock_file(&project);
    let shown = project.root.name(&path);
    let old = match path.exists() {
        true => Lock::read_as(&path, &shown).map_err(Stop::Corrupt)?,
        false => Lock::new_as(&path, &shown),
    };
    let mut update = Update::new(&project, &choices, &old);
    match options.client(&project)? {
        Some(client) => {
            let fetched = fetch::fetch(client, &project, &choices, &old)?;
            update.go_on_from(fetched)?;
        }
        None => update.all()?,
    }
    gone::tell(&project, &choices, &old, &mut update)?;
    let Update { mut lock, verdict, .. } = update;
    if verdict.exit(Severity::Error) == Exit::Findings {
        return refuse(verdict, &shown);
    }
    texts::place(&mut lock, options, &old)?;
    lock.seal()?;
    let changes = changes(&project, &old, &lock);
    if options.check { check(&old, &lock, &changes) } else { write(&old, &lock, &changes) }
}

/// What is wrong with the files that were asked for.
fn wrong_files(project: &Project) -> Result<(), Stop> {
    let wrong = project.selected().filter_map(|member| member.source.as_ref().err());
    let errors: Vec<_> = wrong.cloned().collect();
    if errors.is_empty() { Ok(()) } else { Err(Errors::of(errors).into()) }
}

/// Says what breaks; nothing is written.
fn refuse(mut verdict: Verdict, shown: &str) -> Result<Exit, Stop> {
    verdict.sort();
    let version = env!("CARGO_PKG_VERSION");
    let context = Context { colour: false, fail_on: Severity::Error, exit: Exit::Findings, version };
    say(&render(Format::Text, &verdict, &context));
    let _ = writeln!(
        std::io::stderr(),
        "ottla: {shown} stays as it is; a break that is wanted is accepted with --accept-breaking SUBJECT --reason \"...\""
    );
    Ok(Exit::Findings)
}

fn check(old: &Lock, new: &Lock, changes: &[Change]) -> Result<Exit, Stop> {
    let mut text: String =
        changes.iter().map(|change| format!("{}: {}\n", change.place, change.what)).collect();
    let is_written = texts::is_written(old, new);
    if changes.is_empty() && is_written {
        say(&format!("{} is up to date\n", new.shown()));
        return Ok(Exit::Fine);
    }
    if changes.is_empty() {
        text = format!("{}:1: this is not what is written for the same versions\n", new.shown());
    }
    say(&text);
    let _ =
        writeln!(std::io::stderr(), "ottla: {} is out of date: run `ottla lock` and commit it", new.shown());
    Ok(Exit::Findings)
}

fn write(old: &Lock, new: &Lock, changes: &[Change]) -> Result<Exit, Stop> {
    let has_changed = new.write()?;
    texts::sweep(old, new);
    say(&changes.iter().map(|change| format!("{}\n", change.done)).collect::<String>());
    let what = if has_changed { "is written" } else { "is up to date" };
    say(&format!("{} {what}\n", new.shown()));
    Ok(Exit::Fine)
}

fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
