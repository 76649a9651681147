//! A process that serves.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tokio::sync::oneshot;

use crate::Problem;
use crate::role::Role;

/// How long it may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves; killed when dropped.
#[derive(Debug)]
pub struct Player {
    role: Role,
    child: Child,
    log: PathBuf,
    url: String,
}

/// A line of its log, as far as it is of interest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LogLine {
    /// What it says.
    pub message: String,
    /// The order that it is about.
    pub order_id: String,
    /// Where the order was read.
    pub partition: i32,
    /// Where the order was read.
    pub offset: i64,
    /// In what the order is paid.
    pub currency: Option<String>,
}

impl Player {
    pub(super) fn new(role: Role, child: Child, log: PathBuf) -> Self {
        Self { role, child, log, url: String::new() }
    }

    /// Waits until it says where it listens.
    pub(super) async fn ready(mut self) -> Result<Self, Problem> {
        let name = self.role.name();
        let address = self.child.stdout.take().map(address).ok_or("it has no output")?;
        match tokio::time::timeout(PATIENCE, address).await {
            Ok(Ok(url)) => {
                self.url = url;
                Ok(self)
            }
            Ok(Err(_)) => {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                Err(format!("{name} has ended: {}", log.lines().last().unwrap_or("it did not say why"))
                    .into())
            }
            Err(_) => Err(format!("{name} was not ready within {PATIENCE:?}").into()),
        }
    }

    /// The name of the program.
    pub fn name(&self) -> &'static str {
        self.role.name()
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> Vec<LogLine> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        // The last line may be half written.
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Lines of its log that are so, as soon as there are that many.
    ///
    /// # Errors
    /// If that takes too long.
    pub async fn logged(
        &self,
        count: usize,
        is_so: impl Fn(&LogLine) -> bool,
    ) -> Result<Vec<LogLine>, Problem> {
        let started = Instant::now();
        loop {
            let mut lines = self.log();
            lines.retain(&is_so);
            if lines.len() >= count {
                return Ok(lines);
            }
            if started.elapsed() > PATIENCE {
                let name = self.role.name();
                return Err(format!("{name} logged {} of {count} lines in {PATIENCE:?}", lines.len()).into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends it at once (SIGKILL): it is told nothing, and can do nothing.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end (SIGTERM), and waits until it has. How long that took.
    ///
    /// # Errors
    /// If it does not, or fails.
    pub async fn terminate(&mut self) -> Result<Duration, Problem> {
        let (name, started) = (self.role.name(), Instant::now());
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        while started.elapsed() < PATIENCE {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(started.elapsed()),
                Some(status) => return Err(format!("{name} was asked to end, and failed: {status}").into()),
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        Err(format!("{name} did not end within {PATIENCE:?}").into())
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The URL in the line that says so; what else comes is read and dropped, so that nobody waits for a reader.
fn address(out: ChildStdout) -> oneshot::Receiver<String> {
    let (found, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let mut found = Some(found);
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some((_, url)) = line.split_once(": listening on ")
                && let Some(found) = found.take()
            {
                // Nobody may wait any more.
                let _ = found.send(url.trim().to_owned());
            }
        }
    });
    wait
}
