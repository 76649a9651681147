//! One suite for both databases.

use std::collections::BTreeSet;
use std::sync::Arc;

use ottla_registry::domain::{Config, Record, Subject};
use ottla_registry::engine::{Options, SubmitError};
use ottla_registry::log::{AppendError, Batch, Entry, Log, Position, ReadError};
use uuid::Uuid;

use crate::support::commands::{Panic, RefuseIf, Register, Write};
use crate::support::store::Store;

macro_rules! suite {
    ($($case:ident)*) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(super::Store::sqlite()).await;
                }
            )*
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(store) = super::Store::postgres() {
                        super::$case(store).await;
                    }
                }
            )*
        }
    };
}

suite! {
    what_is_appended_is_read
    an_append_at_another_head_conflicts
    another_history_is_noticed
    large_and_odd_texts_come_back
    many_entries_are_read_in_pages
    writes_survive_a_restart
    concurrent_writes_share_appends
    equal_schemas_get_one_version
    refusals_and_panics_leave_nothing
    the_log_cannot_be_changed
}

fn entry(key: &str, value: Option<&str>) -> Entry {
    Entry { key: key.to_owned(), value: value.map(str::to_owned) }
}

fn batch(entries: &[(&str, Option<&str>)]) -> Batch {
    let entries = entries.iter().map(|(k, v)| entry(k, *v)).collect();
    Batch { id: Uuid::new_v4(), written_at: 1_700_000_000_123, entries }
}

/// All entries after a position: number, time, key, value.
async fn read_all(log: &dyn Log, mut after: Position) -> Vec<(u64, i64, String, Option<String>)> {
    let mut all = Vec::new();
    while let Some(chunk) = log.read(after).await.unwrap() {
        for e in chunk.entries() {
            let e = e.unwrap();
            all.push((e.seq, e.written_at, e.key.to_owned(), e.value.map(str::to_owned)));
        }
        after = chunk.last();
    }
    all
}

async fn what_is_appended_is_read(store: Store) {
    let log = store.log().await;
    assert_eq!(log.head().await.unwrap(), Position::START);
    assert!(log.read(Position::START).await.unwrap().is_none());
    let one = batch(&[("1", Some("a")), ("2", None)]);
    log.append(Position::START, &one).await.unwrap();
    let after_one = one.end(Position::START);
    assert_eq!(log.head().await.unwrap(), after_one);
    let two = batch(&[("3", Some("c"))]);
    log.append(after_one, &two).await.unwrap();
    assert_eq!(log.head().await.unwrap(), Position { seq: 3, batch: two.id });

    let row = |seq, key: &str, value: Option<&str>| {
        (seq, 1_700_000_000_123, key.to_owned(), value.map(str::to_owned))
    };
    let all = [row(1, "1", Some("a")), row(2, "2", None), row(3, "3", Some("c"))];
    assert_eq!(read_all(&*log, Position::START).await, all);
    assert_eq!(read_all(&*log, after_one).await, all[2..]);
    assert!(log.read(two.end(after_one)).await.unwrap().is_none());
    log.close().await;
    assert!(log.read(Position::START).await.is_err() || !log.is_private());
}

async fn an_append_at_another_head_conflicts(store: Store) {
    let log = store.log().await;
    let one = batch(&[("1", Some("a"))]);
    log.append(Position::START, &one).await.unwrap();
    let end = one.end(Position::START);
    let elsewhere = [
        Position::START,
        Position { seq: 2, batch: one.id },
        // As long as the log, but another history.
        Position { seq: 1, batch: Uuid::new_v4() },
    ];
    for expected in elsewhere {
        let appended = log.append(expected, &batch(&[("2", None), ("3", None)])).await;
        assert!(matches!(appended, Err(AppendError::Conflict)), "{expected:?}: {appended:?}");
    }
    assert_eq!(read_all(&*log, Position::START).await.len(), 1);
    log.append(end, &batch(&[("2", None)])).await.unwrap();
}

async fn another_history_is_noticed(store: Store) {
    let log = store.log().await;
    let one = batch(&[("1", Some("a"))]);
    log.append(Position::START, &one).await.unwrap();
    for (seq, batch) in [(1, Uuid::new_v4()), (7, one.id)] {
        let read = log.read(Position { seq, batch }).await;
        assert!(matches!(read, Err(ReadError::Diverged(at)) if at == seq), "{read:?}");
    }
}

async fn large_and_odd_texts_come_back(store: Store) {
    let log = store.log().await;
    let large = format!("\"{}\"", "schéma \\u0000 \\\\ ' '' $$ \u{1F600} ".repeat(100_000));
    let odd = r#"{"a":"\"\\'; DROP TABLE log; --","b":"\u001e\u0000"}"#;
    let texts = [("'k'", Some(odd)), ("\\", Some(large.as_str())), (odd, None), ("null", Some("null"))];
    log.append(Position::START, &batch(&texts)).await.unwrap();
    let read = read_all(&*log, Position::START).await;
    let read: Vec<_> = read.iter().map(|(_, _, k, v)| (k.as_str(), v.as_deref())).collect();
    assert_eq!(read, texts);
}

async fn many_entries_are_read_in_pages(store: Store) {
    let log = store.log().await;
    let mut end = Position::START;
    for number in 0..7 {
        let keys: Vec<String> = (0..1000).map(|i| format!("{number}/{i}")).collect();
        let entries: Vec<_> = keys.iter().map(|k| (k.as_str(), Some("{}"))).collect();
        let batch = batch(&entries);
        log.append(end, &batch).await.unwrap();
        end = batch.end(end);
    }
    let all = read_all(&*log, Position::START).await;
    assert_eq!(all.len(), 7000);
    assert!(all.iter().zip(1..).all(|(e, seq)| e.0 == seq));
    assert_eq!((all[6999].2.as_str(), log.head().await.unwrap()), ("6/999", end));
}

async fn writes_survive_a_restart(store: Store) {
    let engine = store.engine().await;
    let mut given = Vec::new();
    for i in 0..20 {
        let subject = format!("s{}", i % 3);
        given.push(engine.submit(Register::new(&subject, &format!("\"text {i}\""))).await.unwrap());
    }
    let level = "FULL".parse().unwrap();
    let config = Config { compatibility_level: Some(level), ..Config::default() };
    let record = Record::Config { scope: Subject::parse(":.ctx:"), value: Some(config) };
    engine.submit(Write(vec![record, Record::Noop])).await.unwrap();
    let before = engine.snapshot();
    assert_eq!(before.head(), 22);
    engine.close().await;
    assert!(matches!(engine.submit(Panic).await, Err(SubmitError::Unavailable(_))));
    assert!(!engine.status().ready);

    let engine = store.engine().await;
    assert_eq!(*engine.snapshot(), *before);
    for (i, given) in given.into_iter().enumerate() {
        let again =
            engine.submit(Register::new(&format!("s{}", i % 3), &format!("\"text {i}\""))).await.unwrap();
        assert_eq!(again, given, "{i}");
    }
    assert_eq!(engine.confirmed().await.unwrap().head(), 22);
    engine.close().await;
}

async fn concurrent_writes_share_appends(store: Store) {
    let engine = store.engine().await;
    let writers = (0..200).map(|i| {
        let engine = engine.clone();
        tokio::spawn(async move {
            let given =
                engine.submit(Register::new(&format!("s{}", i % 10), &format!("\"{i}\""))).await.unwrap();
            // Whoever got an answer sees it.
            assert!(
                engine
                    .snapshot()
                    .history(&Subject::parse(&format!("s{}", i % 10)))
                    .unwrap()
                    .get(given.version)
                    .is_some()
            );
            given.id
        })
    });
    let ids = futures_util::future::join_all(writers).await;
    let ids: BTreeSet<i32> = ids.into_iter().map(Result::unwrap).collect();
    assert_eq!(ids, (1..=200).collect());
    let statistics = engine.statistics();
    let appends = statistics.batch_records.count();
    assert_eq!((statistics.batch_records.sum(), statistics.position(), statistics.head()), (200, 200, 200));
    assert!(appends < 100, "{appends} appends for 200 writes");
    assert_eq!(engine.snapshot().counts().versions, 200);
    engine.close().await;
}

async fn equal_schemas_get_one_version(store: Store) {
    let engine = store.engine().await;
    let writers = (0..50).map(|i| {
        let engine = engine.clone();
        tokio::spawn(
            async move { engine.submit(Register::new("s", &format!("\"{}\"", i % 5))).await.unwrap() },
        )
    });
    let given = futures_util::future::join_all(writers).await;
    let given: BTreeSet<_> = given
        .into_iter()
        .map(|g| {
            let g = g.unwrap();
            (g.id, g.version)
        })
        .collect();
    assert_eq!(given, (1..=5).map(|n| (n, n)).collect());
    engine.close().await;
}

async fn refusals_and_panics_leave_nothing(store: Store) {
    let engine = store.open(Options { batch: 8, ..Options::default() }).await.unwrap();
    engine.submit(Register::new("here", "1")).await.unwrap();
    let engine = Arc::new(engine);
    let tasks = (0..60).map(|i| {
        let engine = engine.clone();
        tokio::spawn(async move {
            match i % 3 {
                0 => engine.submit(Register::new("here", &i.to_string())).await.map(drop),
                1 => engine.submit(RefuseIf(Subject::parse("here"))).await,
                _ => engine.submit(Panic).await,
            }
        })
    });
    for (i, answer) in futures_util::future::join_all(tasks).await.into_iter().enumerate() {
        match (i % 3, answer.unwrap()) {
            (0, Ok(())) | (1, Err(SubmitError::Rejected(_))) => {}
            (2, Err(SubmitError::Internal(problem))) => assert_eq!(problem, "on purpose"),
            (_, other) => panic!("{i}: {other:?}"),
        }
    }
    engine.submit(RefuseIf(Subject::parse("gone"))).await.unwrap();
    assert_eq!(engine.snapshot().head(), 21);
    engine.close().await;
}

async fn the_log_cannot_be_changed(store: Store) {
    let log = store.log().await;
    log.append(Position::START, &batch(&[("1", None)])).await.unwrap();
    log.close().await;
    for statement in ["UPDATE {} SET key = 'x'", "DELETE FROM {}"] {
        match &store {
            Store::Sqlite(folder) => {
                use sqlx::Connection as _;
                let url = format!("sqlite://{}/ottla.db", folder.path().display());
                let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
                let sql = sqlx::AssertSqlSafe(statement.replace("{}", "log"));
                let error = sqlx::raw_sql(sql).execute(&mut other).await.unwrap_err();
                assert!(error.to_string().contains("append-only"), "{error}");
            }
            Store::Postgres(_, url) => {
                use sqlx::Connection as _;
                let mut other = sqlx::PgConnection::connect(url).await.unwrap();
                let sql = sqlx::AssertSqlSafe(statement.replace("{}", "ottla_log"));
                let error = sqlx::raw_sql(sql).execute(&mut other).await.unwrap_err();
                assert!(error.to_string().contains("append-only"), "{error}");
            }
        }
    }
}
