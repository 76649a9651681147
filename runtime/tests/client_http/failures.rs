//! Dead, slow, endless and redirecting servers.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use ottla::client::{AttemptError, Deletion, Error, Schema, TransportError};

use crate::server::{Reply, Server, builder};

/// A URL where nobody listens.
fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn fine() -> Server {
    Server::new([Reply::of(200, "[1]")])
}

#[tokio::test]
async fn dead_servers_are_left() {
    let server = fine();
    let client = builder([dead(), server.url()]).build().expect("a client");
    for _ in 0..2 {
        assert_eq!(client.versions("s").await.expect("the other one"), [1]);
    }
    // Nothing took place: even a deletion may go to the next one.
    let client = builder([dead(), server.url()]).build().expect("a client");
    assert_eq!(client.delete_subject("s", Deletion::Soft).await.expect("the other one"), [1]);

    let nobody = builder([dead()]).build().expect("a client");
    let error = nobody.delete_subject("s", Deletion::Soft).await.expect_err("nobody");
    let Error::Unreachable(unreachable) = &error else { panic!("{error}") };
    assert!(!unreachable.outcome_unknown && unreachable.attempts.len() == 3, "{error}");
    assert!(error.to_string().contains("refused"), "the cause is told: {error}");
}

#[tokio::test]
async fn servers_in_trouble_are_left() {
    let (trouble, server) = (Server::new([Reply::of(500, "oh")]), fine());
    let client = builder([trouble.url(), server.url()]).build().expect("a client");
    for _ in 0..3 {
        assert_eq!(client.versions("s").await.expect("the other one"), [1]);
    }
    assert_eq!((trouble.seen().len(), server.seen().len()), (1, 3));
}

#[tokio::test]
async fn servers_that_hang_are_left() {
    let (slow, server) = (Server::new([Reply::Hang]), fine());
    let limit = Duration::from_millis(200);
    let client = builder([slow.url(), server.url()]).request_timeout(limit).build().expect("a client");
    let started = Instant::now();
    assert_eq!(client.versions("s").await.expect("the other one"), [1]);
    assert!(started.elapsed() >= limit);

    let client = slow.builder().request_timeout(limit).tries(2).build().expect("a client");
    let error = client.versions("s").await.expect_err("no answer");
    let Error::Unreachable(unreachable) = &error else { panic!("{error}") };
    assert_eq!(unreachable.attempts.len(), 2);
    assert_eq!(unreachable.attempts[0].reason, AttemptError::Timeout(limit));
    assert!(unreachable.outcome_unknown);
}

#[tokio::test]
async fn answers_that_break_off_are_asked_for_again() {
    let half = b"HTTP/1.1 200 -\r\ncontent-length: 100\r\n\r\n[1".to_vec();
    let replies = [Reply::Last(Vec::new()), Reply::Last(half), Reply::of(200, "[1]")];
    let server = Server::new(replies.clone());
    let client = server.builder().build().expect("a client");
    assert_eq!(client.versions("s").await.expect("the third try"), [1]);
    assert_eq!(server.seen().len(), 3);

    let server = Server::new(replies);
    let error = server.builder().build().expect("a client").delete_subject("s", Deletion::Soft).await;
    let error = error.expect_err("one try");
    assert!(error.is_outcome_unknown() && server.seen().len() == 1, "{error}");
}

#[tokio::test]
async fn nonsense_is_no_answer() {
    let server = Server::new([Reply::Last(b"SSH-2.0-nothing\r\n".to_vec())]);
    let error = server.builder().tries(1).build().expect("a client").subjects().await.expect_err("nonsense");
    assert!(matches!(error, Error::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn what_says_that_it_is_no_json_is_none_for_who_asks_for_that() {
    for (media, is_json) in [
        ("application/json", true),
        ("application/vnd.schemaregistry.v1+json; qs=1", true),
        ("Application/JSON;charset=utf-8", true),
        ("text/html", false),
        ("text/json+html", false),
        ("application/octet-stream", false),
    ] {
        let answer = format!("HTTP/1.1 200 -\r\ncontent-type: {media}\r\ncontent-length: 3\r\n\r\n[1]");
        let server = Server::new([Reply::Bytes(answer.into_bytes())]);
        let lenient = server.builder().build().expect("a client");
        assert_eq!(lenient.versions("s").await.expect("what it reads like counts"), [1]);
        match server.builder().json_only().build().expect("a client").versions("s").await {
            Ok(versions) => assert!(is_json && versions == [1], "{media}"),
            Err(error) => {
                assert!(!is_json && matches!(error, Error::Unexpected(_)), "{media}: {error}");
                assert!(error.to_string().contains(media), "{error}");
            }
        }
    }
    let server = fine();
    let client = server.builder().basic_auth("me", "secret").json_only().build().expect("a client");
    assert_eq!(client.versions("s").await.expect("it does not say what it is"), [1]);
    assert_eq!(client.urls(), [server.url()]);
}

#[tokio::test]
async fn long_answers_are_refused() {
    let limit = 1000;
    let chunk = "x".repeat(0x100);
    let chunked = format!(
        "HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n{}",
        format!("100\r\n{chunk}\r\n").repeat(50)
    );
    let announced = b"HTTP/1.1 200 -\r\ncontent-length: 1000000000000\r\n\r\n".to_vec();
    for reply in
        [Reply::Last(announced), Reply::Bytes(chunked.into_bytes()), Reply::of(200, &"x".repeat(limit + 1))]
    {
        let server = Server::new([reply]);
        let client = server.builder().body_limit(limit).build().expect("a client");
        let error = client.schema_text(1.into(), &Default::default()).await.expect_err("too long");
        let Error::Unreachable(unreachable) = &error else { panic!("{error}") };
        assert_eq!(unreachable.attempts.len(), 1, "asking again is of no use");
        assert_eq!(unreachable.attempts[0].reason, TransportError::TooLong { limit }.into());
    }
    let server = Server::new([Reply::of(200, &"x".repeat(limit))]);
    let client = server.builder().body_limit(limit).build().expect("a client");
    assert_eq!(client.schema_text(1.into(), &Default::default()).await.expect("a text").len(), limit);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = fine();
    for status in [301, 302, 307, 308] {
        let answer = format!(
            "HTTP/1.1 {status} -\r\nlocation: {}/subjects\r\ncontent-length: 0\r\n\r\n",
            target.url()
        );
        let server = Server::new([Reply::Bytes(answer.into_bytes())]);
        let client = server.builder().basic_auth("me", "secret").build().expect("a client");
        let error = client.register("s", &Schema::avro("\"int\"")).await.expect_err("a redirect");
        assert_eq!((error.status(), target.seen().len()), (Some(status), 0), "{error}");
    }
}

#[tokio::test]
async fn headers_that_cannot_be_sent_are_told() {
    let server = fine();
    let client = server.builder().header("x-bad", "a\r\nb: c").build().expect("a client");
    let error = client.subjects().await.expect_err("no request");
    assert!(error.to_string().contains("the header x-bad cannot be sent"), "{error}");
    assert!(!error.is_outcome_unknown() && server.seen().is_empty());
}
