//! A small repository with a schema, and a change of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A repository that was cloned from another one, as a CI server does.
pub struct Project {
    folder: TempDir,
}

/// What the change does.
#[derive(Clone, Copy)]
pub enum Change {
    /// A field with a default is added.
    Compatible,
    /// A field without one is added.
    Breaking,
}

impl Project {
    /// A clone with a change on a branch; the whole history, or the last commit alone.
    pub fn with(change: Change, is_shallow: bool) -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let origin = project.origin();
        fs::create_dir_all(origin.join("schemas")).expect("a folder");
        git(&origin, &["init", "--quiet", "--initial-branch", "main"]);
        write(&origin, "");
        commit(&origin, "An order");
        git(&origin, &["checkout", "--quiet", "-b", "change"]);
        let field = match change {
            Change::Compatible => ",\n    {\"name\": \"note\", \"type\": \"string\", \"default\": \"\"}",
            Change::Breaking => ",\n    {\"name\": \"note\", \"type\": \"string\"}",
        };
        write(&origin, field);
        commit(&origin, "A note");
        let url = format!("file://{}", origin.display());
        let mut clone = vec!["clone", "--quiet", "--branch", "change"];
        if is_shallow {
            clone.extend(["--depth", "1"]);
        }
        clone.extend([url.as_str(), "clone"]);
        git(project.folder.path(), &clone);
        project
    }

    /// What it was cloned from.
    pub fn origin(&self) -> PathBuf {
        self.folder.path().join("origin")
    }

    /// The work tree.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("clone")
    }

    /// A folder beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }
}

fn write(folder: &Path, field: &str) {
    let text = format!(
        "{{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"com.example\", \"fields\": [\n    \
         {{\"name\": \"id\", \"type\": \"long\"}}{field}\n]}}\n"
    );
    fs::write(folder.join("schemas/order.avsc"), text).expect("a schema");
}

pub fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

/// Runs git, which takes nothing from the settings of whoever runs the test.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
