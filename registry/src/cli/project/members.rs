//! The files of a project with their subjects.

use std::collections::{BTreeMap, HashMap, HashSet};

use ottla_formats::compatibility::Level;
use ottla_gate::error::Error;
use ottla_gate::source::Source;

use super::Project;
use super::config::FILE_NAME;
use super::naming::Named;
use crate::cli::Usage;

/// A file and its subject.
#[derive(Debug, Clone)]
pub struct Member {
    /// The file, by its way from the root, with `/`.
    pub file: String,
    /// The full name of its outermost type, if it has one.
    pub full_name: Option<String>,
    /// The subject. None for what is no schema, and for what was not asked for, if it cannot be told.
    pub subject: Option<String>,
    /// Where the subject's name comes from, for people.
    pub why: String,
    /// The level, if the project says one.
    pub level: Option<Level>,
    /// Where the level comes from, for people.
    pub level_why: &'static str,
    /// Its index in [`Loaded::sources`](ottla_gate::source::Loaded::sources), or why it is none.
    pub source: Result<usize, Error>,
    /// Was it asked for, itself or because it uses one that was? Everything is if nothing was asked for.
    pub selected: bool,
}

impl Member {
    /// Its schema.
    pub fn source<'p>(&self, project: &'p Project) -> Option<&'p Source> {
        self.source.as_ref().ok().and_then(|at| project.loaded.sources.get(*at))
    }
}

impl Project {
    /// Each file with its subjects, by the file's name.
    pub(super) fn members(&self, full_names: &HashMap<String, Option<String>>) -> (Vec<Member>, Vec<String>) {
        let sources: HashMap<&str, usize> =
            self.loaded.sources.iter().enumerate().map(|(at, s)| (s.file.found.shown.as_str(), at)).collect();
        let mut errors: HashMap<&str, &Error> = HashMap::new();
        for error in &self.loaded.errors {
            errors.entry(error.file().unwrap_or_default()).or_insert(error);
        }
        let selected = self.with_users();
        let (mut members, mut nameless) = (Vec::new(), Vec::new());
        for file in self.files.all.keys() {
            let source = match (sources.get(file.as_str()), errors.get(file.as_str())) {
                (Some(at), _) => Ok(*at),
                (None, Some(error)) => Err((*error).clone()),
                (None, None) => {
                    Err(Error::new("it refers to files with something wrong in them").in_file(file))
                }
            };
            let selected = selected.as_ref().is_none_or(|selected| selected.contains(file.as_str()));
            let full_name = full_names.get(file).cloned().flatten();
            let named = match self.names.of(self.config(), file, full_name.as_deref()) {
                Ok(named) => named.into_iter().map(Some).collect(),
                Err(why) => {
                    if selected && source.is_ok() {
                        nameless.push(format!("{file} has no subject: {why}"));
                    }
                    vec![None]
                }
            };
            members.extend(named.into_iter().map(|named| member(file, &full_name, named, &source, selected)));
        }
        (members, nameless)
    }

    /// The files that were asked for, and those that use them. None if nothing was asked for.
    fn with_users(&self) -> Option<HashSet<&str>> {
        let given = self.files.given.as_ref()?;
        let mut selected: HashSet<&str> = given.iter().map(String::as_str).collect();
        // Each source comes after those that it refers to.
        for source in &self.loaded.sources {
            let name = |at: &usize| self.loaded.sources[*at].file.found.shown.as_str();
            if source.references.iter().any(|(_, at)| selected.contains(name(at))) {
                selected.insert(&source.file.found.shown);
            }
        }
        Some(selected)
    }

    /// Which of two files would follow the versions of one subject is nothing to guess.
    pub(super) fn one_file_a_subject(&self) -> Result<(), Usage> {
        let mut files: BTreeMap<&str, &str> = BTreeMap::new();
        let mut twice = Vec::new();
        for member in self.selected() {
            let Some(subject) = member.subject.as_deref() else { continue };
            match files.get(subject) {
                None => {
                    files.insert(subject, &member.file);
                }
                Some(first) => {
                    twice.push(format!("subject {subject} is that of {first} and of {}", member.file))
                }
            }
        }
        if twice.is_empty() {
            return Ok(());
        }
        twice.push(format!(
            "give one of the files another subject in [[subjects]] of {FILE_NAME}, or exclude it there: exclude = [\"...\"]"
        ));
        Err(Usage(twice.join("\n")))
    }
}

fn member(
    file: &str,
    full_name: &Option<String>,
    named: Option<Named>,
    source: &Result<usize, Error>,
    selected: bool,
) -> Member {
    let (full_name, source) = (full_name.clone(), source.clone());
    let (subject, why, level, level_why) = match named {
        Some(Named { subject, why, level, level_why }) => (Some(subject), why, level, level_why),
        None => (None, String::new(), None, ""),
    };
    Member { file: file.to_owned(), full_name, subject, why, level, level_why, source, selected }
}
