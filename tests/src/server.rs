//! `ottla serve` as a process of its own, from its start to its end, however that comes.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::http::Client;

const PATIENCE: Duration = Duration::from_secs(60);

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Serve {
    program: PathBuf,
    arguments: Vec<String>,
    wrapper: Vec<String>,
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
    folder: TempDir,
}

impl Serve {
    /// `PROGRAM serve --listen 127.0.0.1:0 --database DATABASE`. In the tests of the crate that builds it the program is
    /// `env!("CARGO_BIN_EXE_ottla")`.
    pub fn new(program: impl AsRef<Path>, database: &str) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database];
        Self {
            program: program.as_ref().to_owned(),
            arguments: arguments.map(str::to_owned).to_vec(),
            wrapper: Vec::new(),
        }
    }

    /// Another program that says, on standard output, that it is `listening on` a URL.
    pub fn program(program: impl AsRef<Path>) -> Self {
        Self { program: program.as_ref().to_owned(), arguments: Vec::new(), wrapper: Vec::new() }
    }

    /// With further arguments; a flag that is given twice counts the second time.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|a| (*a).to_owned()));
        self
    }

    /// Run by another program, such as a tracer, whose command line ends with the server's.
    #[must_use]
    pub fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|a| (*a).to_owned()).collect();
        self
    }

    /// The command line, without any `OTTLA_` variables from outside.
    pub fn command(&self) -> Command {
        let mut command = match self.wrapper.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OTTLA_") {
                command.env_remove(name);
            }
        }
        command.args(&self.arguments);
        command
    }

    /// Starts it and waits until it says that it listens.
    pub fn start(&self) -> Result<Server, String> {
        let folder = tempfile::Builder::new().prefix("ottla-server-").tempdir().map_err(|e| e.to_string())?;
        let log = File::create(folder.path().join("log")).map_err(|e| e.to_string())?;
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().map_err(|e| format!("{}: {e}", self.program.display()))?;
        let url = child.stdout.take().and_then(address);
        let mut server = Server { child, url: url.clone().unwrap_or_default(), folder };
        if url.is_none() {
            let status = server.kill();
            return Err(format!("it does not listen ({status}): {}", server.log()));
        }
        Ok(server)
    }
}

impl Server {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Its process, or that of what it runs under.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Ends it at once (SIGKILL).
    ///
    /// # Panics
    /// If the system does not say how it ended.
    pub fn kill(&mut self) -> ExitStatus {
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait().expect("a child that can be waited for")
    }

    /// Stops it in its tracks (SIGSTOP): its connections stay open, and nothing is answered.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// If there is no such process any more.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a process to send a signal to");
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// Asks it to end (SIGTERM), and says how it did; nothing if it does not.
    pub fn terminate(&mut self) -> Option<ExitStatus> {
        self.signal(Signal::TERM);
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            eprintln!(
                "the end of what {} logged:\n{}",
                self.url,
                lines[lines.len().saturating_sub(80)..].join("\n")
            );
        }
        self.kill();
    }
}

/// The URL in the line that says so; what else comes is read and dropped, so that the server never waits for a reader.
fn address(out: ChildStdout) -> Option<String> {
    let (found, wait) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some((_, url)) = line.split_once(" listening on ") {
                let _ = found.send(url.trim().to_owned());
            }
        }
    });
    wait.recv_timeout(PATIENCE).ok()
}
