//! Which subjects of a lock a schema file is.

use std::fs;
use std::path::{Path, PathBuf};

use super::verify::full_name;
use super::{Lock, Subject};
use crate::source::Source;

impl Lock {
    /// The subjects of a schema file of the disk: those that were locked from it; if there are none, those whose newest
    /// version has the same full name, as a file may have another place now.
    pub fn subjects_for(&self, source: &Source) -> Vec<&Subject> {
        let path = &source.file.found.path;
        let (real, folder) = (plain(path), plain(self.folder()));
        // Asking the disk is for those only that may be it.
        let names = [path.file_name(), real.file_name()];
        let may_be = |file: &str| names.contains(&Path::new(file).file_name());
        let is_file = |subject: &&Subject| {
            subject.file.as_deref().is_some_and(|file| may_be(file) && plain(&folder.join(file)) == real)
        };
        let of_file: Vec<&Subject> = self.subjects().iter().filter(is_file).collect();
        if !of_file.is_empty() {
            return of_file;
        }
        let name = full_name(&source.schema);
        let is_named = |subject: &&Subject| name.is_some() && subject.full_name == name;
        self.subjects().iter().filter(is_named).collect()
    }
}

/// A path without links in it.
fn plain(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
