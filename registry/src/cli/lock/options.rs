//! Flags of `ottla lock`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use ottla::client::Client;

use crate::cli::Usage;
use crate::cli::access::{Access, urls};
use crate::cli::project::{Project, ProjectOptions};

/// What `ottla lock` takes.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    #[command(flatten)]
    pub(super) project: ProjectOptions,

    /// The lock file, if it is not the one of ottla.toml: schemas/ottla.lock, or ottla.lock where there is no such folder
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,

    /// Write nothing; fail if the lock file is out of date, and say where
    #[arg(long)]
    pub(super) check: bool,

    /// Lock what this registry holds, instead of what the schema files are; several URLs of one with commas between
    #[arg(long, value_name = "URL")]
    registry: Vec<String>,

    /// The same, with the registry of OTTLA_REGISTRY or ottla.toml
    #[arg(long, conflicts_with = "registry")]
    from_registry: bool,

    /// Lock subjects that the registry does not know from their files
    #[arg(long)]
    allow_new: bool,

    /// Replace the newest version of what has changed, if that is not registered yet, instead of adding one
    #[arg(long)]
    amend: bool,

    /// Lock a break that is wanted: versions before it are no longer compared
    #[arg(long, value_name = "SUBJECT", requires = "reason")]
    accept_breaking: Vec<String>,

    /// Why the break is wanted, for whoever reviews it: one for all, or one for each
    #[arg(long, value_name = "TEXT", requires = "accept_breaking")]
    reason: Vec<String>,

    /// Take a subject out whose file is gone
    #[arg(long, value_name = "SUBJECT")]
    remove: Vec<String>,

    /// Keep the texts of schemas in files of this folder, which is in that of the lock, instead of in the lock
    #[arg(long, value_name = "FOLDER")]
    pub(super) texts: Option<PathBuf>,

    #[command(flatten)]
    access: Access,
}

const AFTER_HELP: &str = "Exit codes: 0 the lock file is up to date, now or, with --check, as it is; 1 a schema is wrong or \
breaks what is locked, or, with --check, the lock file is out of date; 2 the command line, the configuration or the lock file \
is wrong; 3 the registry is away, or does not know a subject.";

/// What was chosen about subjects.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) amend: bool,
    pub(super) allow_new: bool,
    /// The whole project, not single files.
    pub(super) is_whole: bool,
    /// Subject -> reason.
    pub(super) accept: BTreeMap<String, String>,
    pub(super) remove: Vec<String>,
}

impl Options {
    /// The lock file.
    pub(super) fn lock_file(&self, project: &Project) -> PathBuf {
        match &self.lock {
            Some(path) => std::env::current_dir().unwrap_or_default().join(path),
            None => project.lock_file(),
        }
    }

    /// What was chosen about subjects.
    pub(super) fn choices(&self) -> Result<Choices, Usage> {
        let (subjects, reasons) = (&self.accept_breaking, &self.reason);
        if reasons.len() != 1 && reasons.len() != subjects.len() {
            let count = format!("{} subjects and {} reasons", subjects.len(), reasons.len());
            return Err(Usage(format!(
                "--accept-breaking: {count}; give one --reason for all, or one for each"
            )));
        }
        if let Some(reason) = reasons.iter().find(|r| r.trim().is_empty() || r.chars().any(char::is_control))
        {
            return Err(Usage(format!("--reason {reason:?}: a text of one line is expected")));
        }
        let reason = |at: usize| reasons.get(at).or(reasons.first()).cloned().unwrap_or_default();
        Ok(Choices {
            amend: self.amend,
            allow_new: self.allow_new,
            is_whole: self.project.paths.is_empty(),
            accept: subjects.iter().enumerate().map(|(at, subject)| (subject.clone(), reason(at))).collect(),
            remove: self.remove.clone(),
        })
    }

    /// A client of the registry, if one is to be asked.
    pub(super) fn client(&self, project: &Project) -> Result<Option<Client>, Usage> {
        if !self.from_registry && self.registry.is_empty() {
            if self.allow_new {
                return Err(Usage(
                    "--allow-new is about a registry: give --registry or --from-registry".to_owned(),
                ));
            }
            return Ok(None);
        }
        let urls = if self.from_registry { configured(project)? } else { said(&self.registry)? };
        self.access.strict_client(&urls).map(Some)
    }
}

/// The registry of the command line.
fn said(texts: &[String]) -> Result<Vec<String>, Usage> {
    let urls: Vec<String> = texts.iter().flat_map(|text| urls(text)).collect();
    if urls.is_empty() { Err(Usage("--registry: no URL is given".to_owned())) } else { Ok(urls) }
}

/// The registry of the environment or of `ottla.toml`.
fn configured(project: &Project) -> Result<Vec<String>, Usage> {
    let urls = project.registry_urls();
    if urls.is_empty() {
        let message = "--from-registry: there is no OTTLA_REGISTRY, and no url in [registry] of ottla.toml";
        return Err(Usage(message.to_owned()));
    }
    Ok(urls)
}
