//! Calls of the `git` program: no shell, and nothing of the caller's environment or settings that changes what it says.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ottla_formats::avro::parse::MAX_TEXT;

/// Longer answers are not read: trees with millions of files.
const MAX_ANSWER: u64 = 1 << 30;

/// Nobody reads more of what git says besides its answer.
const MAX_WORDS: u64 = 1 << 16;

/// What hooks of git set for their children, and what points git elsewhere: the repository is the one that the files are in.
const VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
];

/// A repository, by the root of its work tree.
#[derive(Debug, Clone)]
pub struct Git {
    root: PathBuf,
}

/// What git was asked and did not do.
#[derive(Debug)]
pub struct Failure {
    /// How it ended, if it did by itself.
    pub code: Option<i32>,
    /// What it said, in one line.
    pub message: String,
}

impl Git {
    /// The repository with that root.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["-c", "core.quotepath=off", "-c", "color.ui=false", "-c", "log.showSignature=false"]);
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        for name in VARIABLES {
            command.env_remove(name);
        }
        // What is traced would be taken for what git has to say.
        let traces = std::env::vars_os().map(|(name, _)| name);
        traces.filter(|name| name.to_string_lossy().starts_with("GIT_TRACE")).for_each(|name| {
            command.env_remove(name);
        });
        // Only reading: neither locks nor questions, and messages that are the same everywhere.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command
    }

    /// What a command prints.
    pub fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(not_started)?;
        let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Failure::of("git has no output"));
        };
        let said = std::thread::spawn(move || heard(err));
        let mut answer = Vec::new();
        let read = out.take(MAX_ANSWER).read_to_end(&mut answer);
        let status = child.wait().map_err(not_started)?;
        let said = said.join().unwrap_or_default();
        if answer.len() as u64 == MAX_ANSWER {
            return Err(Failure::of("git's answer is too long"));
        }
        match read {
            Ok(_) if status.success() => Ok(answer),
            Err(error) => Err(Failure::of(&format!("git's answer cannot be read: {error}"))),
            Ok(_) => Err(Failure { code: status.code(), message: in_one_line(&said) }),
        }
    }

    /// The first line that a command prints; None if there is none.
    pub fn line(&self, arguments: &[&str]) -> Result<Option<String>, Failure> {
        Ok(self.lines(arguments)?.into_iter().next())
    }

    /// The lines that a command prints; none if it fails with nothing but warnings, as questions do that have no answer.
    pub fn lines(&self, arguments: &[&str]) -> Result<Vec<String>, Failure> {
        match self.run(arguments) {
            Ok(answer) => Ok(String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect()),
            Err(Failure { code: Some(1), message })
                if !message.contains("fatal:") && !message.contains("error:") =>
            {
                Ok(Vec::new())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Where one of git's own files is.
    pub fn file(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.line(&["rev-parse", "--git-path", name])?;
        Ok(self.root.join(path.ok_or_else(|| Failure::of("git does not say where its files are"))?))
    }

    /// The contents of blobs by their ids, all read by one process. The inner error is about one of them.
    pub fn blobs(&self, ids: &[&str]) -> Result<HashMap<String, Blob>, Failure> {
        let mut found = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(found);
        }
        let mut command = self.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(not_started)?;
        let (Some(input), Some(output), Some(err)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Failure::of("git has no input"));
        };
        let said = std::thread::spawn(move || heard(err));
        // Questions are written while answers are read: a pipe holds only so many of either.
        let answers: std::io::Result<()> = std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut input = BufWriter::new(input);
                ids.iter().try_for_each(|id| writeln!(input, "{id}"))
            });
            // Once nobody reads any more, nobody goes on writing.
            let mut output = BufReader::new(output);
            ids.iter().try_for_each(|id| {
                found.insert((*id).to_owned(), blob(&mut output, id)?);
                Ok(())
            })
        });
        let status = child.wait().map_err(not_started)?;
        let said = in_one_line(&said.join().unwrap_or_default());
        match answers {
            Ok(()) if status.success() => Ok(found),
            Err(error) if said.is_empty() => Err(Failure::of(&format!("git cat-file: {error}"))),
            _ => Err(Failure { code: status.code(), message: said }.of_partial_clone()),
        }
    }
}

/// What git says besides its answer. All of it is read, lest git waits for somebody to do so.
fn heard(mut from: impl Read) -> String {
    let mut said = Vec::new();
    let _ = from.by_ref().take(MAX_WORDS).read_to_end(&mut said);
    let _ = std::io::copy(&mut from, &mut std::io::sink());
    String::from_utf8_lossy(&said).into_owned()
}

/// The content of a blob, or why there is none.
pub type Blob = Result<Vec<u8>, String>;

/// Reads one answer: `ID TYPE LENGTH`, the content, and an end of line; or `ID missing`.
fn blob(from: &mut impl std::io::BufRead, id: &str) -> std::io::Result<Blob> {
    let mut head = String::new();
    from.take(1024).read_line(&mut head)?;
    let words: Vec<&str> = head.split_whitespace().collect();
    let length = match words.as_slice() {
        [_, _, length] => length.parse::<u64>().ok(),
        [_, "missing"] => return Ok(Err(format!("git does not have the object {id}"))),
        _ => None,
    };
    let length = length.ok_or_else(|| std::io::Error::other(format!("unexpected answer {head:?}")))?;
    if length > MAX_TEXT as u64 {
        std::io::copy(&mut from.take(length + 1), &mut std::io::sink())?;
        return Ok(Err(format!("the file is longer than {MAX_TEXT} bytes")));
    }
    let mut content = Vec::new();
    from.take(length + 1).read_to_end(&mut content)?;
    if content.len() as u64 != length + 1 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    content.pop();
    Ok(Ok(content))
}

impl Failure {
    fn of(message: &str) -> Self {
        Self { code: None, message: message.to_owned() }
    }

    /// A clone without contents fetches them when they are asked for, which cannot be done everywhere.
    fn of_partial_clone(mut self) -> Self {
        if self.message.contains("promisor") {
            self.message.push_str(
                "; this is a partial clone, which lacks the content of files: run it where the remote can be reached, or \
                 clone without --filter",
            );
        }
        self
    }
}

impl From<Failure> for String {
    fn from(failure: Failure) -> Self {
        match (failure.message.as_str(), failure.code) {
            ("", _) => "git failed without a word".to_owned(),
            (message, Some(_)) => format!("git says: {message}"),
            (message, None) => message.to_owned(),
        }
    }
}

fn not_started(error: std::io::Error) -> Failure {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => "the program git is not there: install it".to_owned(),
        _ => format!("git: {error}"),
    };
    Failure { code: None, message }
}

fn in_one_line(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}
