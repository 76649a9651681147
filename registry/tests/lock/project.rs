//! A folder with schemas, and the command in it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ottla_gate::lock::Lock;
use tempfile::TempDir;

pub const MONEY: &str =
    r#"{"type": "record", "name": "com.acme.Money", "fields": [{"name": "cents", "type": "long"}]}"#;
pub const ORDER: &str = r#"{
  "type": "record",
  "name": "com.acme.Order",
  "fields": [
    {"name": "id", "type": "string"},
    {"name": "sum", "type": "com.acme.Money"}
  ]
}
"#;
/// The subjects of both in `ottla.toml`.
pub const SUBJECTS: &str = "[[subjects]]\nfiles = \"schemas/order.avsc\"\nsubject = \"orders-value\"\n\n\
    [[subjects]]\nfiles = \"schemas/money.avsc\"\nsubject = \"money-value\"\n";

/// How the command ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A project.
pub struct Project {
    pub folder: TempDir,
}

impl Project {
    /// Two schemas, one of which refers to the other, and their subjects.
    pub fn new() -> Self {
        let project = Self { folder: TempDir::new().expect("a folder") };
        // The root of a repository, so that nothing above it counts.
        fs::create_dir(project.path(".git")).expect("a folder");
        project.write("schemas/money.avsc", MONEY);
        project.write("schemas/order.avsc", ORDER);
        project.write("ottla.toml", SUBJECTS);
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Changes a file.
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{text}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Runs `ottla lock`.
    pub fn lock(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTTLA_")) {
            command.env_remove(name);
        }
        let output = command.arg("lock").args(arguments).current_dir(self.folder.path()).output();
        let output = output.expect("the command runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The same, which has to end well; what it says.
    #[track_caller]
    pub fn locked(&self, arguments: &[&str]) -> String {
        let ended = self.lock(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
        ended.out
    }

    /// What is locked.
    pub fn read_lock(&self) -> Lock {
        Lock::read(&self.path("schemas/ottla.lock")).expect("a lock")
    }

    /// A field more in the order.
    pub fn add_field(&self, field: &str) {
        self.replace("schemas/order.avsc", "}\n  ]\n", &format!("}},\n    {field}\n  ]\n"));
    }
}
