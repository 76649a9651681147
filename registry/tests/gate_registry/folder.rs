//! A folder with schema files, and the command in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A project without a git repository.
pub struct Folder(TempDir);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Folder {
    /// With these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::Builder::new().prefix("ottla-gate-").tempdir().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// `ottla`, in the folder, without any `OTTLA_` variables from outside, and without a proxy.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OTTLA_") {
                command.env_remove(name);
            }
        }
        command.env("NO_PROXY", "127.0.0.1").current_dir(self.path()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        run(&mut self.command(arguments))
    }

    /// Runs a command that is to end in this way.
    pub fn ends(&self, code: i32, arguments: &[&str]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?} {ended:#?}");
        ended
    }
}

/// Waits for the end of a command.
pub fn run(command: &mut Command) -> Ended {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or(-1);
    let ended = Ended { code, out: text(output.stdout), err: text(output.stderr), took: started.elapsed() };
    assert!(!ended.err.contains("panicked"), "{ended:#?}");
    ended
}

impl Ended {
    /// What was printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }

    /// All that was said.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

/// A record `com.example.{name}` with these fields.
pub fn record(name: &str, fields: &[(&str, &str)]) -> String {
    let field = |(name, ty): &(&str, &str)| format!("{{\"name\": \"{name}\", \"type\": {ty}}}");
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!(
        "{{\n  \"type\": \"record\",\n  \"name\": \"{name}\",\n  \"namespace\": \"com.example\",\n  \"fields\": [\n    {}\n  ]\n}}\n",
        fields.join(",\n    ")
    )
}
