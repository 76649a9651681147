//! Fail-over, retries, deadlines. Time is paused: pauses take none, and are measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ottla::client::{AttemptError, Client, Deletion, Error, RegisterOptions, Response, TransportError};
use ottla::testing::{Fault, Registry};
use tokio::time::Instant;

use crate::record;
use crate::scripted::{Scripted, answer};

const VERSIONS: &str = "GET /subjects/{subject}/versions";
const DELETE: &str = "DELETE /subjects/{subject}";
const SECOND: Duration = Duration::from_secs(1);

fn registry() -> Registry {
    let registry = Registry::new();
    registry.add("s", &record("a"));
    registry
}

fn client_of(registries: &[&Registry]) -> Client {
    Client::over(registries.iter().map(|r| r.transport())).build().expect("a client")
}

#[tokio::test(start_paused = true)]
async fn what_may_be_repeated_is() {
    for fault in [
        Fault::Connection,
        Fault::Lost,
        Fault::Hang,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(429),
    ] {
        let registry = registry();
        registry.fail_next(2, fault);
        assert_eq!(registry.client().versions("s").await.expect("the third try"), [1], "{fault:?}");
        assert_eq!(registry.requests(VERSIONS), 3, "{fault:?}");

        registry.fail_next(1, fault);
        let registered = registry.client().register("s", &record("a")).await.expect("the second try");
        assert_eq!(registered.version, Some(1), "{fault:?}");
        registry.fail_next(1, fault);
        registry.client().ping().await.expect("the second try");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_final_is_not_repeated() {
    for status in [400, 401, 403, 404, 409, 422, 501, 505] {
        let registry = registry();
        registry.fail_next(1, Fault::Status(status));
        let error = registry.client().versions("s").await.expect_err("a refusal");
        assert_eq!((error.status(), registry.requests(VERSIONS)), (Some(status), 1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn tries_are_counted_and_the_last_answer_is_told() {
    let registry = registry();
    registry.fail_next(100, Fault::Status(503));
    let client = Client::over([registry.transport()]).tries(5).build().expect("a client");
    let error = client.versions("s").await.expect_err("no end of trouble");
    assert_eq!(error.refusal().map(|r| (r.status, r.tries)), Some((503, 5)));
    assert!(error.is_temporary() && !error.is_outcome_unknown());
    assert_eq!(registry.requests(VERSIONS), 5);
}

#[tokio::test(start_paused = true)]
async fn deletions_are_not_repeated_once_they_may_have_taken_place() {
    for (fault, unknown) in [(Fault::Lost, true), (Fault::Hang, true), (Fault::Status(503), false)] {
        let registry = registry();
        registry.fail_next(1, fault);
        let error = registry.client().delete_subject("s", Deletion::Soft).await.expect_err("one try");
        assert_eq!((registry.requests(DELETE), error.is_outcome_unknown()), (1, unknown), "{error}");
        assert_eq!(error.to_string().ends_with("(it may have taken place)"), unknown, "{error}");
    }
    for fault in [Fault::Connection, Fault::Status(429)] {
        let registry = registry();
        registry.fail_next(1, fault);
        assert_eq!(registry.client().delete_subject("s", Deletion::Soft).await.expect("two tries"), [1]);
        assert_eq!(registry.requests(DELETE), 2);
    }
    // What is gone stays gone: removing a context is the exception.
    let registry = registry();
    registry.fail_next(1, Fault::Lost);
    registry.client().delete_context(".none").await.expect("two tries");
}

#[tokio::test(start_paused = true)]
async fn registrations_that_ask_for_a_new_version_are_not_repeated() {
    let registry = registry();
    registry.fail_next(1, Fault::Lost);
    let options = RegisterOptions { version: Some(-1), ..RegisterOptions::default() };
    let error = registry.client().register_with("s", &record("b"), &options).await.expect_err("one try");
    assert!(error.is_outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_next_registry_is_asked_at_once_and_the_one_that_works_stays() {
    let (dead, alive) = (Registry::named("dead"), registry());
    dead.fail_next(100, Fault::Connection);
    let client = client_of(&[&dead, &alive]);
    let started = Instant::now();
    for _ in 0..3 {
        assert_eq!(client.versions("s").await.expect("the other one"), [1]);
    }
    assert_eq!(started.elapsed(), Duration::ZERO, "no pause before the other one is asked");
    assert_eq!((dead.all_requests(), alive.all_requests()), (1, 3));

    // It fails: back to the first, which works now.
    dead.fail_next(0, Fault::Connection);
    alive.fail_next(100, Fault::Status(503));
    let (one, other) = (registry(), registry());
    one.fail_next(1, Fault::Hang);
    let client = client_of(&[&one, &other]);
    let started = Instant::now();
    assert_eq!(client.versions("s").await.expect("the other one"), [1]);
    assert_eq!(started.elapsed(), 10 * SECOND, "as long as one request may take");
    other.fail_next(1, Fault::Status(500));
    assert_eq!(client.versions("s").await.expect("the first one"), [1]);
    assert_eq!((one.all_requests(), other.all_requests()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn all_that_were_tried_are_told() {
    let registries = ["a", "b"].map(Registry::named);
    registries[0].fail_next(100, Fault::Connection);
    registries[1].fail_next(100, Fault::Lost);
    let client = client_of(&[&registries[0], &registries[1]]);
    let error = client.versions("s").await.expect_err("nobody");
    let Error::Unreachable(unreachable) = &error else { panic!("{error}") };
    let urls: Vec<_> = unreachable.attempts.iter().map(|a| a.url.as_str()).collect();
    assert_eq!(urls, ["a", "b", "a", "b", "a", "b"]);
    assert!(unreachable.outcome_unknown);
    let lost = AttemptError::Transport(TransportError::Lost("a fault of the test's".to_owned()));
    assert_eq!(unreachable.attempts[1].reason, lost);
    let text = error.to_string();
    assert!(text.starts_with("GET /subjects/s/versions: no registry answered: a: no connection: "), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_one_says_tells_more_than_what_others_do_not() {
    let registries = [Registry::named("a"), Registry::named("b")];
    registries[0].fail_next(100, Fault::Status(500));
    registries[1].fail_next(100, Fault::Connection);
    let error = client_of(&[&registries[0], &registries[1]]).ping().await.expect_err("nobody");
    assert_eq!(error.refusal().map(|r| (r.url.as_str(), r.status, r.tries)), Some(("a", 500, 6)));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_everything() {
    let registry = registry();
    registry.fail_next(100, Fault::Hang);
    let client =
        Client::over([registry.transport()]).tries(100).deadline(25 * SECOND).build().expect("a client");
    let started = Instant::now();
    let error = client.versions("s").await.expect_err("no answer");
    assert!(started.elapsed() <= 25 * SECOND, "{:?}", started.elapsed());
    let Error::Unreachable(unreachable) = &error else { panic!("{error}") };
    assert_eq!(unreachable.attempts.len(), 3, "10 s, 10 s, and what is left");
    assert_eq!(unreachable.attempts[0].reason, AttemptError::Timeout(10 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn pauses_are_random_and_bounded() {
    let mut pauses = Vec::new();
    for _ in 0..50 {
        let registry = registry();
        registry.fail_next(100, Fault::Status(500));
        let client =
            Client::over([registry.transport()]).tries(2).pauses(SECOND, SECOND).build().expect("a client");
        let started = Instant::now();
        client.ping().await.expect_err("trouble");
        pauses.push(started.elapsed());
    }
    assert!(pauses.iter().all(|p| *p <= SECOND + Duration::from_millis(2)), "{pauses:?}");
    pauses.sort_unstable();
    pauses.dedup();
    assert!(pauses.len() > 10, "full jitter: {pauses:?}");

    // 1 + 2 + 4 + 4 + 4 at most.
    let registry = registry();
    registry.fail_next(100, Fault::Status(500));
    let client =
        Client::over([registry.transport()]).tries(6).pauses(SECOND, 4 * SECOND).build().expect("a client");
    let started = Instant::now();
    client.ping().await.expect_err("trouble");
    assert!(started.elapsed() <= 15 * SECOND + Duration::from_millis(10), "{:?}", started.elapsed());
    assert_eq!(registry.all_requests(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_registry_is_left_alone_as_long_as_it_asks() {
    let busy = |seconds: &'static str| {
        let asked = AtomicUsize::new(0);
        Scripted::new(move |_| {
            if asked.fetch_add(1, Ordering::Relaxed) > 0 {
                return answer(200, "[]");
            }
            let headers = vec![("retry-after".to_owned(), seconds.to_owned())];
            Ok(Response { status: 429, headers, ..Response::default() })
        })
    };
    let started = Instant::now();
    busy("7").client().subjects().await.expect("the second try");
    assert!(started.elapsed() >= 7 * SECOND, "{:?}", started.elapsed());

    // Longer than there is time: the answer comes at once.
    let started = Instant::now();
    let error = busy("3600").client().subjects().await.expect_err("busy");
    assert_eq!((error.status(), started.elapsed()), (Some(429), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_asked_for_before_each_request() {
    let registry = Scripted::new(|_| answer(503, ""));
    let made = Arc::new(AtomicUsize::new(0));
    let provider = {
        let made = made.clone();
        move || {
            let number = made.fetch_add(1, Ordering::Relaxed);
            async move {
                if number < 2 { Ok(format!("token-{number}")) } else { Err("the vault is shut".to_owned()) }
            }
        }
    };
    let client = registry.builder().bearer_token_from(provider).build().expect("a client");
    let error = client.subjects().await.expect_err("no third token");
    assert!(matches!(error, Error::Credentials { .. }) && error.is_unauthorized(), "{error}");
    assert_eq!(error.to_string(), "GET /subjects: no credentials: the vault is shut");
    let sent = registry.asked();
    let sent: Vec<_> = sent.iter().map(|request| request.header("authorization")).collect();
    assert_eq!(sent, [Some("Bearer token-0"), Some("Bearer token-1")]);
    assert!(!format!("{client:?} {:?}", registry.asked()).contains("token-"));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_never_come_are_no_requests_that_may_have_taken_place() {
    let registry = registry();
    let client = Client::over([registry.transport()])
        .bearer_token_from(std::future::pending)
        .build()
        .expect("a client");
    let error = client.delete_subject("s", Deletion::Soft).await.expect_err("no token");
    assert_eq!(error.to_string(), "DELETE /subjects/s: no credentials: no token within 10s");
    assert!(!error.is_outcome_unknown() && registry.all_requests() == 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_or_held_is_not_sent_again() {
    for error in [TransportError::Invalid("nonsense".to_owned()), TransportError::TooLong { limit: 1 }] {
        let scripted = Scripted::new(move |_| Err(error.clone()));
        scripted.client().subjects().await.expect_err("one try");
        assert_eq!(scripted.asked().len(), 1);
    }
}

#[test]
fn a_client_needs_a_registry() {
    let error = Client::over([]).build().expect_err("nobody to ask");
    assert_eq!(error.to_string(), "a client needs at least one registry");
}
