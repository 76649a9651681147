//! Behind a transaction pooler, where no session is a registry's own, polling alone works.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use ottla_tests::postgres::Cluster;
use ottla_tests::server::Serve;
use tempfile::TempDir;

use crate::fleet::{Fleet, LITTLE_PATIENCE, assert_explained};
use crate::{api, is_ready, missing, moment, random, serve, until};

const PATIENCE: Duration = Duration::from_secs(20);

/// A PgBouncer of the test's own.
struct Pooler {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Pooler {
    /// Before a cluster. Where none is installed: nothing, and a word of why.
    fn start(cluster: &Cluster) -> Option<Self> {
        // The folder of programs for administrators need not be in the path.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
        let Some(program) = folders.map(|folder| folder.join("pgbouncer")).find(|program| program.exists())
        else {
            missing("PgBouncer is not installed (Debian, Ubuntu: apt-get install pgbouncer)");
            return None;
        };
        let url = cluster.url("");
        let port = url.rsplit(':').next().and_then(|rest| rest.trim_end_matches('/').parse::<u16>().ok());
        let server = port.expect("a port in the URL");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let folder = tempfile::tempdir().expect("a folder");
        let conf = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user=ottla\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
             default_pool_size = 3\nserver_login_retry = 0\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, conf).expect("a file");
        // It does not run as root, and whom it runs as must be able to read this.
        for (path, mode) in [(folder.path(), 0o755), (&*file, 0o644)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
        }
        drop(listener);
        let mut pooler = Self { program, folder, port, process: None };
        pooler.run();
        Some(pooler)
    }

    fn run(&mut self) {
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let mut command = match is_root {
            false => Command::new(&self.program),
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", "nobody", "--clear-groups"]).arg(&self.program);
                command
            }
        };
        let log = fs::File::create(self.folder.path().join("log")).expect("a file");
        command.arg(self.folder.path().join("pgbouncer.ini"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(command.spawn().expect("PgBouncer"));
        let port = self.port;
        until("PgBouncer listens", PATIENCE, || TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            process.wait().expect("its end");
        }
    }

    /// A registry that reaches a database through it.
    fn serve(&self, database: &str) -> Serve {
        let name = database.rsplit('/').next().expect("a name");
        let url = format!("postgres://ottla@127.0.0.1:{}/{name}", self.port);
        serve(&url).with(&[
            "--postgres-listen",
            "false",
            "--postgres-poll",
            "200ms",
            "--postgres-timeout",
            "2s",
        ])
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn behind_a_transaction_pooler_polling_is_enough() {
    let Some(cluster) = Cluster::shared() else { return };
    let Some(mut pooler) = Pooler::start(cluster) else { return };
    let database = cluster.database();
    let start = pooler.serve(&database);
    let servers = [start.start().expect("a server"), start.start().expect("another")];
    let mut clients = servers.each_ref().map(|server| server.client());
    for content in 1..=40_u32 {
        let (writer, reader) = (content as usize % 2, (content as usize + 1) % 2);
        let written = clients[writer].post("/subjects/s/versions", &api::body(content)).expect("an answer");
        assert_eq!(written.json()["id"], content, "{}", written.text());
        let read = clients[reader].get("/subjects/s/versions/latest").expect("an answer");
        assert_eq!(read.json()["id"], content, "{}", read.text());
    }
    // Its sessions are not the registries' own.
    let sessions =
        cluster.sql(&database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
    assert!(sessions.parse::<u32>().is_ok_and(|sessions| sessions <= 4), "{sessions} sessions");

    // Nobody asks the second registry for this, so only polling can tell it.
    let written = clients[0].post("/subjects/s/versions", &api::body(41)).expect("an answer");
    assert_eq!(written.json()["id"], 41);
    thread::sleep(Duration::from_secs(2));
    pooler.kill();
    let known = clients[1].get("/schemas/ids/41").expect("an answer");
    assert_eq!(known.status, 200, "{}", known.text());
    let latest = clients[1].get("/subjects/s/versions/latest").expect("an answer");
    assert_eq!((latest.status, &latest.json()["error_code"]), (503, &50301.into()));
    pooler.run();
    until("it is ready", PATIENCE, || servers.iter().all(is_ready));
    let written = clients[1].post("/subjects/s/versions", &api::body(42)).expect("an answer");
    assert_eq!(written.json()["id"], 42);
}

#[test]
fn replicas_behind_a_transaction_pooler_are_linearizable() {
    let Some(cluster) = Cluster::shared() else { return };
    let Some(mut pooler) = Pooler::start(cluster) else { return };
    let mut random = random();
    let fleet = Fleet::new(&pooler.serve(&cluster.database()), 2, 1);
    let mut moments = random.fork();
    fleet.run(&mut random, 6, LITTLE_PATIENCE, || {
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(500) + moment(&mut moments, 500));
            pooler.kill();
            thread::sleep(moment(&mut moments, 300));
            pooler.run();
        }
        thread::sleep(Duration::from_millis(500));
    });
    for history in fleet.into_histories() {
        let effort = assert_explained(&history);
        assert!(effort.answered > 200, "{effort:?}");
    }
}
