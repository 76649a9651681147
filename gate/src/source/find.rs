//! The files of paths: a file is itself, a folder stands for all `.avsc` files in it and in the folders in it.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::paths::{slashes, text_of};
use super::{Found, Loaded};
use crate::error::Error;

/// Finds all files, each once, sorted by what they are called. What is hidden is skipped.
pub(super) fn find(paths: &[PathBuf], base: Option<&Path>, loaded: &mut Loaded) -> Vec<Found> {
    if paths.is_empty() {
        let help = "name schema files, or folders with .avsc files";
        loaded.errors.push(Error::new("no schema files are given").help(help));
    }
    let mut finder = Finder { found: Vec::new(), met: HashSet::new(), loaded };
    for given in paths {
        finder.given(given, base);
    }
    let Finder { mut found, .. } = finder;
    found.sort_by(|a, b| a.shown.cmp(&b.shown));
    // One file may have been reached in two ways.
    let mut met = HashSet::new();
    found.retain(|file| met.insert(canonical(&file.path)));
    loaded.files = found.iter().map(|file| file.path.clone()).collect();
    loaded.folders.sort();
    loaded.folders.dedup();
    found
}

fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

struct Finder<'a> {
    found: Vec<Found>,
    /// Folders that were looked into: links may lead back to them.
    met: HashSet<PathBuf>,
    loaded: &'a mut Loaded,
}

impl Finder<'_> {
    fn given(&mut self, given: &Path, base: Option<&Path>) {
        let path = base.map_or_else(|| given.to_owned(), |base| base.join(given));
        let shown = with_slashes(given);
        let name = name_of(given, base);
        let is_folder = match fs::metadata(&path) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) => return self.fail(&shown, &error),
        };
        let file = Found { shown, name, path };
        if !is_folder {
            self.found.push(file);
            return;
        }
        self.met.clear();
        let before = self.found.len();
        let wrong = self.loaded.errors.len();
        self.folder(file.clone());
        if self.found.len() == before && self.loaded.errors.len() == wrong {
            let error = Error::new("there is no .avsc file in this folder").in_file(&file.shown);
            self.loaded.errors.push(error.help("put schema files there, or name another folder"));
        }
    }

    fn fail(&mut self, shown: &str, error: &io::Error) {
        let (what, help) = match error.kind() {
            io::ErrorKind::NotFound => ("no such file or folder".to_owned(), "check the path"),
            _ => (format!("cannot be read: {error}"), "check the permissions"),
        };
        self.loaded.errors.push(Error::new(what).in_file(shown).help(help));
    }

    /// Looks into a folder and, on a stack of its own, into those in it.
    fn folder(&mut self, folder: Found) {
        let mut open = vec![folder];
        while let Some(folder) = open.pop() {
            if !self.met.insert(canonical(&folder.path)) {
                continue;
            }
            match entries(&folder.path) {
                Ok(names) => {
                    for name in names {
                        self.entry(inside(&folder, &name), &name, &mut open);
                    }
                    self.loaded.folders.push(folder.path);
                }
                Err(error) => self.fail(&folder.shown, &error),
            }
        }
    }

    fn entry(&mut self, entry: Found, name: &OsStr, open: &mut Vec<Found>) {
        if name.to_string_lossy().starts_with('.') {
            return;
        }
        let is_schema = Path::new(name).extension().is_some_and(|e| e == "avsc");
        match fs::metadata(&entry.path) {
            Ok(metadata) if metadata.is_dir() => open.push(entry),
            Ok(_) if is_schema => self.found.push(entry),
            Err(error) if is_schema => self.fail(&entry.shown, &error),
            _ => {}
        }
    }
}

fn entries(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
}

fn inside(folder: &Found, name: &OsStr) -> Found {
    let join = |folder: &str| match folder {
        "" | "." => text_of(name.as_encoded_bytes()),
        folder if folder.ends_with('/') => format!("{folder}{}", text_of(name.as_encoded_bytes())),
        folder => format!("{folder}/{}", text_of(name.as_encoded_bytes())),
    };
    Found { shown: join(&folder.shown), name: join(&folder.name), path: folder.path.join(name) }
}

/// What a path is called; the folder itself is `.`.
fn with_slashes(path: &Path) -> String {
    let text = slashes(path);
    if text.is_empty() { ".".to_owned() } else { text }
}

/// A path that does not start at the root of the file system.
fn name_of(given: &Path, base: Option<&Path>) -> String {
    if !given.is_absolute() {
        return with_slashes(given);
    }
    match base.and_then(|base| given.strip_prefix(base).ok()) {
        Some(inside) => with_slashes(inside),
        None => given.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
    }
}
