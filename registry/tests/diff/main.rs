//! `ottla diff` as whoever uses it sees it: names of all kinds, both forms of the answer, and how it ends.

mod commits;
mod files;
mod versions;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// How it ended, and what it said on both ways out.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The old schema of most tests.
pub const OLD: &str = r#"{"type":"record","name":"OrderCreated","namespace":"com.example","fields":[
  {"name":"id","type":"string"},
  {"name":"total","type":"int"},
  {"name":"status","type":{"type":"enum","name":"Status","symbols":["NEW","PAID"]}}
]}
"#;

/// The new one.
pub const NEW: &str = r#"{"type":"record","name":"OrderCreated","namespace":"com.example","fields":[
  {"name":"id","type":"string"},
  {"name":"total","type":"long"},
  {"name":"currency","type":"string"},
  {"name":"status","type":{"type":"enum","name":"Status","symbols":["NEW","PAID","HELD"]}}
]}
"#;

/// How they differ.
pub const CHANGES: [&str; 3] = [
    "~ field OrderCreated.total: type int -> long",
    "+ field OrderCreated.currency: string (no default)",
    "+ symbol HELD of enum Status (OrderCreated.status)",
];

/// Runs `ottla diff` in a folder, with nothing of the tests' own environment that it would look at.
pub fn diff(folder: &Path, arguments: &[&str]) -> Ended {
    diff_with(folder, arguments, &[])
}

/// The same with variables.
pub fn diff_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTTLA_") {
            command.env_remove(name);
        }
    }
    command.arg("diff").args(arguments).current_dir(folder).envs(variables.iter().copied());
    let output = command.output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder that is in no repository.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

/// Writes a file.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

impl Ended {
    /// The lines that tell differences.
    pub fn changes(&self) -> Vec<&str> {
        let is_change =
            |line: &&str| line.starts_with("+ ") || line.starts_with("- ") || line.starts_with("~ ");
        self.out.lines().filter(is_change).collect()
    }

    /// It ended well and told these differences.
    #[track_caller]
    pub fn tells(&self, changes: &[&str]) {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        assert_eq!(self.changes(), changes, "{}", self.out);
    }

    /// It told nothing but why there is no answer.
    #[track_caller]
    pub fn fails(&self, code: i32, words: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        assert!(self.err.contains(words), "{words:?} is not in {:?}", self.err);
    }
}
