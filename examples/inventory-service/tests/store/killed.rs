//! Processes that end, or stop, in the middle.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use inventory_service::store::{Effect, Seed, Store};

use crate::place::{NOW, PATIENCE, Place, order};

on_both! {
    what_a_killed_process_was_told_is_there
}

const URL: &str = "INVENTORY_STORE_URL";
const PARTITION: &str = "INVENTORY_STORE_PARTITION";
const BATCH: i64 = 50;

/// A process of its own that reserves until it is killed.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(place: &Place, partition: i32) -> Self {
        Self::start_under(&[], place, partition)
    }

    /// Starts it as the argument of another program.
    fn start_under(program: &[OsString], place: &Place, partition: i32) -> Self {
        let test = std::env::current_exe().expect("the path of this program").into_os_string();
        let words: Vec<_> = program.iter().chain([&test]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        command.args(["--exact", "killed::reserves_until_it_is_killed", "--ignored", "--nocapture"]);
        command.env(URL, &place.url).env(PARTITION, partition.to_string());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a process");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, lines }
    }

    /// The next batches that it says it was told about; there may be one more by now.
    fn told(&mut self, count: usize) -> Vec<i64> {
        let lines = self.lines.by_ref().map(|line| line.expect("a line"));
        lines.filter_map(|line| line.strip_prefix("told ")?.parse().ok()).take(count).collect()
    }

    /// Kills it (SIGKILL). What it had said until then.
    fn kill(mut self) -> Vec<i64> {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("its end");
        self.told(usize::MAX)
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let status = kill.arg(format!("-{signal}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill").success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have been killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
#[ignore = "the process of other tests"]
async fn reserves_until_it_is_killed() {
    let (Ok(url), Ok(partition)) = (std::env::var(URL), std::env::var(PARTITION)) else { return };
    let partition: i32 = partition.parse().expect("a number");
    let store = Store::open(&url, Seed { items: 3, stock: 1_000_000 }, PATIENCE).await.expect("a store");
    for batch in 0_i64.. {
        let ids = batch * BATCH..(batch + 1) * BATCH;
        let wanted: Vec<_> = ids.map(|number| order(&id(partition, number), partition, number)).collect();
        while let Err(away) = store.reserve(&wanted, NOW).await {
            eprintln!("{away}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut output = std::io::stdout();
        // Who has started this may be gone.
        if writeln!(output, "told {batch}").and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}

fn id(partition: i32, number: i64) -> String {
    format!("o-{partition}-{number}")
}

/// Three processes on one database. Each batch that one of them was told about is there, and of the others all or nothing.
async fn what_a_killed_process_was_told_is_there(place: Place) {
    for round in 0..3 {
        let mut processes: Vec<_> =
            (0..3).map(|n| (n + 10 * round, Process::start(&place, n + 10 * round))).collect();
        let mut told: Vec<_> = processes.iter_mut().map(|(_, process)| process.told(3)).collect();
        let mut partitions = Vec::new();
        for (told, (partition, process)) in told.iter_mut().zip(processes) {
            told.extend(process.kill());
            partitions.push(partition);
        }
        let ids: HashSet<_> = place.run("SELECT order_id FROM reservations").await.into_iter().collect();
        for (told, partition) in told.iter().zip(partitions) {
            for batch in told {
                for number in batch * BATCH..(batch + 1) * BATCH {
                    assert!(ids.contains(&id(partition, number)), "{partition}: {number} of {told:?}");
                }
            }
            let stored = ids.iter().filter(|id| id.starts_with(&format!("o-{partition}-"))).count();
            assert!(stored.is_multiple_of(BATCH as usize), "{partition}: {stored}");
        }
        place.adds_up().await;
    }
}

/// Nobody waits long for what a process has locked that does not go on.
#[tokio::test]
async fn a_stopped_process_does_not_hold_up_others() {
    let Some(place) = Place::postgres() else { return };
    let store = place.open(3, 1_000_000).await;
    // It spends its time where it has everything locked.
    place
        .run(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF current_setting('application_name') = 'inventory-service' AND NEW.available > 0
                    THEN PERFORM pg_sleep(0.3); END IF; RETURN NEW; END $$;
            CREATE TRIGGER dawdle BEFORE UPDATE ON stock FOR EACH ROW EXECUTE FUNCTION dawdle()",
        )
        .await;
    let mut process = Process::start(&place, 1);
    process.told(1);
    process.signal("STOP");
    let started = Instant::now();
    let batch: Vec<_> = (0..50).map(|number| order(&format!("mine-{number}"), 2, number)).collect();
    let effects = store.reserve(&batch, NOW).await.expect("effects");
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Decided(_))), "{effects:?}");
    assert!(started.elapsed() < PATIENCE / 2, "{:?}", started.elapsed());
    // It finds its connection gone, makes another, and goes on.
    process.signal("CONT");
    assert_eq!(process.told(3).len(), 3);
    drop(process);
    place.adds_up().await;
}

/// What a power cut could take away again is not told.
#[tokio::test]
async fn what_is_told_was_synced_to_the_disk() {
    if Command::new("strace").arg("-V").output().is_err() {
        let problem = "strace is not installed (Debian, Ubuntu: apt-get install strace)";
        assert!(std::env::var_os("CI").is_none(), "{problem}");
        eprintln!("skipped: {problem}");
        return;
    }
    let folder = tempfile::Builder::new().prefix("ottla-store-").tempdir().expect("a folder");
    let trace = folder.path().join("trace");
    let strace = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,write", "-o"].map(OsString::from);
    let strace: Vec<_> = strace.into_iter().chain([trace.clone().into_os_string(), "--".into()]).collect();
    let place = Place::sqlite();
    let mut process = Process::start_under(&strace, &place, 1);
    assert_eq!(process.told(6).len(), 6);
    // It has a child of its own, which ends when nobody reads what it tells.
    drop(process);
    let calls = std::fs::read_to_string(trace).expect("a trace");
    let mut syncs = 0;
    let mut told = 0;
    for line in calls.lines() {
        if line.contains("sync(") || line.contains("sync resumed") {
            syncs += usize::from(line.contains("= 0"));
        } else if line.contains("write(1") && line.contains("told ") {
            assert!(syncs > 0, "not synced: {line}\n{calls}");
            (syncs, told) = (0, told + 1);
        }
    }
    assert!(told >= 6, "{calls}");
}
