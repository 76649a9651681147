//! `ottla check`: may the schema files follow what was released?
//!
//! Every file is compared with every baseline, and of each pair something becomes: what could not be compared is said, and
//! the command then fails. It ends with 0 only if all was compared and is fine.
//!
//! ```text
//! check/columns.rs  the baselines, asked about all files
//! check/outcome.rs  what becomes of a file and a baseline
//! check/newness.rs  what a baseline does not know: is it new, or is its name wrong?
//! check/disagreement.rs a registry that says something else
//! check/broken.rs   files that are no schemas
//! check/waivers.rs  findings that somebody answers for
//! check/output.rs   reports
//! ```

mod broken;
mod columns;
mod disagreement;
mod newness;
mod outcome;
mod output;
mod waivers;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use ottla_formats::compatibility::Level;
use ottla_gate::finding::Severity;
use ottla_gate::lint;
use ottla_gate::report::printable;
use ottla_gate::verdict::Verdict;

use self::columns::Columns;
use self::outcome::Table;
use self::output::{Color, Report};
use self::waivers::Waivers;
use super::access::Access;
use super::baseline::Against;
use super::project::{Project, ProjectOptions, show};
use super::{Usage, day};

/// What `ottla check` takes.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    #[command(flatten)]
    project: ProjectOptions,

    /// What to compare with: git, git:REF, registry, registry:URL, lock or lock:FILE; may be given several times. A comma
    /// separates several URLs of one registry
    ///
    /// git:REF is the commit where the history of what is checked out parted from REF, as of a pull request; for a tag or
    /// commit of that history itself it is the tag or commit. git alone takes for REF the branch that the change goes to
    /// (GITHUB_BASE_REF, CI_MERGE_REQUEST_DIFF_BASE_SHA, CI_MERGE_REQUEST_TARGET_BRANCH_NAME), else the default branch:
    /// origin/HEAD, origin/main, origin/master, main or master. On the default branch itself it is the commit before the push
    /// (GITHUB_EVENT_PATH, CI_COMMIT_BEFORE_SHA); where nothing says what was pushed, what is not committed is compared with
    /// HEAD, and if there is no such thing, HEAD with the commit before, HEAD~1.
    ///
    /// Levels that ask for all versions are compared with every state of a subject along the first parents of the commit.
    ///
    /// Nothing given: what ottla.toml says, else git.
    #[arg(long, value_name = "BASELINE", value_parser = against)]
    against: Vec<Against>,

    /// How to report: text, json, junit, sarif, github, gitlab or markdown, and where to; may be given several times
    ///
    /// Without a file it goes to standard output, and so does text if nothing else does.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<Report>,

    /// The lock file, if it is another one than that of the project
    #[arg(long, value_name = "FILE")]
    lock: Option<std::path::PathBuf>,

    /// The level of all subjects, whatever else is said
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Option<Level>,

    /// Take what a baseline does not know as new
    #[arg(long)]
    allow_new: bool,

    /// Do not fail if there are no schema files
    #[arg(long)]
    allow_empty: bool,

    /// Fail if a baseline does not know a subject, even if its file is new
    #[arg(long, conflicts_with = "allow_new")]
    require_existing: bool,

    /// The least weight of findings that fail the check: error, warning or note
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: Severity,

    /// Show what is understood of the project, and check nothing
    #[arg(long)]
    print_config: bool,

    /// Colours in text
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,

    /// The day that waivers expire by
    #[arg(long, env = "OTTLA_TODAY", value_name = "DAY", hide = true, value_parser = today)]
    today: Option<String>,

    #[command(flatten)]
    access: Access,
}

const AFTER_HELP: &str = "Exit codes: 0 every file was compared and is fine, 1 there are findings, 2 the command line or the \
configuration is wrong or there are no files, 3 something could not be compared.";

/// Runs the command.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    output::validate(&options.format)?;
    let mut project = Project::open(&options.project)?;
    if let Some(level) = options.level {
        project.members.iter_mut().for_each(|member| {
            member.level = Some(level);
            member.level_why = "said by --level";
        });
    }
    let lints = lints(&project)?;
    let waivers = Waivers::new(&project)?;
    let baselines = columns::baselines(&project, &options.against);
    if options.print_config {
        let names = baselines.iter().flatten().map(ToString::to_string);
        output::print(&show(&project, &names.collect::<Vec<_>>()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let baselines = baselines?;
    let columns = Columns::ask(&project, &baselines, options)?;
    for note in columns.notes(&project) {
        let _ = writeln!(std::io::stderr(), "ottla: {}", printable(&note));
    }
    let mut verdict = verdict(&project, &columns, options, &lints);
    let today = options.today.clone().unwrap_or_else(day::today);
    waivers.apply(&project, &mut verdict, &today, columns.are_all_configured(&project));
    outcome::settle(&mut verdict);
    verdict.sort();
    if verdict.checks.is_empty() && !options.allow_empty {
        let words = "there are no schema files here: name some, or say --allow-empty";
        return Err(Usage(words.to_owned()).into());
    }
    meant_something(&project, &verdict)?;
    let exit = verdict.exit(options.fail_on);
    output::write(&options.format, &verdict, options.color, options.fail_on, exit)?;
    Ok(ExitCode::from(exit as u8))
}

/// What becomes of each file against each baseline, and all that is found.
fn verdict(project: &Project, columns: &Columns<'_>, options: &Options, lints: &lint::Settings) -> Verdict {
    let mut table = Table::new(project, columns, options.allow_new, options.require_existing);
    let mut verdict = Verdict { checks: table.checks(), findings: table.findings };
    verdict.findings.extend(broken::findings(project));
    for member in project.selected() {
        let Ok(at) = member.source else { continue };
        let previous = columns.previous(member);
        verdict.findings.extend(lint::lint(&project.loaded.sources, at, previous, lints));
    }
    verdict
}

/// Lists of files that match none are mistyped: what they are about would pass unseen, or at another level.
fn meant_something(project: &Project, verdict: &Verdict) -> Result<(), Usage> {
    if project.files.given.is_some() {
        return Ok(());
    }
    let gone = verdict.checks.iter().filter_map(|check| check.file.as_deref());
    let files: Vec<&str> = project.files.all.keys().map(String::as_str).chain(gone).collect();
    let unmatched = project.scope.unmatched(&files).into_iter().map(|at| (at, "no schema file is there"));
    let of_subjects = project.names.unmatched(project.config(), &files).into_iter();
    let mut all = unmatched.chain(of_subjects.map(|at| (at, "no schema file is one of these")));
    all.next().map_or(Ok(()), |(at, message)| Err(project.wrong(at, message)))
}

fn lints(project: &Project) -> Result<lint::Settings, Usage> {
    let mut settings = lint::Settings::default();
    for (name, level) in &project.config().lint {
        let set = settings.set(name.get_ref(), level.name());
        set.map_err(|error| project.wrong(name.span().start, &error.to_string()))?;
    }
    Ok(settings)
}

fn against(text: &str) -> Result<Against, String> {
    text.parse().map_err(str::to_owned)
}

fn level(text: &str) -> Result<Level, String> {
    let names = Level::ALL.map(Level::name).join(", ");
    text.parse().map_err(|_| format!("expected one of {names}"))
}

fn today(text: &str) -> Result<String, &'static str> {
    if day::is_day(text) { Ok(text.to_owned()) } else { Err("expected a day, as in 2026-12-31") }
}
