//! The schema of a name.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use ottla_formats::avro::{Mode, Schema};
use ottla_gate::error::Errors;
use ottla_gate::source::{Loaded, Source, Text, load_texts};

use super::name::Name;
use super::{Options, commit, local, version};
use crate::cli::Usage;
use crate::cli::project::paths::Root;
use crate::cli::project::{Project, ProjectOptions};

/// One of the two schemas.
#[derive(Debug)]
pub(super) struct Side {
    /// As it was given.
    pub(super) name: String,
    /// What it is: `file`, `git`, `registry` or `lock`.
    pub(super) kind: &'static str,
    /// What it is called in sentences: `version 3`, `1a2b3c4`, the file.
    pub(super) label: String,
    /// Where it comes from: a commit, the URL of a registry, a lock file.
    pub(super) origin: Option<String>,
    /// The texts that it was read from, and which of them it is.
    pub(super) sources: Vec<Source>,
    pub(super) at: usize,
}

/// Why there is no schema.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the configuration is wrong.
    Usage(String),
    /// It is not there, or cannot be reached.
    Missing(String),
    /// It is no schema.
    Invalid(Errors),
}

/// What names are looked up in.
pub(super) struct Places<'a> {
    pub(super) options: &'a Options,
    /// The folder that the command runs in.
    pub(super) here: PathBuf,
    pub(super) root: Root,
    project: OnceCell<Project>,
}

/// The schemas of both names, or all that is wrong with them.
pub(super) fn both(options: &Options) -> Result<(Side, Side), Vec<Failure>> {
    let here = std::env::current_dir();
    let here = here.map_err(|e| vec![Failure::Usage(format!("the working directory: {e}"))])?;
    let root = Root::of(&here);
    let places = Places { options, here, root, project: OnceCell::new() };
    match (places.find(&options.old), places.find(&options.new)) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => Err(old.err().into_iter().chain(new.err()).collect()),
    }
}

impl Places<'_> {
    fn find(&self, name: &str) -> Result<Side, Failure> {
        let is_file = |path: &str| Path::new(path).is_file();
        match Name::parse(name, is_file).map_err(Failure::Usage)? {
            Name::File(path) => local::side(self, name, &path),
            Name::Commit { reference, path } => commit::side(self, name, &reference, &path),
            Name::Registry { subject, version } => version::of_registry(self, name, &subject, version),
            Name::Lock { subject, version } => version::of_lock(self, name, &subject, version),
        }
    }

    /// The whole project. It is read when something else than a schema without references is named.
    pub(super) fn project(&self) -> Result<&Project, Failure> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let project = self.project_with(Vec::new())?;
        Ok(self.project.get_or_init(|| project))
    }

    /// The same with files that are asked for.
    pub(super) fn project_with(&self, paths: Vec<PathBuf>) -> Result<Project, Failure> {
        let config = self.options.config.clone();
        Project::open_for_schemas(&ProjectOptions { paths, config })
            .map_err(|Usage(words)| Failure::Usage(words))
    }
}

impl Side {
    /// The schema.
    pub(super) fn schema(&self) -> &Schema {
        &self.sources[self.at].schema
    }

    /// Do lines and columns mean something to whoever knows the name?
    pub(super) fn has_lines(&self) -> bool {
        matches!(self.kind, "file" | "git")
    }
}

/// Reads one text alone.
pub(super) fn alone(name: &str, content: Vec<u8>) -> Loaded {
    load_texts(vec![Text { name: name.to_owned(), content: Ok(content) }], Mode::Lookup)
}

/// The source of a name; what is wrong with it otherwise.
pub(super) fn found(loaded: Loaded, name: &str) -> Result<(Vec<Source>, usize), Failure> {
    if let Some(at) = loaded.sources.iter().position(|source| source.file.found.shown == name) {
        return Ok((loaded.sources, at));
    }
    let (own, others): (Vec<_>, Vec<_>) =
        loaded.errors.into_iter().partition(|error| error.file() == Some(name));
    // It may be another file with something wrong in it that it refers to.
    let errors = if own.is_empty() { others } else { own };
    if errors.is_empty() {
        return Err(Failure::Missing(format!("{name}: there is no such schema")));
    }
    Err(Failure::Invalid(Errors::of(errors)))
}
