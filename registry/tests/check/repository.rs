//! A repository that steps are done in.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::scenario::Step;
use crate::shown;

/// Variables that say where git's things are, or what is checked: those of whoever runs the tests do not count.
const VARIABLES: [&str; 4] = ["GIT_", "GITHUB_", "CI_", "OTTLA_"];

pub struct Repository {
    folder: TempDir,
    /// Where the steps are done.
    root: PathBuf,
    /// Where the command runs.
    here: PathBuf,
    environment: Vec<(String, String)>,
    commits: u32,
}

impl Repository {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let root = folder.path().join("work");
        fs::create_dir(&root).expect("a folder");
        let repository = Self { here: root.clone(), root, folder, environment: Vec::new(), commits: 0 };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.configure();
        repository
    }

    /// Where the steps are done.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn configure(&self) {
        for (name, value) in [
            ("user.name", "somebody"),
            ("user.email", "a@b"),
            ("commit.gpgsign", "false"),
            ("core.autocrlf", "false"),
        ] {
            self.git(&["config", name, value]);
        }
    }

    fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name == "CI" || VARIABLES.iter().any(|start| name.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        let date = format!("{} +0000", 1_700_000_000 + self.commits);
        command.envs([
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("HOME", "/nonexistent"),
        ]);
        command.envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)]);
        command.envs([("OTTLA_TODAY", "2026-06-15"), ("NO_COLOR", "1")]).current_dir(folder);
        command
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = self.command("git", &self.root).args(arguments).output().expect("git runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The command, not yet started.
    pub fn started(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_ottla"), &self.here);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(arguments);
        command
    }

    fn ottla(&self, arguments: &[String]) -> Output {
        self.started(arguments).output().expect("ottla runs")
    }

    /// Runs a check: what was said.
    pub fn run(&self, arguments: &[String]) -> String {
        let has_format = arguments.iter().any(|argument| argument.starts_with("--format"));
        let is_plain = has_format || arguments.iter().any(|argument| argument == "--print-config");
        let format: &[&str] = if is_plain { &[] } else { &["--format", "json"] };
        let all =
            ["check"].iter().chain(format).map(|word| (*word).to_owned()).chain(arguments.iter().cloned());
        let output = self.ottla(&all.collect::<Vec<_>>());
        let shown = shown::shown(&output, is_plain);
        self.with_names(&shown)
    }

    /// Commits are called by their messages, and folders by what they are.
    fn with_names(&self, text: &str) -> String {
        let mut text = text.replace(&self.folder.path().display().to_string(), "<folder>");
        let log = self.command("git", &self.root).args(["log", "--all", "--format=%H %s"]).output();
        let log = String::from_utf8_lossy(&log.expect("git runs").stdout).into_owned();
        for (id, message) in log.lines().filter_map(|line| line.split_once(' ')) {
            text = text.replace(id, &format!("<{message}>")).replace(&id[..7], &format!("<{message}>"));
        }
        text
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Does a step that is no run.
    pub fn play(&mut self, scenario: &str, step: &Step) {
        match step {
            Step::Record { file, name, fields } => self.write(file, record(name, fields)),
            Step::File { file, text } => self.write(file, text),
            Step::Do { what, arguments } => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.act(scenario, what, &arguments);
            }
            Step::Run(_) => {}
        }
    }

    fn act(&mut self, scenario: &str, what: &str, arguments: &[&str]) {
        let path = |at: usize| self.root.join(arguments[at]);
        match what {
            "remove" => fs::remove_file(path(0)).expect("a file"),
            "link" => std::os::unix::fs::symlink(arguments[1], path(0)).expect("a link"),
            "move" => {
                fs::create_dir_all(path(1).parent().expect("a folder")).expect("a folder");
                fs::rename(path(0), path(1)).expect("a file");
            }
            "crlf" => self.change(arguments[0], |text| text.replace('\n', "\r\n").into_bytes()),
            "bom" => self.change(arguments[0], |text| format!("\u{feff}{text}").into_bytes()),
            "byte" => self.change(arguments[0], |text| [text.as_bytes(), &[0xe9]].concat()),
            "many" => {
                for number in 0..arguments[1].parse().expect("a number") {
                    let text = record(&format!("com.many.R{number}"), &["id:string".to_owned()]);
                    self.write(&format!("{}/r{number}.avsc", arguments[0]), text);
                }
            }
            "commit" => {
                self.commits += 1;
                self.git(&["add", "-A"]);
                self.git(&["commit", "-q", "--allow-empty", "-m", &arguments.join(" ")]);
            }
            "git" => {
                self.commits += 1;
                self.git(arguments);
            }
            "clone" => self.clone_to("clone", arguments),
            "outside" => fs::remove_dir_all(self.root.join(".git")).expect("a repository"),
            "cd" => self.here = path(0),
            "env" => {
                let (name, value) = arguments[0].split_once('=').expect("NAME=VALUE");
                self.environment.push((name.to_owned(), value.to_owned()));
            }
            "ottla" => {
                let output = self.ottla(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>());
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{scenario}: ottla {arguments:?}: {said}");
            }
            other => panic!("{scenario}: {other} is nothing that can be done"),
        }
    }

    fn change(&self, file: &str, how: impl Fn(&str) -> Vec<u8>) {
        let text = fs::read_to_string(self.root.join(file)).expect("text");
        self.write(file, how(&text));
    }

    pub fn clone_to(&mut self, name: &str, arguments: &[&str]) {
        let from = format!("file://{}", self.root.display());
        let to = self.folder.path().join(name);
        let to_text = to.display().to_string();
        self.git(&[&["clone", "-q"], arguments, &[&from, &to_text]].concat());
        (self.root, self.here) = (to.clone(), to);
        self.configure();
    }
}

/// A record, each field on a line of its own.
pub fn record(name: &str, fields: &[String]) -> String {
    let field = |field: &String| {
        let (name, ty) = field.split_once(':').unwrap_or_else(|| panic!("{field}: no type"));
        let (ty, default) = match ty.split_once('=') {
            Some((ty, default)) => (ty, format!(", \"default\": {default}")),
            None => (ty, String::new()),
        };
        let is_json = ty.starts_with(['[', '{', '"']);
        let ty = if is_json { ty.to_owned() } else { format!("\"{ty}\"") };
        format!("    {{\"name\": \"{name}\", \"type\": {ty}{default}}}")
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!(
        "{{\n  \"type\": \"record\",\n  \"name\": \"{name}\",\n  \"fields\": [\n{}\n  ]\n}}\n",
        fields.join(",\n")
    )
}
