//! `kill -9` cannot show that a sync is missing: what was written is in the system's memory, and survives. So the system
//! calls are looked at: no answer leaves before the data is synced.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use ottla_tests::http::Client;
use ottla_tests::postgres::Cluster;
use ottla_tests::server::Server;
use serde_json::json;

use crate::trace::{self, Call, Problem};
use crate::{missing, serve, until};

const CLIENTS: usize = 5;
const EACH: usize = 12;

/// A text that stands in a request, in what is stored for it and in its answer.
fn mark(number: usize) -> String {
    format!("Traced{number:04}")
}

fn find_mark(data: &[u8]) -> Option<String> {
    let at = data.windows(6).position(|window| window == b"Traced")?;
    Some(String::from_utf8_lossy(data.get(at..at + 10)?).into_owned())
}

/// Registers a schema, or changes a configuration.
fn write(client: &mut Client, number: usize) {
    let mark = mark(number);
    let answer = if number.is_multiple_of(4) {
        client.put(&format!("/config/{number}"), &json!({ "compatibilityGroup": mark }))
    } else {
        let schema = format!(r#"{{"type":"record","name":"{mark}","fields":[]}}"#);
        client.post(&format!("/subjects/s{}/versions", number % 3), &json!({ "schema": schema }))
    };
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// One after the other, and many at the same time.
fn write_all(server: &Server) -> usize {
    let mut client = server.client();
    (0..EACH).for_each(|number| write(&mut client, number));
    thread::scope(|scope| {
        for client in 1..=CLIENTS {
            scope.spawn(move || {
                let mut http = server.client();
                (0..EACH).for_each(|n| write(&mut http, client * EACH + n));
            });
        }
    });
    (CLIENTS + 1) * EACH
}

#[test]
fn on_sqlite_no_answer_leaves_before_the_data_is_synced() {
    if Command::new("strace").arg("--version").output().is_err() {
        return missing("strace is not installed (Debian, Ubuntu: apt-get install strace)");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (file, log) = (folder.path().join("ottla.db"), folder.path().join("trace"));
    let log = log.to_str().expect("a path that is text");
    let strace: Vec<&str> = ["strace", "-o", log].iter().chain(trace::OPTIONS).copied().collect();
    let traced = serve(&format!("sqlite://{}", file.display())).under(&strace);
    let mut server = traced.start().expect("a server under strace");
    let writes = write_all(&server);
    assert!(server.terminate().is_some_and(|status| status.success()), "{}", server.log());
    // strace writes the last lines when the process is gone.
    let last = format!("{} ", server.pid());
    let is_whole =
        |trace: &str| trace.lines().any(|l| l.starts_with(&last) && l.ends_with("+++ exited with 0 +++"));
    let read = || fs::read_to_string(log).unwrap_or_default();
    until("strace has written all", Duration::from_secs(20), || is_whole(&read()));

    let text = read();
    let calls = trace::parse(&text);
    let judged = trace::judge(&calls, find_mark);
    let marks: BTreeSet<&str> = judged.iter().map(|(mark, _)| &**mark).collect();
    assert_eq!((judged.len(), marks.len()), (writes, writes), "not every answer is in the trace");
    let wrong: Vec<_> = judged.iter().filter(|(_, verdict)| verdict.is_err()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let syncs = calls.iter().filter(|call| is_sync(call)).count();
    println!("{writes} writes, {syncs} syncs of the write-ahead log");
    assert_a_missing_sync_is_found(&calls);
}

fn is_sync(call: &Call) -> bool {
    matches!(&*call.name, "fsync" | "fdatasync") && call.target.ends_with("-wal")
}

/// The same trace, had nothing been synced, or each sync come after the next answer.
fn assert_a_missing_sync_is_found(calls: &[Call]) {
    let without: Vec<Call> = calls.iter().filter(|call| !is_sync(call)).cloned().collect();
    let judged = trace::judge(&without, find_mark);
    assert!(!judged.is_empty() && judged.iter().all(|(_, verdict)| *verdict == Err(Problem::Unsynced)));

    let is_answer = |call: &Call| call.data.starts_with(b"HTTP/1.1 200");
    let mut late = calls.to_vec();
    for sync in late.iter_mut().filter(|call| is_sync(call)) {
        let answer = calls.iter().find(|call| is_answer(call) && call.begins > sync.ends);
        sync.ends = answer.map_or(usize::MAX, |answer| answer.ends);
    }
    let judged = trace::judge(&late, find_mark);
    let found = judged.iter().filter(|(_, verdict)| *verdict == Err(Problem::Unsynced)).count();
    assert!(found >= EACH, "only {found} of {} late syncs were found", judged.len());
}

/// PostgreSQL syncs by itself, unless it is told not to wait for it. Here it is, by its configuration, and the registry
/// has it wait all the same.
#[test]
fn on_postgres_no_answer_leaves_before_the_data_is_synced() {
    let Some(_) = Cluster::shared() else { return };
    let cluster = Cluster::durable().expect("PostgreSQL");
    let url = cluster.database();
    let name = url.rsplit('/').next().expect("a name");
    cluster.sql("postgres", "ALTER SYSTEM SET wal_writer_delay = '10s'");
    cluster.sql(
        "postgres",
        &format!("SELECT pg_reload_conf(); ALTER DATABASE {name} SET synchronous_commit = off"),
    );
    let server = serve(&url).start().expect("a server");
    // What is in effect where the records go in.
    cluster.sql(
        &url,
        "CREATE TABLE probe (setting text);
        CREATE FUNCTION probe() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO probe SELECT current_setting('synchronous_commit'); RETURN NULL; END $$;
        CREATE TRIGGER probe AFTER INSERT ON ottla_log FOR EACH STATEMENT EXECUTE FUNCTION probe()",
    );
    let mut client = server.client();
    for number in 0..EACH {
        write(&mut client, number);
        let flushed = cluster.sql(&url, "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()");
        assert_eq!(flushed, "t", "write {number} was acknowledged before it was synced");
    }
    let settings = cluster.sql(&url, "SELECT setting, count(*) FROM probe GROUP BY 1");
    assert_eq!(settings, format!("on|{EACH}"));

    // The question can be answered otherwise: this is how a commit looks that nobody waits for.
    let lazily = "BEGIN; INSERT INTO probe VALUES ('lazily'); COMMIT;
        SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()";
    let answers: BTreeSet<String> = (0..20).map(|_| cluster.sql(&url, lazily)).collect();
    assert!(answers.contains("f"), "{answers:?}");
    assert_eq!(cluster.sql(&url, "SHOW synchronous_commit"), "off");
    assert_eq!(cluster.sql(&url, "SHOW fsync"), "on");
}
