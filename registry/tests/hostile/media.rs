//! Media types, and other headers that say nothing or too much.

use ottla_tests::http::MEDIA;

use crate::registry;
use crate::shape::assert_refused;

const BODY: &[u8] = br#"{"schema":"\"int\""}"#;

#[test]
fn content_types() {
    let server = registry::start(&[]);
    let mut client = server.client();
    let target = "/subjects/s/versions";
    for content in [
        "application/json",
        "APPLICATION/JSON; charset=utf-8",
        "application/vnd.schemaregistry+json",
        "application/octet-stream",
        "application/json;charset=\"utf-8\"",
    ] {
        let answer = client.send("POST", target, &[("Content-Type", content)], Some(BODY)).unwrap();
        assert_eq!(answer.status, 200, "{content}: {}", answer.text());
    }
    for (content, status, message) in [
        ("text/plain", 415, "HTTP 415 Unsupported Media Type"),
        ("application/x-www-form-urlencoded", 415, "HTTP 415 Unsupported Media Type"),
        ("multipart/form-data; boundary=x", 415, "HTTP 415 Unsupported Media Type"),
        ("application/jsonp", 415, "HTTP 415 Unsupported Media Type"),
        ("application/xml", 415, "HTTP 415 Unsupported Media Type"),
        ("", 400, "Bad Request"),
        ("garbage", 400, "Bad Request"),
        ("*/*", 400, "Bad Request"),
        ("application/*", 400, "Bad Request"),
        ("application/json/json", 400, "Bad Request"),
        ("/json", 400, "Bad Request"),
        ("\u{e9}", 400, "Bad Request"),
    ] {
        for (method, target, body) in
            [("POST", target, Some(BODY)), ("GET", "/subjects", None), ("DELETE", "/subjects/s", None)]
        {
            let answer = client.send(method, target, &[("Content-Type", content)], body).unwrap();
            assert_refused(&answer, status, i64::from(status), message);
        }
    }
}

#[test]
fn what_is_accepted() {
    let server = registry::start(&[]);
    let mut client = server.client();
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("application/json;q=0.5, */*;q=0.1", "application/json"),
        ("*/*", MEDIA),
        ("", MEDIA),
    ] {
        let answer = client.send("GET", "/subjects", &[("Accept", accept)], None).unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(expected)), "{accept}");
    }
    let many = format!("text/html{}", ", image/png;q=0.5".repeat(800));
    for accept in
        ["text/html", "garbage", "application/json;q=2", "application/json;q=-1", "\u{e9}", ";;,,;", &many]
    {
        let answer = client.send("GET", "/subjects", &[("Accept", accept)], None).unwrap();
        assert_refused(&answer, 406, 406, "HTTP 406 Not Acceptable");
    }
}

/// The id of a request comes back as it is; without one, or with several, a fresh one is given.
#[test]
fn request_ids() {
    let server = registry::start(&["--access-log"]);
    let mut client = server.client();
    let long = "x".repeat(10_000);
    for id in ["a", "\"}{\"", "a b", "\u{e9}\u{1f600}", &long] {
        let answer = client.send("GET", "/nope", &[("X-Request-ID", id)], None).unwrap();
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
    let twice = client.send("GET", "/nope", &[("X-Request-ID", "a"), ("X-Request-ID", "b")], None).unwrap();
    assert!(twice.header("x-request-id").is_some_and(|id| id.len() == 36), "{twice:?}");
    // Whatever a request says, a line of the log stays a line.
    let target = "/subjects/%0aevil/\u{9b}31m\u{2028}x";
    assert_eq!(client.get(target).unwrap().status, 400);
    let log = server.log();
    assert_eq!(log.lines().filter(|line| line.contains("status=")).count(), 7, "{log}");
    assert!(!log.contains('\u{9b}') && !log.contains('\u{1b}'), "{log}");
}

/// Nothing is decompressed, so nothing can explode: the bytes are no JSON.
#[test]
fn compressed_bodies_are_bytes() {
    let server = registry::start(&[]);
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
    for encoding in ["gzip", "deflate", "br", "zstd", "identity"] {
        let headers = [("Content-Type", MEDIA), ("Content-Encoding", encoding)];
        let answer = server.client().send("POST", "/subjects/s/versions", &headers, Some(gzip)).unwrap();
        assert_refused(&answer, 400, 400, "the body is not UTF-8 (line 1, column 2)");
    }
}
