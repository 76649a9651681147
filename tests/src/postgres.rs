//! A PostgreSQL of the test's own, from the server that is installed: in a temporary folder, on a free loopback port,
//! gone with the process that started it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    port: u16,
    /// Who runs the server; nobody in particular unless this process is root, as whom it refuses to run.
    user: Option<&'static str>,
    databases: AtomicU32,
    /// Stops the server and removes its files once its standard input is closed, however this process ends.
    janitor: Option<Child>,
}

/// How a cluster is to be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Sessions are ended, and everything is written.
    Fast,
    /// As if it had crashed.
    Immediate,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Cluster {
    /// The cluster that all tests of this process share.
    ///
    /// Where no server is installed: nothing, and a word of why on standard error.
    ///
    /// # Panics
    /// If the server does not start; in CI (`CI` is set) also if none is installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::installed).as_ref()
    }

    /// A cluster of the test's own, for tests that stop it; under the same conditions as [`Cluster::shared`].
    ///
    /// # Panics
    /// As [`Cluster::shared`].
    pub fn installed() -> Option<Self> {
        let Some(bin) = server() else {
            let problem = "PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql)";
            assert!(std::env::var_os("CI").is_none(), "{problem}");
            eprintln!("skipped: {problem}");
            return None;
        };
        match Self::create(bin, &["fsync=off"]) {
            Ok(cluster) => Some(cluster),
            Err(problem) => panic!("PostgreSQL does not start: {problem}"),
        }
    }

    /// A cluster that syncs to the disk, for measurements.
    pub fn durable() -> Result<Self, String> {
        Self::create(server().ok_or("PostgreSQL is not installed")?, &[])
    }

    fn create(bin: PathBuf, settings: &[&str]) -> Result<Self, String> {
        let folder =
            tempfile::Builder::new().prefix("ottla-postgres-").tempdir().map_err(|e| e.to_string())?;
        let user = user_for_server();
        let mut cluster =
            Self { bin, folder, port: free_port()?, user, databases: AtomicU32::new(0), janitor: None };
        cluster.prepare_folder()?;
        let data = cluster.data();
        let args = ["-U", "ottla", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"];
        run(cluster.tool("initdb").args(args).arg(&data))?;
        let mut conf = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\nmax_connections = 60\n\
             shared_buffers = 32MB\n",
            cluster.port,
        );
        for setting in settings {
            conf.push_str(setting);
            conf.push('\n');
        }
        let file = data.join("conf.ottla");
        fs::write(&file, conf).map_err(|e| e.to_string())?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).map_err(|e| e.to_string())?;
        let mut main =
            File::options().append(true).open(data.join("postgresql.conf")).map_err(|e| e.to_string())?;
        std::io::Write::write_all(&mut main, b"include = 'conf.ottla'\n").map_err(|e| e.to_string())?;
        cluster.janitor = Some(cluster.hire_janitor()?);
        cluster.start()?;
        Ok(cluster)
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// If it cannot be made.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://ottla@127.0.0.1:{}/{name}", self.port)
    }

    /// Runs statements in a database, by name or URL, and gives what they print: fields separated by `|`.
    ///
    /// # Panics
    /// If they fail.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let url = if database.contains("://") { database.to_owned() } else { self.url(database) };
        let mut psql = Command::new(self.bin.join("psql"));
        match run(psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", sql])) {
            Ok(printed) => printed.trim_end().to_owned(),
            Err(problem) => panic!("{sql}: {problem}"),
        }
    }

    /// Starts the server after it was stopped or killed, and waits until it takes connections.
    pub fn start(&self) -> Result<(), String> {
        let log = self.folder.path().join("log");
        let seconds = PATIENCE.as_secs().to_string();
        let mut start = self.tool("pg_ctl");
        start.args(["start", "-s", "-w", "-t", &seconds, "-D"]).arg(self.data()).arg("-l").arg(&log);
        // The server inherits what its starter has: a pipe would stay open as long as it runs.
        let status = start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(fs::read_to_string(log).unwrap_or_default()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Stops the server and waits for its end.
    pub fn stop(&self, how: Stop) -> Result<(), String> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        run(self.tool("pg_ctl").args(["stop", "-s", "-w", "-m", mode, "-D"]).arg(self.data())).map(drop)
    }

    /// Kills every process of the server (SIGKILL) and waits for their end.
    pub fn kill(&self) -> Result<(), String> {
        let processes = self.processes();
        self.signal("KILL", &processes)?;
        let started = Instant::now();
        while processes.iter().any(|pid| is_running(*pid)) {
            if started.elapsed() > PATIENCE {
                return Err("the server does not die".to_owned());
            }
            sleep(Duration::from_millis(10));
        }
        // Where nobody collects the dead, the server would take its own remains for another server.
        fs::remove_file(self.data().join("postmaster.pid")).map_err(|e| e.to_string())
    }

    /// Stops every process of the server in its tracks (SIGSTOP): connections stay open, nothing is answered.
    pub fn pause(&self) -> Result<(), String> {
        self.signal("STOP", &self.processes())
    }

    /// Lets a paused server go on.
    pub fn resume(&self) -> Result<(), String> {
        self.signal("CONT", &self.processes())
    }

    /// Ends the sessions of a database that match a condition on `pg_stat_activity`, and says how many there were.
    pub fn end_sessions(&self, database: &str, condition: &str) -> u32 {
        let name = database.rsplit('/').next().unwrap_or(database);
        let ended = self.sql(
            "postgres",
            &format!(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND {condition}"
            ),
        );
        ended.parse().unwrap_or(0)
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the server's programs, run as the server's user.
    fn tool(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = match self.user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", user, "--clear-groups"]).arg(program);
                command
            }
        };
        command.current_dir(self.folder.path());
        command
    }

    fn prepare_folder(&self) -> Result<(), String> {
        if let Some(user) = self.user {
            run(Command::new("chown").arg(format!("{user}:")).arg(self.folder.path()))?;
        }
        Ok(())
    }

    fn hire_janitor(&self) -> Result<Child, String> {
        let script = "trap '' INT TERM HUP; cat >/dev/null; pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null); \
                      if [ -n \"$pid\" ]; then kill -CONT $pid $(cat /proc/$pid/task/$pid/children); kill -QUIT $pid; fi; \
                      i=0; while [ -n \"$pid\" ] && kill -0 $pid && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done; \
                      rm -rf \"$1\"";
        let mut janitor = Command::new("sh");
        janitor.args(["-c", script, "janitor"]).arg(self.folder.path());
        // In a group of its own, so that an interrupt at the terminal does not reach it.
        std::os::unix::process::CommandExt::process_group(&mut janitor, 0);
        let janitor = janitor.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        janitor.spawn().map_err(|e| e.to_string())
    }

    /// The server and what it started.
    fn processes(&self) -> Vec<u32> {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let Some(first) = file.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else {
            return Vec::new();
        };
        let children = fs::read_to_string(format!("/proc/{first}/task/{first}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        std::iter::once(first).chain(children).collect()
    }

    fn signal(&self, signal: &str, processes: &[u32]) -> Result<(), String> {
        if processes.is_empty() {
            return Err("the server does not run".to_owned());
        }
        let pids = processes.iter().map(u32::to_string);
        // A child may have ended by itself in between.
        let _ = run(Command::new("kill").arg(format!("-{signal}")).args(pids));
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut janitor) = self.janitor.take() {
            drop(janitor.stdin.take());
            let _ = janitor.wait();
        }
    }
}

/// The folder of the newest server's programs: Debian's, or whatever is in the path.
fn server() -> Option<PathBuf> {
    let installed =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin"));
    let number = |bin: &Path| -> u32 {
        let version = bin.parent().and_then(Path::file_name).and_then(OsStr::to_str);
        version.and_then(|v| v.parse().ok()).unwrap_or(0)
    };
    let newest = installed.filter(|bin| bin.join("initdb").exists()).max_by_key(|bin| number(bin));
    newest.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    })
}

/// The server refuses to run as root.
fn user_for_server() -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata("/proc/self").map(|m| m.uid()).unwrap_or(1) != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    Some(if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" })
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    Ok(listener.local_addr().map_err(|e| e.to_string())?.port())
}

/// A process that has ended but was not waited for does not run.
fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned())
    }
}
