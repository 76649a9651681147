//! An Apache Kafka of the test's own: one broker, in a temporary folder, on loopback ports, gone with the process that
//! started it.
//!
//! ```text
//! ready.rs     is everything there that tests ask for?
//! ports.rs     ports that nobody takes by chance
//! janitor.rs   what ends the broker however the test ends
//! ```

mod janitor;
mod ports;
mod ready;

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use janitor::Janitor;

/// How long a broker may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a broker, from the jars of Apache Kafka.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kafka/kafka");

/// A broker, which may be running or not.
#[derive(Debug)]
pub struct Broker {
    folder: TempDir,
    port: u16,
    controller_port: u16,
    settings: Vec<String>,
    /// The shell that became the Java process, which leads a group of its own.
    process: Mutex<Option<Child>>,
    _janitor: Janitor,
}

impl Broker {
    /// The broker that all tests of this process share.
    ///
    /// Where there is no Java or no Maven: nothing, and a word of why on standard error.
    ///
    /// # Panics
    /// If the broker does not start; in CI (`CI` is set) also if something is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Broker>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A broker of the test's own, for tests that stop it; under the same conditions as [`Broker::shared`].
    ///
    /// # Panics
    /// As [`Broker::shared`].
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same, with lines for its `server.properties`.
    ///
    /// # Panics
    /// As [`Broker::shared`].
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let missing = ["java", "mvn"].into_iter().find(|program| !is_installed(program));
        if let Some(program) = missing {
            let problem = format!(
                "there is no {program} to run Kafka with (Debian, Ubuntu: apt-get install default-jre-headless maven)"
            );
            assert!(std::env::var_os("CI").is_none(), "{problem}");
            eprintln!("skipped: {problem}");
            return None;
        }
        match Self::create(settings) {
            Ok(broker) => Some(broker),
            Err(problem) => panic!("Kafka does not start: {problem}"),
        }
    }

    fn create(settings: &[&str]) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("ottla-kafka-").tempdir().map_err(|e| e.to_string())?;
        let [port, controller_port] = ports::free()?;
        let settings = settings.iter().map(|s| (*s).to_owned()).collect();
        let janitor = Janitor::hire(folder.path())?;
        let process = Mutex::new(None);
        let broker = Self { folder, port, controller_port, settings, process, _janitor: janitor };
        broker.run()?;
        Ok(broker)
    }

    /// Where it listens: `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts it again after it was ended or killed, with the same data at the same address, and waits until it is ready.
    ///
    /// # Errors
    /// If it runs already, or does not start.
    pub fn run(&self) -> Result<(), String> {
        let mut process = self.lock();
        if process.is_some() {
            return Err("the broker runs already".to_owned());
        }
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"));
        let log = log.map_err(|e| e.to_string())?;
        let mut command = Command::new(SCRIPT);
        command.arg("run").arg(self.folder.path());
        command.args([self.port, self.controller_port].map(|port| port.to_string())).args(&self.settings);
        // Java takes options from these.
        command.env_remove("JAVA_TOOL_OPTIONS").env_remove("JDK_JAVA_OPTIONS");
        let also = log.try_clone().map_err(|e| e.to_string())?;
        command.stdin(Stdio::null()).stdout(also).stderr(log).process_group(0);
        let child = command.spawn().map_err(|e| format!("{SCRIPT}: {e}"))?;
        janitor::note(self.folder.path(), child.id())?;
        let child = process.insert(child);
        let ready = ready::wait(&self.address(), PATIENCE, || {
            child.try_wait().ok().flatten().map(|status| format!("it has ended ({status})"))
        });
        ready.map_err(|reason| {
            self.end(&mut process, Signal::KILL);
            format!("{reason}: {}", self.log())
        })
    }

    /// Ends it as its operator would (SIGTERM), and waits.
    pub fn terminate(&self) {
        self.end(&mut self.lock(), Signal::TERM);
    }

    /// Kills it (SIGKILL), and waits for its end.
    pub fn kill(&self) {
        self.end(&mut self.lock(), Signal::KILL);
    }

    /// Stops it in its tracks (SIGSTOP): connections stay open, nothing is answered.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets a paused broker go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// What it has logged, of all its runs.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Sends a signal to the group of the process, and waits; who does not end in time is killed.
    fn end(&self, process: &mut Option<Child>, signal: Signal) {
        let Some(mut child) = process.take() else { return };
        let group = Pid::from_child(&child);
        let _ = kill_process_group(group, signal);
        // What is paused has to go on in order to end.
        let _ = kill_process_group(group, Signal::CONT);
        let started = Instant::now();
        while matches!(child.try_wait(), Ok(None)) {
            if started.elapsed() > PATIENCE {
                let _ = kill_process_group(group, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        janitor::forget(self.folder.path());
    }

    fn signal(&self, signal: Signal) {
        if let Some(child) = &*self.lock() {
            // It may just have ended by itself.
            let _ = kill_process_group(Pid::from_child(child), signal);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::is_file(&folder.join(program)))
}
