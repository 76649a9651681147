//! A program that listens, from its start to its end.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Target;
use crate::error::Error;

/// A program that listens on a port of its own. It ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) target: Target,
    /// From its start to its first answer.
    pub(crate) ready_after: Duration,
}

/// How long a program may take to start, and a request to be answered.
const PATIENCE: Duration = Duration::from_secs(120);
const TIMEOUT: Duration = Duration::from_secs(20);

impl Server {
    /// `ottla serve` with that database, on a port of its own. What it logs goes to a file in the folder.
    pub(crate) fn ottla(program: &Path, database: &str, folder: &Path) -> Result<Self, Error> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--database", database]);
        // Only what is said here counts.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OTTLA_") {
                command.env_remove(name);
            }
        }
        Self::start(command, "/subjects?limit=1", folder)
    }

    /// A command of this program.
    pub(crate) fn own(arguments: &[&str], folder: &Path) -> Result<Self, Error> {
        let mut command = Command::new(own_program()?);
        command.args(arguments);
        Self::start(command, "/", folder)
    }

    /// Starts a program that prints `...listening on http://...` once it does, and waits until it answers.
    fn start(mut command: Command, question: &str, folder: &Path) -> Result<Self, Error> {
        let program = PathBuf::from(command.get_program()).display().to_string();
        let log = folder.join("log.txt");
        let errors = File::options().create(true).append(true).open(&log).map_err(Error::file(&log))?;
        // A signal from the terminal is for this program, which ends what it started.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).process_group(0);
        let begin = Instant::now();
        let mut child = command.spawn().map_err(Error::io(&program))?;
        let found =
            child.stdout.take().ok_or("no output").and_then(|out| address(out).ok_or("it did not start"));
        let started = found.map_err(str::to_owned).and_then(|url| {
            let target = Target::parse(&url, TIMEOUT).map_err(|e| e.to_string())?;
            first_answer(&target, question, begin).map(|()| target)
        });
        let ready_after = begin.elapsed();
        match started {
            Ok(target) => Ok(Self { child, target, ready_after }),
            Err(reason) => {
                end(&mut child, Signal::KILL);
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                let last = said.lines().next_back().unwrap_or_default();
                Err(Error::program(program, format!("{reason}: {last}")))
            }
        }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child, Signal::TERM);
    }
}

/// This very program.
pub(crate) fn own_program() -> Result<PathBuf, Error> {
    std::env::current_exe().map_err(Error::io("the path of this program"))
}

/// Asks a process to end, waits, and ends it.
pub(crate) fn end(child: &mut Child, signal: Signal) {
    let pid = Pid::from_child(child);
    if matches!(child.try_wait(), Ok(None)) && kill_process(pid, signal).is_ok() {
        let patience = Instant::now() + Duration::from_secs(15);
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    // A process that has ended already cannot be killed, and that is fine.
    let _ = child.kill();
    let _ = child.wait();
}

/// The URL in the line that says so. The rest of the output is read and dropped, so that nobody waits for a reader.
fn address(out: ChildStdout) -> Option<String> {
    let (found, wait) = mpsc::channel();
    let reader = move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some((_, url)) = line.split_once(" listening on ") {
                let _ = found.send(url.trim().to_owned());
            }
        }
    };
    std::thread::Builder::new().name("output".to_owned()).spawn(reader).ok()?;
    wait.recv_timeout(PATIENCE).ok()
}

/// Waits for an answer, whatever it says.
fn first_answer(target: &Target, question: &str, begin: Instant) -> Result<(), String> {
    let host = &target.authority;
    let request = format!("GET {question} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let ask = || {
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.write_all(request.as_bytes())?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)
    };
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            Err(error) if begin.elapsed() > PATIENCE => return Err(error.to_string()),
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}
