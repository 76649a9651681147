//! Limits: each is told in the registry's shape, counted, and over when there is room again.

use std::time::{Duration, Instant};

use ottla_tests::http::Answer;
use ottla_tests::server::{Serve, Server};

use crate::registry::{self, limited};
use crate::shape::{assert_in_shape, assert_refused};
use crate::socket::Socket;

const BODY: &str = r#"{"schema":"\"int\""}"#;
const OVERLOADED: &str = "The server is overloaded";

fn register(length: usize) -> String {
    format!("POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n")
}

fn assert_overloaded(answer: &Answer) {
    assert_refused(answer, 503, 50302, OVERLOADED);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

fn wait_for(server: &Server, sample: &str, value: u64) {
    registry::eventually(sample, || registry::metric(server, sample) == value);
}

#[test]
fn connections() {
    let server = registry::start(&["--max-connections", "3"]);
    let mut sockets: Vec<Socket> = (0..3).map(|_| Socket::connect(server.url())).collect();
    sockets.iter_mut().for_each(Socket::assert_open);
    for _ in 0..200 {
        let mut one_too_many = Socket::connect(server.url());
        // It may be closed before the request is sent, but it is told why.
        let _ = one_too_many.try_send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = one_too_many.answer();
        assert_in_shape(&answer, 503, 50302, OVERLOADED);
        assert_eq!((answer.header("retry-after"), answer.header("connection")), (Some("1"), Some("close")));
        one_too_many.assert_closed();
    }
    sockets.iter_mut().for_each(Socket::assert_open);
    sockets.pop();
    let mut client = server.client();
    registry::eventually("a connection is taken", || {
        client = server.client();
        client.get("/").unwrap().status == 200
    });
    let metrics = client.get("/metrics").unwrap().text();
    assert!(registry::value(&metrics, "ottla_http_limited_total{limit=\"connections\"}") >= 200);
}

/// Where the system allows fewer files, there are fewer connections, and the last ones are told so.
#[test]
fn connections_beyond_the_limit_of_files() {
    let server = Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:");
    let server = server.under(&["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"]).start().unwrap();
    assert!(server.log().contains("the limit of open files allows fewer connections"), "{}", server.log());
    let mut open = Vec::new();
    let refused = loop {
        let mut socket = Socket::connect(server.url());
        let _ = socket.try_send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = socket.answer();
        if answer.status != 200 {
            break answer;
        }
        open.push(socket);
        assert!(open.len() < 256);
    };
    assert_in_shape(&refused, 503, 50302, OVERLOADED);
    assert!(open.len() > 100, "{}", open.len());
    // Files are left for everything else.
    assert_eq!(registry::register(&mut { server.client() }, "s", "\"int\"").status, 503);
    open.truncate(50);
    registry::eventually("a connection is taken", || {
        registry::register(&mut server.client(), "s", "\"int\"").status == 200
    });
    assert!(!server.log().contains("no connection can be taken"), "{}", server.log());
}

#[test]
fn requests() {
    let server = registry::start(&["--max-requests", "1"]);
    let mut holder = Socket::connect(server.url());
    holder.send(register(BODY.len())).send(&BODY[..1]);
    wait_for(&server, "ottla_http_requests_in_flight", 1);
    let mut client = server.client();
    for _ in 0..3 {
        assert_overloaded(&client.get("/subjects").unwrap());
    }
    assert_eq!(limited(&server, "requests"), 3);
    // Whoever operates the server is answered, and so is what no handler is needed for.
    assert_eq!(client.get("/health/ready").unwrap().status, 200);
    assert_eq!(client.get("/nope").unwrap().status, 404);
    holder.send(&BODY[1..]);
    assert_eq!(holder.answer().json()["id"], 1);
    assert_eq!(client.get("/subjects").unwrap().text(), "[\"s\"]");
    // A client that leaves gives its place back.
    let mut leaver = Socket::connect(server.url());
    leaver.send(register(BODY.len())).send(&BODY[..1]);
    wait_for(&server, "ottla_http_requests_in_flight", 1);
    drop(leaver);
    wait_for(&server, "ottla_http_requests_in_flight", 0);
}

#[test]
fn bytes_of_a_body() {
    let server = registry::start(&["--max-body", "1KiB"]);
    let mut client = server.client();
    let fitting = format!("{{\"schema\":\"\\\"int\\\"\"{}}}", " ".repeat(1024 - 20));
    assert_eq!(fitting.len(), 1024);
    assert_eq!(registry::send(&mut client, "POST", "/subjects/s/versions", fitting.as_bytes()).status, 200);
    let larger = format!(" {fitting}");
    let message = "Request body is larger than 1024 bytes";
    let answer = registry::send(&mut client, "POST", "/subjects/s/versions", larger.as_bytes());
    assert_refused(&answer, 413, 413, message);
    let chunks: String = larger.bytes().map(|b| format!("1\r\n{}\r\n", char::from(b))).collect();
    let head = register(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let mut socket = Socket::connect(server.url());
    socket.send(head + &chunks + "0\r\n\r\n");
    let answer = socket.answer();
    assert_refused(&answer, 413, 413, message);
    assert_eq!(answer.header("connection"), Some("close"));
    socket.assert_closed();
    // A length that nobody means is refused before a byte of it is sent.
    for length in ["1025", "9223372036854775807", "18446744073709551613"] {
        let mut socket = Socket::connect(server.url());
        socket.send(register(0).replace("Length: 0", &format!("Length: {length}")));
        assert_refused(&socket.answer(), 413, 413, message);
    }
    assert_eq!(limited(&server, "body_size"), 5);
}

#[test]
fn bytes_of_all_bodies() {
    let server = registry::start(&["--max-body-memory", "64KiB"]);
    let mut client = server.client();
    let mut holder = Socket::connect(server.url());
    holder.send(register(60_000)).send(" ".repeat(59_000));
    wait_for(&server, "ottla_http_body_memory_bytes", 59_000);
    let body = format!("{{\"schema\":\"\\\"int\\\"\"{}}}", " ".repeat(20_000));
    let mut send = || registry::send(&mut client, "POST", "/subjects/t/versions", body.as_bytes());
    for _ in 0..3 {
        assert_overloaded(&send());
    }
    assert_eq!(limited(&server, "body_memory"), 3);
    // What has no body needs no memory for one, and is never taken for unknown.
    for _ in 0..20 {
        assert_eq!(client.get("/subjects").unwrap().status, 200);
    }
    drop(holder);
    let mut send = || registry::send(&mut client, "POST", "/subjects/t/versions", body.as_bytes());
    registry::eventually("there is memory again", || send().status == 200);
}

/// Where memory is short, answers are what they are, or 503: never 404.
#[test]
fn requests_without_a_body_while_memory_is_short() {
    let server = registry::start(&["--max-body-memory", "1KiB"]);
    assert_eq!(registry::register(&mut server.client(), "s", "\"int\"").status, 200);
    let until = Instant::now() + Duration::from_secs(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = server.client();
                let body = "{\"schema\":\"".to_owned() + &"x".repeat(2000);
                while Instant::now() < until {
                    let answer = registry::send(&mut client, "POST", "/subjects/t/versions", body.as_bytes());
                    assert_overloaded(&answer);
                }
            });
        }
        let mut client = server.client();
        while Instant::now() < until {
            assert_eq!(client.get("/subjects").unwrap().text(), "[\"s\"]");
        }
    });
}
