//! What files are called: by their way from the root of the repository, with `/`, wherever the command runs.

use std::fs;
use std::path::{Component, Path, PathBuf};

use ottla_gate::source::slashes;

/// The folder that names of files start at.
#[derive(Debug, Clone)]
pub struct Root {
    /// Where it is.
    pub path: PathBuf,
    /// Is it the root of a git repository's work tree?
    pub is_repository: bool,
}

impl Root {
    /// The root of the repository that a folder is in; else the folder itself.
    pub fn of(folder: &Path) -> Self {
        let root = folder.ancestors().find(|folder| folder.join(".git").exists());
        Self { path: root.unwrap_or(folder).to_owned(), is_repository: root.is_some() }
    }

    /// What a file or folder is called; the root itself is the empty text. What is outside keeps its whole path.
    pub fn name(&self, path: &Path) -> String {
        let path = plain(path);
        if let Ok(inside) = path.strip_prefix(&self.path) {
            return slashes(inside);
        }
        // The folder may have been reached by another way.
        let inside = || {
            let folder = fs::canonicalize(path.parent()?).ok()?;
            let root = fs::canonicalize(&self.path).ok()?;
            Some(slashes(&folder.strip_prefix(root).ok()?.join(path.file_name()?)))
        };
        inside().unwrap_or_else(|| slashes(&path))
    }
}

/// A path without `.` and `..` in it, as far as that can be told from its text.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            Component::ParentDir if plain.has_root() => {}
            part => plain.push(part),
        }
    }
    plain
}

/// Is it that folder, or in it? The empty name is the root.
pub fn is_within(name: &str, folder: &str) -> bool {
    folder.is_empty()
        || name.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A name in a folder; it may have `.` and `..` in it. None if it leads out of the root.
pub fn join(folder: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for (path, expected) in
            [("/a/./b/../c", "/a/c"), ("/../a", "/a"), ("a/../../b", "../b"), ("./x", "x"), ("", "")]
        {
            assert_eq!(slashes(&plain(Path::new(path))), expected, "{path}");
        }
        for (folder, name, expected) in [
            ("", "a.avsc", Some("a.avsc")),
            ("x/y", "../a.avsc", Some("x/a.avsc")),
            ("x", "./b//c", Some("x/b/c")),
            ("x", "../..", None),
        ] {
            assert_eq!(join(folder, name).as_deref(), expected, "{folder} {name}");
        }
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("a", "") && !is_within("ab", "a"));
    }
}
