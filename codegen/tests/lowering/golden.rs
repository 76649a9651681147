//! Files that hold what is expected. Where it is not so, they are rewritten and the test fails: the difference shows in
//! the version control, to be mended or kept.

use std::fs;
use std::path::{Path, PathBuf};

/// What was found to differ.
#[derive(Default)]
pub struct Golden {
    differ: Vec<String>,
}

impl Golden {
    /// Compares a text with that of a file.
    pub fn check(&mut self, path: &Path, text: &str) {
        let known = fs::read_to_string(path).unwrap_or_default();
        if known == text {
            return;
        }
        let differs = known.lines().zip(text.lines()).find(|(known, text)| known != text);
        let (known, new) = differs.unwrap_or(("(ends)", "(ends)"));
        self.differ.push(format!("{}\n    {known}\n    is now\n    {new}", path.display()));
        fs::write(path, text).unwrap();
    }

    /// Fails if anything differed.
    pub fn finish(self) {
        assert!(
            self.differ.is_empty(),
            "{} files were rewritten\n{}",
            self.differ.len(),
            self.differ.join("\n")
        );
    }
}

/// What is in a folder.
pub fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
