//! Why it does not start: one sentence on standard error, nothing on standard output, exit code 1.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use ottla_tests::postgres::Cluster;
use sqlx::{Connection as _, SqliteConnection};

use crate::process::{Ended, ottla, over, run, url};

fn serve(arguments: &[&str]) -> Command {
    let mut command = ottla(&["serve", "--listen", "127.0.0.1:0"]);
    command.args(arguments);
    command
}

/// It did not start, and says why in one line that begins and ends like this.
#[track_caller]
pub fn assert_failed(ended: &Ended, beginning: &str, end: &str) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{}", ended.err);
    let sentence = ended.err.strip_suffix('\n').unwrap_or(&ended.err);
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    let words = sentence.strip_prefix("ottla: ").unwrap_or_else(|| panic!("{sentence}"));
    assert!(words.starts_with(beginning) && words.ends_with(end), "{words}");
    assert!(!words.contains("panicked") && !words.contains("Error {"), "{words}");
}

#[test]
fn addresses() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    for (listen, beginning, end) in [
        (taken.as_str(), format!("cannot listen on {taken}: "), "Address already in use (os error 98)"),
        (
            "192.0.2.1:0",
            "cannot listen on 192.0.2.1:0: ".to_owned(),
            "Cannot assign requested address (os error 99)",
        ),
        ("no-such-host.invalid:0", "cannot listen on no-such-host.invalid:0: ".to_owned(), ""),
    ] {
        let ended = run(&mut ottla(&["serve", "--listen", listen, "--database", &url(&file)]));
        if listen == taken && ended.code == Some(1) {
            // The address is looked at first, so nothing was made.
            assert!(!file.exists());
        }
        assert_failed(&ended, &beginning, end);
    }
}

async fn sql(path: &Path, sql: &'static str) {
    let mut other =
        SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut other).await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test]
async fn files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let at = |name: &str| folder.join(name);
    std::fs::write(at("text"), "Dear registry,\n".repeat(1000)).unwrap();
    std::fs::write(at("cut"), &b"SQLite format 3\0"[..10]).unwrap();
    sql(&at("tables"), "CREATE TABLE orders (id INTEGER)").await;
    sql(&at("marked"), "PRAGMA application_id = 42; CREATE TABLE log (seq INTEGER)").await;
    let mut server = over(&at("newer")).start().unwrap();
    assert!(server.terminate().unwrap().success());
    sql(&at("newer"), "PRAGMA user_version = 99").await;
    for (name, reason) in [
        ("text", "is not a registry's database: it is not a SQLite file"),
        ("cut", "is not a registry's database: it is not a SQLite file"),
        ("tables", "is not a registry's database: another application's tables are in it"),
        ("marked", "is not a registry's database: it is marked as another application's"),
        ("newer", "was written by a newer version of ottla (layout 99, this version knows up to 1)"),
    ] {
        let before = std::fs::read(at(name)).unwrap();
        let ended = run(&mut serve(&["--database", &url(&at(name))]));
        assert_failed(&ended, &format!("{} {reason}", at(name).display()), "");
        assert_eq!(std::fs::read(at(name)).unwrap(), before, "{name} was changed");
    }
    let missing = at("missing/ottla.db");
    let ended = run(&mut serve(&["--database", &url(&missing)]));
    assert_failed(&ended, &format!("cannot open {}: its folder: ", missing.display()), "(os error 2)");
    let ended = run(&mut serve(&["--database", &url(&folder)]));
    assert_failed(&ended, &format!("cannot open {}: it is a folder", folder.display()), "");
    let ended = run(&mut serve(&["--database", "sqlite:///dev/full"]));
    assert_failed(&ended, "cannot use /dev/full: ", "database or disk is full");
}

#[test]
fn a_database_server_that_is_not_there() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // One that takes connections and says nothing, and one that is something else.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_at = silent.local_addr().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let other_at = other.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in other.incoming().flatten() {
            let _ = std::io::Write::write_all(&mut &stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for (address, end) in [
        (closed.to_string(), "Connection refused (os error 111)"),
        (silent_at.to_string(), ""),
        (other_at.to_string(), ""),
    ] {
        let database = format!("postgres://user:s3cret@{address}/name?application_name=s3cret");
        let ended = run(&mut serve(&["--database", &database, "--postgres-timeout", "500ms"]));
        println!("{} after {:?}", ended.err.trim_end(), ended.took);
        assert_failed(&ended, &format!("cannot use postgres://user@{address}/name: "), end);
        assert!(ended.took < Duration::from_secs(8), "{:?}", ended.took);
        assert!(!ended.err.contains("s3cret"), "{}", ended.err);
    }
}

#[test]
fn a_database_that_the_server_does_not_have() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let (server, _) = database.rsplit_once('/').unwrap();
    let ended = run(&mut serve(&["--database", &format!("{server}/nowhere")]));
    assert_failed(&ended, "cannot use postgres://", "database \"nowhere\" does not exist");
}

/// A log that cannot be written, as on a full disk, is no reason to fail.
#[test]
fn nobody_to_tell() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = serve(&["--database", "sqlite:///nowhere/ottla.db"]);
    assert_eq!(command.stdout(full()).stderr(full()).status().unwrap().code(), Some(1));

    // The port is one that was free a moment ago, for it cannot be told either.
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let arguments =
        ["--listen", &listen, "--database", "sqlite::memory:", "--access-log", "--log-level", "debug"];
    let mut child = serve(&arguments).stdout(full()).stderr(full()).spawn().unwrap();
    let mut client = ottla_tests::http::Client::new(&listen);
    let started = std::time::Instant::now();
    while client.get("/subjects").map_or(true, |answer| answer.status != 200) {
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", child.try_wait());
        std::thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..10 {
        assert_eq!(crate::process::register(&mut client, "s", 1).status, 200);
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// A signal while the database is awaited ends the process at once, and well.
#[test]
fn a_start_that_is_called_off() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let database = format!("postgres://user@{}/name", silent.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut command = serve(&["--database", &database, "--postgres-timeout", "1m"]);
    let mut child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
    // It is on its way once it has asked the database.
    let _asked = silent.accept().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
