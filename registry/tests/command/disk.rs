//! Files and folders that cannot be written to, and a disk that is full: told, and nothing is lost.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use ottla_tests::http::Client;
use ottla_tests::server::Server;
use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::failures::assert_failed;
use crate::process::{ottla, over, register, run, url};
use crate::prometheus::sample;

/// Root may write anywhere, unless it gives that up.
const WITHOUT_PRIVILEGES: [&str; 3] = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];

/// A server's command line that is bound by the rights of files; nothing where that cannot be had.
fn bound_by_rights(database: &Path) -> Option<Command> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &url(database)];
    if !rustix::process::geteuid().is_root() {
        return Some(ottla(&arguments));
    }
    let mut command = Command::new(WITHOUT_PRIVILEGES[0]);
    command.args(&WITHOUT_PRIVILEGES[1..]);
    let can = command.arg("true").output().is_ok_and(|output| output.status.success());
    if !can {
        assert!(std::env::var_os("CI").is_none(), "as root this test needs setpriv: install util-linux");
        println!("skipped: as root this test needs setpriv");
        return None;
    }
    let mut command = Command::new(WITHOUT_PRIVILEGES[0]);
    command.args(&WITHOUT_PRIVILEGES[1..]).arg(env!("CARGO_BIN_EXE_ottla")).args(arguments);
    Some(command)
}

fn set_writable(path: &Path, writable: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = match (path.is_dir(), writable) {
        (true, true) => 0o755,
        (true, false) => 0o555,
        (false, true) => 0o644,
        (false, false) => 0o444,
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_or_folder_that_cannot_be_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let file = folder.join("ottla.db");
    let Some(mut command) = bound_by_rights(&file) else { return };
    set_writable(&folder, false);
    assert_failed(&run(&mut command), &format!("cannot open {}.lock: Permission denied", file.display()), "");
    set_writable(&folder, true);

    let mut server = over(&file).start().unwrap();
    assert_eq!(register(&mut server.client(), "s", 1).status, 200);
    assert!(server.terminate().unwrap().success());
    set_writable(&file, false);
    let read_only = format!("{} cannot be written to: it is read-only", file.display());
    assert_failed(&run(&mut bound_by_rights(&file).unwrap()), &read_only, "");
    set_writable(&file, true);
    set_writable(&folder, false);
    let ended = run(&mut bound_by_rights(&file).unwrap());
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{}", ended.err);
    assert!(ended.err.starts_with("ottla: ") && ended.err.lines().count() == 1, "{}", ended.err);
    set_writable(&folder, true);
    let server = over(&file).start().unwrap();
    assert_eq!(server.client().get("/subjects/s/versions").unwrap().text(), "[1]");
}

/// A server whose files cannot grow beyond a size, as on a disk that is full.
fn on_a_small_disk(file: &Path, kilobytes: usize) -> Server {
    // Blocks have 512 bytes. Without the trap the system would end the process where a disk would refuse.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", kilobytes * 2);
    over(file).with(&["--log-format", "json"]).under(&["sh", "-c", &script, "sh"]).start().unwrap()
}

/// Registers until a write is refused, and says how many were acknowledged.
fn fill(client: &mut Client) -> usize {
    for number in 0..100_000 {
        let answer = register(client, "s", number);
        if answer.status == 200 {
            continue;
        }
        assert_eq!(
            (answer.status, answer.json()["error_code"].as_i64()),
            (500, Some(50001)),
            "{}",
            answer.text()
        );
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Operation failed while writing to the store: "), "{message}");
        return number;
    }
    panic!("the disk is not full");
}

fn versions(client: &mut Client) -> usize {
    client.get("/subjects/s/versions").unwrap().json().as_array().unwrap().len()
}

#[test]
fn a_full_disk_is_told_reads_go_on_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    let mut server = on_a_small_disk(&file, 400);
    let mut client = server.client();
    let acknowledged = fill(&mut client);
    println!("{acknowledged} acknowledged");
    assert!(acknowledged > 20);
    // Another write is refused as well, and everything can be asked for.
    assert_eq!(register(&mut client, "t", 0).status, 500);
    assert_eq!(versions(&mut client), acknowledged);
    assert_eq!(client.get("/schemas/ids/1").unwrap().status, 200);
    assert_eq!(client.get("/subjects").unwrap().text(), "[\"s\"]");
    let ready = client.get("/health/ready").unwrap();
    assert_eq!(ready.status, 200);
    assert!(ready.json()["reason"].is_string(), "{}", ready.text());
    let metrics = client.get("/metrics").unwrap().text();
    assert_eq!(sample(&metrics, "ottla_trouble"), 1.0);
    assert!(sample(&metrics, "ottla_log_failed_appends_total") >= 2.0);
    assert!(
        server
            .log()
            .lines()
            .any(|line| line.contains("\"a request failed\"") && line.contains("\"status\":500"))
    );

    // Once there is room, writes go on where they were.
    let pid = Pid::from_raw(i32::try_from(server.pid()).unwrap());
    // Only root may raise a limit that was set for good.
    if prlimit(pid, Resource::Fsize, Rlimit { current: None, maximum: None }).is_ok() {
        let answer = register(&mut client, "s", acknowledged);
        assert_eq!(answer.json()["version"], acknowledged + 1, "{}", answer.text());
        let metrics = client.get("/metrics").unwrap().text();
        assert_eq!(sample(&metrics, "ottla_trouble"), 0.0);
    }
    let written = versions(&mut client);
    assert!(server.terminate().unwrap().success());
    let server = over(&file).start().unwrap();
    let mut client = server.client();
    assert_eq!(versions(&mut client), written);
    for number in 0..acknowledged {
        assert_eq!(register(&mut client, "s", number).json()["version"], number + 1);
    }
    assert_eq!(register(&mut client, "s", 999_999).json()["version"], written + 1);
}

/// The same where the process is killed while the disk is full.
#[test]
fn a_full_disk_and_a_killed_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    let mut server = on_a_small_disk(&file, 300);
    let acknowledged = fill(&mut server.client());
    server.kill();
    // It starts on the full disk, and after.
    let started = on_a_small_disk(&file, 300);
    assert_eq!(versions(&mut started.client()), acknowledged);
    drop(started);
    let deadline = Instant::now() + Duration::from_secs(20);
    let server = loop {
        match over(&file).start() {
            Ok(server) => break server,
            Err(why) => assert!(Instant::now() < deadline, "{why}"),
        }
    };
    assert_eq!(versions(&mut server.client()), acknowledged);
    assert_eq!(register(&mut server.client(), "s", acknowledged).json()["version"], acknowledged + 1);
}
