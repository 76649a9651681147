//! The files of a project on the disk.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ottla_gate::source::text_of;

use super::paths::{Root, is_within};
use super::scope::{Scope, is_found};
use crate::cli::Usage;
use crate::cli::baseline::git::{Git, pathspecs};

/// More files are a mistake.
const MAX_FILES: usize = 100_000;

/// Files that were found.
#[derive(Debug, Default)]
pub struct Files {
    /// The files by their names, and where they are.
    pub all: BTreeMap<String, PathBuf>,
    /// The names of those that were asked for, if some were.
    pub given: Option<HashSet<String>>,
    /// The names of the folders that were asked for.
    pub given_folders: Vec<String>,
    /// Why it is not known which of the files that git ignores it has nevertheless, if it is not.
    pub doubt: Option<String>,
}

/// Finds the files of a project, and those that are asked for one by one.
pub fn discover(root: &Root, scope: &Scope, paths: &[PathBuf]) -> Result<Files, Usage> {
    let mut finder = Finder { root, real: HashMap::new(), links: BTreeMap::new(), files: Files::default() };
    let mut given = Vec::new();
    for path in paths {
        given.append(&mut finder.given(path, scope)?);
    }
    for name in &scope.files {
        let path = root.path.join(name);
        if path.is_file() {
            finder.insert(name.clone(), path);
        }
    }
    for folder in scope.folders.iter().cloned().chain(scope.glob_folders()) {
        finder.folder(&folder, |name| scope.covers(name))?;
    }
    finder.tracked(scope)?;
    finder.links();
    finder.files.given =
        (!paths.is_empty()).then(|| given.iter().map(|name| finder.known_as(name)).collect());
    Ok(finder.files)
}

struct Finder<'a> {
    root: &'a Root,
    /// The files that were taken, by where they really are: each once, under one name.
    real: HashMap<PathBuf, String>,
    /// Symbolic links that were found: they are taken if nothing else leads to their file.
    links: BTreeMap<String, PathBuf>,
    files: Files,
}

impl Finder<'_> {
    /// A path of the command line: the names of the files that it stands for.
    fn given(&mut self, path: &Path, scope: &Scope) -> Result<Vec<String>, Usage> {
        let shown = path.display();
        let metadata = fs::metadata(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Usage(format!("{shown}: no such file or folder")),
            _ => Usage(format!("{shown}: cannot be read: {e}")),
        })?;
        let whole = std::path::absolute(path).map_err(|e| Usage(format!("{shown}: {e}")))?;
        let name = self.root.name(&whole);
        if path.to_str().is_none() {
            return Err(no_text(&name));
        }
        if !metadata.is_dir() {
            self.insert(name.clone(), whole);
            return Ok(vec![name]);
        }
        let keep = |name: &str, folder: &str| is_found(name, folder) && !scope.excludes(name);
        self.folder(&name, |file| keep(file, &name))?;
        let files = self.files.all.keys().chain(self.links.keys());
        let names = files.filter(|file| keep(file, &name)).cloned().collect();
        self.files.given_folders.push(name);
        Ok(names)
    }

    fn insert(&mut self, name: String, path: PathBuf) {
        if self.files.all.contains_key(&name) {
            return;
        }
        if let Entry::Vacant(vacant) = self.real.entry(real(&path)) {
            vacant.insert(name.clone());
            self.files.all.insert(name, path);
        }
    }

    /// The name that a file was taken under, which is another one for a link to it.
    fn known_as(&self, name: &str) -> String {
        let taken = || self.real.get(&real(&self.root.path.join(name))).cloned();
        let known = self.files.all.contains_key(name).then(|| name.to_owned());
        known.or_else(taken).unwrap_or_else(|| name.to_owned())
    }

    /// What is hidden or ignored is skipped, and so are other repositories: they have their own history.
    fn folder(&mut self, folder: &str, keep: impl Fn(&str) -> bool) -> Result<(), Usage> {
        let top = self.root.path.join(folder);
        if !top.is_dir() {
            return Ok(());
        }
        let walk = WalkBuilder::new(&top)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            // What is above a repository says nothing about it.
            .require_git(self.root.is_repository)
            .filter_entry(|entry| entry.depth() == 0 || !entry.path().join(".git").exists())
            .build();
        for entry in walk {
            let entry = entry.map_err(|e| Usage(format!("{e}")))?;
            let is_link = entry.path_is_symlink();
            if !is_link && !entry.file_type().is_some_and(|ty| ty.is_file()) {
                continue;
            }
            let name = self.root.name(entry.path());
            if !keep(&name) || entry.path().is_dir() {
                continue;
            }
            if is_link {
                self.links.insert(name, entry.into_path());
            } else {
                self.insert(name, entry.into_path());
            }
            if self.files.all.len() > MAX_FILES {
                return Err(Usage(format!("there are more than {MAX_FILES} schema files")));
            }
        }
        Ok(())
    }

    /// What git ignores and has nevertheless: to git it is a file like any other, and so it is here, or a line of `.gitignore`
    /// would be a way around every check.
    fn tracked(&mut self, scope: &Scope) -> Result<(), Usage> {
        if !self.root.is_repository {
            return Ok(());
        }
        let paths = pathspecs(scope);
        let mut arguments = vec!["ls-files", "-z", "--cached", "--ignored", "--exclude-standard", "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let answer = match Git::new(&self.root.path).run(&arguments) {
            Ok(answer) => answer,
            Err(failure) => {
                self.files.doubt = Some(failure.into());
                return Ok(());
            }
        };
        for name in answer.split(|byte| *byte == 0) {
            let Ok(name) = std::str::from_utf8(name) else { return Err(no_text(&text_of(name))) };
            let path = self.root.path.join(name);
            if !scope.covers(name) || !path.is_file() {
                continue;
            }
            if path.is_symlink() {
                self.links.insert(name.to_owned(), path);
            } else {
                self.insert(name.to_owned(), path);
            }
        }
        Ok(())
    }

    /// Links come last, so that a file is known by its own name if it has one in the project.
    fn links(&mut self) {
        for (name, path) in std::mem::take(&mut self.links) {
            self.insert(name, path);
        }
    }
}

/// Git is asked for names in text.
fn no_text(name: &str) -> Usage {
    Usage(format!("{name}: the name is no UTF-8: rename it"))
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

impl Files {
    /// Was a file asked for? One that is not there any more may be, too.
    pub fn is_given(&self, name: &str) -> bool {
        let in_folder = || self.given_folders.iter().any(|folder| is_within(name, folder));
        self.given.as_ref().is_none_or(|given| given.contains(name) || in_folder())
    }
}
