//! What is true of PostgreSQL alone: several registries, and a server that comes and goes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ottla_registry::domain::{Defaults, Subject};
use ottla_registry::engine::{Engine, Options, StorageError, SubmitError};
use ottla_tests::postgres::{Cluster, Stop};
use tokio::time::sleep;

use crate::support::commands::{Register, Registered};

async fn open(url: &str) -> Engine {
    open_with(url, Options::default()).await.unwrap()
}

async fn open_with(url: &str, options: Options) -> Result<Engine, String> {
    let opened = Engine::open(&url.parse().unwrap(), Defaults::default(), options).await;
    opened.map_err(|e| e.to_string())
}

/// Short enough for tests that wait for the end of it.
fn impatient() -> Options {
    Options { timeout: Duration::from_secs(1), ..Options::default() }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "waited too long until {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// What a writer knows: texts with the id and version that it was told, and those whose fate it was not told.
#[derive(Debug, Default)]
struct Memory {
    acknowledged: BTreeMap<String, Registered>,
    in_doubt: usize,
}

impl Memory {
    /// Registers new texts until it is told to stop.
    async fn write(engine: Engine, writer: usize, stop: Arc<AtomicBool>) -> Self {
        let mut memory = Self::default();
        for i in 0.. {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let text = format!("\"{writer}/{i}\"");
            match engine.submit(Register::new(&format!("s{}", i % 5), &text)).await {
                Ok(given) => drop(memory.acknowledged.insert(text, given)),
                Err(SubmitError::OutcomeUnknown(_)) => memory.in_doubt += 1,
                Err(SubmitError::Unavailable(_)) => sleep(Duration::from_millis(10)).await,
                Err(other) => panic!("{other:?}"),
            }
        }
        memory
    }
}

/// Everything that was acknowledged is there, once, and nothing is there that nobody may have written.
async fn check(url: &str, memories: &[Memory]) {
    let engine = open(url).await;
    let state = engine.snapshot();
    let mut stored: BTreeMap<&str, Vec<Registered>> = BTreeMap::new();
    for subject in 0..5 {
        let Some(history) = state.history(&Subject::parse(&format!("s{subject}"))) else { continue };
        for (v, number) in history.all().zip(1..) {
            assert_eq!(v.version, number, "versions have gaps");
            stored.entry(&v.content.text).or_default().push(Registered { id: v.id, version: v.version });
        }
    }
    let ids: std::collections::BTreeSet<i32> = stored.values().flatten().map(|r| r.id).collect();
    assert_eq!(ids.len(), stored.len(), "an id was given twice");
    let mut acknowledged = 0;
    for (text, given) in memories.iter().flat_map(|m| &m.acknowledged) {
        assert_eq!(stored.get(text.as_str()), Some(&vec![*given]), "{text}");
        acknowledged += 1;
    }
    let in_doubt: usize = memories.iter().map(|m| m.in_doubt).sum();
    assert!(stored.len() <= acknowledged + in_doubt, "{} stored, {acknowledged} acknowledged", stored.len());
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_see_each_others_writes_at_once() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    // Neither notifications nor polling help here.
    let alone = Options { listen: false, poll: Duration::from_secs(600), ..Options::default() };
    let a = open_with(&url, alone.clone()).await.unwrap();
    let b = open_with(&url, alone).await.unwrap();
    for i in 0..50 {
        let (writer, reader) = if i % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let given = writer.submit(Register::new("s", &i.to_string())).await.unwrap();
        assert_eq!(given, Registered { id: i + 1, version: i + 1 });
        let state = reader.confirmed().await.unwrap();
        assert_eq!(
            &*state.history(&Subject::parse("s")).unwrap().latest().unwrap().content.text,
            i.to_string()
        );
    }
    assert!(a.statistics().conflicts() + b.statistics().conflicts() < 50);
    a.close().await;
    b.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_write_at_once_agree() {
    let Some(cluster) = Cluster::shared() else { return };
    for isolation in ["read committed", "serializable"] {
        let url = cluster.database();
        let name = url.rsplit('/').next().unwrap();
        cluster.sql(
            "postgres",
            &format!("ALTER DATABASE {name} SET default_transaction_isolation = '{isolation}'"),
        );
        // All three find an empty database.
        let engines = futures_util::future::join_all((0..3).map(|_| open(&url))).await;
        let tasks: Vec<_> = (0..300)
            .map(|i| {
                let engine = engines[i % 3].clone();
                // Each text twice, from different replicas.
                let text = (i / 2).to_string();
                tokio::spawn(async move {
                    (text.clone(), engine.submit(Register::new("s", &text)).await.unwrap())
                })
            })
            .collect();
        let mut given = BTreeMap::new();
        for task in tasks {
            let (text, registered) = task.await.unwrap();
            assert_eq!(*given.entry(text).or_insert(registered), registered);
        }
        let mut versions: Vec<_> = given.values().map(|r| (r.id, r.version)).collect();
        versions.sort_unstable();
        assert_eq!(versions, (1..=150).map(|n| (n, n)).collect::<Vec<_>>());
        let state = engines[0].confirmed().await.unwrap();
        for engine in &engines {
            assert_eq!(*engine.confirmed().await.unwrap(), *state);
            engine.close().await;
        }
        let replayed = open(&url).await;
        assert_eq!(*replayed.snapshot(), *state);
        replayed.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_follow_by_notification_or_by_polling() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    let writer = open(&url).await;
    let never = Duration::from_secs(600);
    let listening = open_with(&url, Options { poll: never, ..Options::default() }).await.unwrap();
    let polling = Options { poll: Duration::from_millis(50), listen: false, ..Options::default() };
    let polling = open_with(&url, polling).await.unwrap();
    let deaf = open_with(&url, Options { poll: never, listen: false, ..Options::default() }).await.unwrap();
    sleep(Duration::from_millis(200)).await;
    for i in 1..=5 {
        writer.submit(Register::new("s", &i.to_string())).await.unwrap();
        until("the notification is followed", || listening.snapshot().head() == i).await;
        until("the poll finds it", || polling.snapshot().head() == i).await;
    }
    assert_eq!(deaf.snapshot().head(), 0);
    // The connection that listens is lost: it comes back, and what was missed meanwhile is found.
    assert!(cluster.end_sessions(&url, "query LIKE 'LISTEN%'") > 0);
    writer.submit(Register::new("s", "missed")).await.unwrap();
    until("it listens again", || listening.snapshot().head() == 6).await;
    writer.submit(Register::new("s", "heard")).await.unwrap();
    until("it hears again", || listening.snapshot().head() == 7).await;
    for engine in [writer, listening, polling, deaf] {
        engine.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_lost_in_mid_statement_lose_and_double_nothing() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    let engines = [open(&url).await, open(&url).await];
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (0..8).map(|n| tokio::spawn(Memory::write(engines[n % 2].clone(), n, stop.clone()))).collect();
    let killer = {
        let url = url.clone();
        tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let mut ended = 0;
            while started.elapsed() < Duration::from_secs(4) {
                ended += cluster.end_sessions(&url, "pid <> pg_backend_pid()");
            }
            ended
        })
    };
    let ended = killer.await.unwrap();
    stop.store(true, Ordering::SeqCst);
    let memories: Vec<_> =
        futures_util::future::join_all(writers).await.into_iter().map(Result::unwrap).collect();
    let acknowledged: usize = memories.iter().map(|m| m.acknowledged.len()).sum();
    let in_doubt: usize = memories.iter().map(|m| m.in_doubt).sum();
    assert!(ended > 20 && acknowledged > 20, "{ended} sessions ended, {acknowledged} writes acknowledged");
    // The server is there all the time, so every fate can be found out.
    assert_eq!(in_doubt, 0);
    assert!(engines[0].reconnects() > 0);
    for engine in engines {
        engine.close().await;
    }
    check(&url, &memories).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_and_comes_back_loses_nothing() {
    let Some(cluster) = Cluster::installed() else { return };
    let url = cluster.database();
    let engine = open_with(&url, impatient()).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (0..4).map(|n| tokio::spawn(Memory::write(engine.clone(), n, stop.clone()))).collect();
    sleep(Duration::from_millis(300)).await;
    for round in 0..4 {
        let away = || match round {
            0 => cluster.stop(Stop::Fast),
            1 => cluster.stop(Stop::Immediate),
            2 => cluster.kill(),
            _ => cluster.pause(),
        };
        tokio::task::block_in_place(away).unwrap();
        let head = engine.snapshot().head();
        until("it is not ready", || !engine.status().ready).await;
        let asked = Instant::now();
        assert!(engine.confirmed().await.is_err());
        assert!(asked.elapsed() < Duration::from_secs(3));
        assert!(engine.snapshot().head() >= head && head > 0);
        tokio::task::block_in_place(|| if round == 3 { cluster.resume() } else { cluster.start() }).unwrap();
        until("it is ready", || engine.status().ready).await;
        let head = engine.confirmed().await.unwrap().head();
        until("it writes again", || engine.snapshot().head() > head + 20).await;
    }
    stop.store(true, Ordering::SeqCst);
    let memories: Vec<_> =
        futures_util::future::join_all(writers).await.into_iter().map(Result::unwrap).collect();
    engine.close().await;
    check(&url, &memories).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_held_by_another_program_is_not_waited_for_for_ever() {
    use sqlx::Connection as _;
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    let engine = open_with(&url, impatient()).await.unwrap();
    let mut other = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT * FROM ottla_head FOR UPDATE").execute(&mut other).await.unwrap();
    let answer = engine.submit(Register::new("s", "1")).await;
    assert!(matches!(answer, Err(SubmitError::Unavailable(_))), "{answer:?}");
    assert_eq!(engine.confirmed().await.unwrap().head(), 0);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(engine.submit(Register::new("s", "1")).await.unwrap(), Registered { id: 1, version: 1 });
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_are_synced_however_the_server_is_configured() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    open(&url).await.close().await;
    let name = url.rsplit('/').next().unwrap();
    cluster.sql(
        &url,
        &format!(
            "CREATE TABLE probe (setting text);
            CREATE FUNCTION probe() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO probe SELECT current_setting('synchronous_commit'); RETURN NULL; END $$;
            CREATE TRIGGER probe AFTER INSERT ON ottla_log FOR EACH STATEMENT EXECUTE FUNCTION probe();
            ALTER DATABASE {name} SET synchronous_commit = off;
            ALTER DATABASE {name} SET standard_conforming_strings = off"
        ),
    );
    let engine = open(&url).await;
    engine.submit(Register::new("s", "\"\\\\'\"")).await.unwrap();
    assert_eq!(cluster.sql(&url, "SELECT * FROM probe"), "on");
    assert_eq!(cluster.sql(&url, "SHOW synchronous_commit"), "off");
    engine.close().await;
    let state = open(&url).await.snapshot();
    assert_eq!(&*state.history(&Subject::parse("s")).unwrap().latest().unwrap().content.text, "\"\\\\'\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_database_is_told() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    open(&url).await.close().await;
    let name = url.rsplit('/').next().unwrap();
    cluster.sql("postgres", &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let engine = open(&url).await;
    let answer = engine.submit(Register::new("s", "1")).await;
    assert!(matches!(answer, Err(SubmitError::Storage(StorageError::ReadOnly))), "{answer:?}");
    engine.close().await;
    let empty = cluster.database();
    let name = empty.rsplit('/').next().unwrap();
    cluster.sql("postgres", &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let refusal = open_with(&empty, Options::default()).await.unwrap_err();
    assert!(refusal.ends_with("cannot be written to: it is read-only"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unsuitable_databases_are_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let refusal = |url: String| async move { open_with(&url, impatient()).await.unwrap_err() };

    let url = cluster.database();
    open(&url).await.close().await;
    cluster.sql(&url, "INSERT INTO ottla_layout (version) VALUES (99)");
    let expected =
        format!("{url} was written by a newer version of ottla (layout 99, this version knows up to 1)");
    assert_eq!(refusal(url).await, expected);

    let url = cluster.database();
    cluster.sql(&url, "CREATE TABLE ottla_log (id int)");
    let said = refusal(url.clone()).await;
    assert!(
        said.starts_with(&format!("{url} is not a registry's database: another application's tables")),
        "{said}"
    );
    assert_eq!(cluster.sql(&url, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'ottla%'"), "1");

    cluster.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    let said = refusal(cluster.url("latin")).await;
    assert!(said.ends_with("its encoding is LATIN1, and must be UTF8"), "{said}");

    let said = refusal(cluster.url("nowhere")).await;
    assert!(said.ends_with("database \"nowhere\" does not exist"), "{said}");
    let said = refusal("postgres://user:secret@127.0.0.1:1/x".to_owned()).await;
    assert!(said.contains("Connection refused") && !said.contains("secret"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_lost_its_tail_is_read_anew() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    let engine = open(&url).await;
    for text in ["1", "2", "3"] {
        engine.submit(Register::new("s", text)).await.unwrap();
    }
    cluster.sql(
        &url,
        "BEGIN;
        ALTER TABLE ottla_log DISABLE TRIGGER ALL;
        DELETE FROM ottla_log WHERE seq > 1;
        UPDATE ottla_head SET seq = 1, batch = (SELECT batch FROM ottla_log WHERE seq = 1);
        ALTER TABLE ottla_log ENABLE TRIGGER ALL;
        COMMIT",
    );
    assert_eq!(engine.submit(Register::new("s", "4")).await.unwrap(), Registered { id: 2, version: 2 });
    assert_eq!((engine.statistics().rebuilds(), engine.status().ready), (1, true));
    engine.close().await;
}
