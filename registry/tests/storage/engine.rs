//! The engine over a log that fails when it is told to.

use std::sync::Arc;
use std::time::Duration;

use ottla_registry::domain::{Defaults, Record, Subject};
use ottla_registry::engine::{Engine, Options, StorageError, SubmitError};
use ottla_registry::log::Entry;
use ottla_registry::log::codec::encode;

use crate::support::commands::{RefuseIf, Register, Registered, Write};
use crate::support::faulty::{Fault, Faulty};

async fn engine(log: &Arc<Faulty>) -> Engine {
    engine_with(log, Options::default()).await
}

async fn engine_with(log: &Arc<Faulty>, options: Options) -> Engine {
    Engine::over(log.clone(), Defaults::default(), options).await.unwrap()
}

/// What another registry would write to register a text.
fn registration(subject: &str, id: i32, version: i32, text: &str) -> Entry {
    use ottla_registry::domain::{Content, SchemaValue};
    let content = Content::new(Default::default(), text.into(), Vec::new(), None, None);
    let value = Some(SchemaValue { id, deleted: false, content: Arc::new(content) });
    encode(&Record::Schema { subject: Subject::parse(subject), version, value }).unwrap()
}

#[tokio::test]
async fn whoever_is_overtaken_decides_again() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.fail_next(Fault::Overtaken(vec![registration("s", 1, 1, "theirs")]));
    log.fail_next(Fault::Overtaken(vec![registration("s", 2, 2, "too")]));
    let given = engine.submit(Register::new("s", "ours")).await.unwrap();
    assert_eq!(given, Registered { id: 3, version: 3 });
    // This time the other registry was faster with the very same text.
    log.fail_next(Fault::Overtaken(vec![registration("t", 4, 1, "same")]));
    let given = engine.submit(Register::new("t", "same")).await.unwrap();
    assert_eq!(given, Registered { id: 4, version: 1 });
    assert_eq!((log.len(), engine.statistics().conflicts(), engine.snapshot().head()), (4, 3, 4));
}

#[tokio::test]
async fn what_others_wrote_is_seen_by_the_next_confirmed_read() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.append_elsewhere(vec![registration("s", 1, 1, "theirs")]);
    assert_eq!(engine.snapshot().head(), 0);
    assert_eq!(engine.confirmed().await.unwrap().head(), 1);
    assert_eq!(engine.snapshot().head(), 1);
}

#[tokio::test]
async fn a_log_that_never_stands_still_is_not_chased() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.append_elsewhere(vec![registration("s", 1, 1, "theirs")]);
    // Whoever waited for the end of the log would wait as long as others write.
    log.grow_when_read(1000);
    let seen = engine.confirmed().await.unwrap().head();
    assert!((1..10).contains(&seen), "{seen} entries were read");
}

#[tokio::test]
async fn a_notification_is_followed() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.append_elsewhere(vec![registration("s", 1, 1, "theirs")]);
    log.notify();
    while engine.snapshot().head() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn neither_refusals_nor_finds_are_answered_from_a_stale_state() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    engine.submit(Register::new("s", "1")).await.unwrap();
    // Another registry deletes it for good: the snapshot still has it.
    let gone = Record::Schema { subject: Subject::parse("s"), version: 1, value: None };
    log.append_elsewhere(vec![encode(&gone).unwrap()]);
    engine.submit(RefuseIf(Subject::parse("s"))).await.unwrap();
    // Another registry registers the text: the answer is its id, and nothing is written.
    log.append_elsewhere(vec![registration("t", 2, 1, "x")]);
    assert_eq!(engine.submit(Register::new("t", "x")).await.unwrap(), Registered { id: 2, version: 1 });
    assert_eq!(log.len(), 3);
}

#[tokio::test]
async fn a_decision_without_records_fails_while_the_head_cannot_be_asked_for() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    engine.submit(Register::new("s", "1")).await.unwrap();
    assert!(engine.status().ready);
    log.set_away(true);
    for _ in 0..3 {
        assert!(matches!(engine.submit(Register::new("s", "1")).await, Err(SubmitError::Unavailable(_))));
        assert!(matches!(
            engine.submit(RefuseIf(Subject::parse("s"))).await,
            Err(SubmitError::Unavailable(_))
        ));
        assert!(matches!(engine.submit(Register::new("s", "2")).await, Err(SubmitError::Unavailable(_))));
        assert!(engine.confirmed().await.is_err());
    }
    let status = engine.status();
    assert_eq!((status.ready, status.trouble.as_deref()), (false, Some("it is away")));
    assert_eq!(engine.snapshot().head(), 1);
    log.set_away(false);
    while !engine.status().ready {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(engine.submit(Register::new("s", "2")).await.unwrap(), Registered { id: 2, version: 2 });
    assert_eq!(engine.status().trouble, None);
}

#[tokio::test]
async fn one_question_answers_all_that_wait_and_never_those_that_came_later() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    *log.head_latency.lock().unwrap() = Duration::from_millis(100);
    let ask = |engine: &Engine| {
        let engine = engine.clone();
        tokio::spawn(async move { engine.confirmed().await.unwrap().head() })
    };
    let first = ask(&engine);
    while log.head_queries() == 0 {
        tokio::task::yield_now().await;
    }
    // The first question is on its way with the old head; who asks from now on must see this.
    log.append_elsewhere(vec![registration("s", 1, 1, "theirs")]);
    let others: Vec<_> = (0..50).map(|_| ask(&engine)).collect();
    assert_eq!(first.await.unwrap(), 0);
    for other in others {
        assert_eq!(other.await.unwrap(), 1);
    }
    assert_eq!(log.head_queries(), 2);
    assert_eq!(engine.statistics().head_queries(), 2);
}

#[tokio::test]
async fn answers_may_be_as_old_as_allowed_and_no_older() {
    let log = Faulty::shared();
    let engine =
        engine_with(&log, Options { max_staleness: Duration::from_millis(300), ..Options::default() }).await;
    engine.confirmed().await.unwrap();
    log.append_elsewhere(vec![registration("s", 1, 1, "theirs")]);
    for _ in 0..100 {
        assert_eq!(engine.confirmed().await.unwrap().head(), 0);
    }
    assert_eq!(log.head_queries(), 1);
    tokio::time::sleep(Duration::from_millis(310)).await;
    assert_eq!(engine.confirmed().await.unwrap().head(), 1);
}

#[tokio::test]
async fn a_private_log_is_never_asked() {
    let log = Faulty::private();
    let engine = engine(&log).await;
    engine.submit(Register::new("s", "1")).await.unwrap();
    engine.submit(Register::new("s", "1")).await.unwrap();
    assert_eq!(engine.confirmed().await.unwrap().head(), 1);
    assert_eq!(log.head_queries(), 0);
}

#[tokio::test]
async fn an_unknown_outcome_is_told_and_found_out_before_the_next_write() {
    for appended in [true, false] {
        let log = Faulty::shared();
        let engine = engine(&log).await;
        log.fail_next(Fault::Unknown { appended });
        let answer = engine.submit(Register::new("s", "1")).await;
        assert!(matches!(answer, Err(SubmitError::OutcomeUnknown(_))), "{answer:?}");
        // In either case the same again gives version 1, and another text never collides with it.
        assert_eq!(engine.submit(Register::new("s", "1")).await.unwrap(), Registered { id: 1, version: 1 });
        assert_eq!(engine.submit(Register::new("s", "2")).await.unwrap(), Registered { id: 2, version: 2 });
        assert_eq!(log.len(), 2);
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_work_goes_on_when_there_is_space() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    engine.submit(Register::new("s", "1")).await.unwrap();
    log.fail_next(Fault::Full);
    let answer = engine.submit(Register::new("s", "2")).await;
    assert!(matches!(answer, Err(SubmitError::Storage(StorageError::Full))), "{answer:?}");
    let status = engine.status();
    assert_eq!((status.ready, status.trouble.as_deref()), (true, Some("the disk of the database is full")));
    assert_eq!(engine.confirmed().await.unwrap().head(), 1);
    assert_eq!(engine.submit(Register::new("s", "2")).await.unwrap(), Registered { id: 2, version: 2 });
    assert_eq!(engine.status().trouble, None);
    log.fail_next(Fault::Away);
    assert!(matches!(engine.submit(Register::new("s", "3")).await, Err(SubmitError::Unavailable(_))));
}

#[tokio::test]
async fn nothing_is_answered_or_shown_before_it_is_durable() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.fail_next(Fault::Held);
    let first = tokio::spawn({
        let engine = engine.clone();
        async move { engine.submit(Register::new("s", "1")).await }
    });
    log.held().await;
    // These come while the first is being written: together they make the next batch, whatever they ask.
    let others: Vec<_> = (0..20)
        .map(|i| {
            let engine = engine.clone();
            tokio::spawn(
                async move { engine.submit(Register::new("s", &(i % 10).to_string())).await.unwrap() },
            )
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!first.is_finished() && others.iter().all(|o| !o.is_finished()));
    assert_eq!((engine.snapshot().head(), engine.confirmed().await.unwrap().head()), (0, 0));
    assert_eq!(engine.queue_depth(), 20);
    log.release();
    assert_eq!(first.await.unwrap().unwrap(), Registered { id: 1, version: 1 });
    for other in others {
        other.await.unwrap();
    }
    assert_eq!(log.batches(), [1, 9]);
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let log = Faulty::shared();
    let engine = engine_with(&log, Options { queue: 2, ..Options::default() }).await;
    log.fail_next(Fault::Held);
    let submit = |text: &'static str| {
        let engine = engine.clone();
        tokio::spawn(async move { engine.submit(Register::new("s", text)).await })
    };
    let first = submit("1");
    log.held().await;
    let waiting = [submit("2"), submit("3")];
    while engine.queue_depth() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(engine.submit(Register::new("s", "4")).await, Err(SubmitError::Overloaded)));
    assert_eq!(engine.statistics().refused_by_load(), 1);
    log.release();
    first.await.unwrap().unwrap();
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    assert_eq!(log.len(), 3);
}

#[tokio::test]
async fn who_goes_away_harms_nobody() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.fail_next(Fault::Held);
    let submit = |text: String| {
        let engine = engine.clone();
        tokio::spawn(async move { engine.submit(Register::new("s", &text)).await })
    };
    let being_written = submit("0".to_owned());
    log.held().await;
    let queued: Vec<_> = (1..=10).map(|i| submit(i.to_string())).collect();
    while engine.queue_depth() < 10 {
        tokio::task::yield_now().await;
    }
    being_written.abort();
    for task in queued.iter().step_by(2) {
        task.abort();
    }
    tokio::task::yield_now().await;
    log.release();
    let mut versions = Vec::new();
    for task in queued {
        if let Ok(answer) = task.await {
            versions.push(answer.unwrap().version);
        }
    }
    // The write under way took place; those that nobody waited for any more were not begun.
    assert_eq!((versions, log.len()), (vec![2, 3, 4, 5, 6], 6));
}

#[tokio::test]
async fn closing_carries_out_what_waits() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    log.fail_next(Fault::Held);
    let submit = |text: String| {
        let engine = engine.clone();
        tokio::spawn(async move { engine.submit(Register::new("s", &text)).await })
    };
    let first = submit("first".to_owned());
    log.held().await;
    let tasks: Vec<_> = (0..300).map(|i| submit(i.to_string())).collect();
    while engine.queue_depth() < 300 {
        tokio::task::yield_now().await;
    }
    let closing = tokio::spawn({
        let engine = engine.clone();
        async move { engine.close().await }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!closing.is_finished());
    log.release();
    closing.await.unwrap();
    first.await.unwrap().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(log.batches(), [1, 256, 44]);
    assert!(matches!(submit("late".to_owned()).await.unwrap(), Err(SubmitError::Unavailable(_))));
    engine.close().await;
}

#[tokio::test]
async fn engines_end_with_their_last_handle() {
    let log = Faulty::shared();
    drop(engine(&log).await);
    while Arc::strong_count(&log) > 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn stamps_never_go_back() {
    let log = Faulty::shared();
    let future = 9_000_000_000_000;
    let noop = encode(&Record::Noop).unwrap();
    log.append_elsewhere(vec![noop.clone()]);
    let engine = engine(&log).await;
    engine.submit(Write(vec![Record::Noop])).await.unwrap();
    let stamps = log.stamps();
    assert!(stamps[1] > 1_700_000_000_000, "{stamps:?}");
    // Another registry's clock is ahead.
    use ottla_registry::log::{Batch, Log as _, Position};
    let head = log.head().await.unwrap();
    let batch = Batch { id: uuid::Uuid::new_v4(), written_at: future, entries: vec![noop] };
    assert_ne!(head, Position::START);
    log.append(head, &batch).await.unwrap();
    engine.submit(Write(vec![Record::Noop, Record::Noop])).await.unwrap();
    assert_eq!(log.stamps()[2..], [future; 3]);
}

#[tokio::test]
async fn a_log_that_lost_its_tail_is_read_anew() {
    let log = Faulty::shared();
    let engine = engine(&log).await;
    for text in ["1", "2", "3"] {
        engine.submit(Register::new("s", text)).await.unwrap();
    }
    log.cut(1);
    let state = engine.confirmed().await.unwrap();
    assert_eq!((state.head(), state.history(&Subject::parse("s")).unwrap().len()), (1, 1));
    assert_eq!(engine.statistics().rebuilds(), 1);
    assert_eq!(engine.submit(Register::new("s", "4")).await.unwrap(), Registered { id: 2, version: 2 });

    // The writer finds out by itself, and so it does if the lost tail was replaced by another of the same length.
    log.cut(1);
    log.append_elsewhere(vec![registration("other", 2, 1, "x")]);
    assert_eq!(engine.submit(Register::new("s", "5")).await.unwrap(), Registered { id: 3, version: 2 });
    assert_eq!(engine.statistics().rebuilds(), 2);
    assert!(engine.status().ready);
    let reread = Engine::over(log.clone(), Defaults::default(), Options::default()).await.unwrap();
    assert_eq!(*reread.snapshot(), *engine.snapshot());
}

#[tokio::test]
async fn entries_that_are_not_understood_are_skipped() {
    let log = Faulty::shared();
    let odd = |key: &str, value: Option<&str>| Entry { key: key.to_owned(), value: value.map(str::to_owned) };
    log.append_elsewhere(vec![
        odd("not json", Some("{}")),
        odd(r#"{"keytype":"ASSOC","tenant":"default","magic":0}"#, Some("{}")),
        odd(r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#, Some("[")),
        registration("s", 1, 1, "1"),
    ]);
    let engine = engine(&log).await;
    assert_eq!((engine.snapshot().head(), engine.snapshot().counts().versions), (4, 1));
}
