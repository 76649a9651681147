//! Clients that take their time, that leave, and that do not read.

use std::time::{Duration, Instant};

use ottla_tests::server::Server;

use crate::registry;
use crate::shape::{assert_in_shape, assert_refused};
use crate::socket::Socket;

const BODY: &str = r#"{"schema":"\"int\""}"#;

fn head(length: usize) -> String {
    format!("POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n")
}

/// A server that waits 300 ms for everything, or for what is not being tested a minute.
fn start(flag: &str) -> Server {
    let mut arguments = vec!["--header-timeout", "1m", "--body-timeout", "1m"];
    arguments.extend([flag, "300ms"]);
    registry::start(&arguments)
}

fn trickle(socket: &mut Socket, piece: &str) {
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(60));
        if socket.try_send(piece).is_err() {
            return;
        }
    }
}

#[test]
fn a_head_that_does_not_end() {
    let server = start("--header-timeout");
    for (beginning, piece) in [
        ("GET / HTT", ""),
        ("GET / HTTP/1.1\r\nHost: x\r\n", ""),
        ("GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"),
        ("GET /", "a"),
        ("\r\n", "\r\n"),
    ] {
        let mut socket = Socket::connect(server.url());
        let started = Instant::now();
        socket.send(beginning);
        trickle(&mut socket, piece);
        assert_in_shape(&socket.answer(), 408, 408, "Request header did not arrive in time");
        socket.assert_closed();
        assert!(started.elapsed() < Duration::from_secs(5), "{beginning:?}");
    }
    // The second request of a connection has no more time than the first.
    let mut socket = Socket::connect(server.url());
    socket.assert_open();
    socket.send("GET / HTTP/1.1\r\n");
    assert_in_shape(&socket.answer(), 408, 408, "Request header did not arrive in time");
    socket.assert_closed();
    assert_eq!(registry::limited(&server, "header_time"), 6);
}

#[test]
fn a_connection_that_asks_nothing() {
    let server = start("--header-timeout");
    let mut silent = Socket::connect(server.url());
    let mut answered = Socket::connect(server.url());
    answered.assert_open();
    silent.assert_closed();
    answered.assert_closed();
    assert_eq!(registry::limited(&server, "header_time"), 0);
    let connections = || registry::metric(&server, "ottla_http_connections");
    registry::eventually("all connections are closed", || connections() == 1);
}

#[test]
fn a_body_that_does_not_end() {
    let server = start("--body-timeout");
    let chunked = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    for (beginning, piece) in [
        (head(100) + BODY, ""),
        (head(100), " "),
        (chunked.clone(), ""),
        (chunked.clone() + "14\r\n" + BODY + "\r\n", ""),
        (chunked.clone(), "1\r\n \r\n"),
        (chunked + "1;", "x"),
    ] {
        let mut socket = Socket::connect(server.url());
        socket.send(&beginning);
        trickle(&mut socket, piece);
        let answer = socket.answer();
        assert_refused(&answer, 408, 408, "Request body did not arrive in time");
        assert_eq!(answer.header("connection"), Some("close"));
        socket.assert_closed();
    }
    assert_eq!(registry::limited(&server, "body_time"), 6);
    assert_eq!(server.client().get("/subjects").unwrap().text(), "[]");
}

#[test]
fn clients_that_say_nothing_more() {
    let server = registry::start(&[]);
    // All was said: the answer is wanted.
    let mut socket = Socket::connect(server.url());
    socket.send(head(BODY.len()) + BODY).finish();
    assert_eq!(socket.answer().json()["id"], 1);
    socket.assert_closed();
    let mut socket = Socket::connect(server.url());
    socket.send("GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3)).finish();
    for _ in 0..3 {
        assert_eq!(socket.answer().text(), "[\"s\"]");
    }
    socket.assert_closed();
    // A part was said.
    let mut socket = Socket::connect(server.url());
    socket.send(head(BODY.len()) + &BODY[..5]).finish();
    assert_refused(&socket.answer(), 400, 400, "The request body is incomplete");
    socket.assert_closed();
    let mut socket = Socket::connect(server.url());
    socket.send("GET / HTTP/1.1\r\nHost").finish();
    assert_in_shape(&socket.answer(), 400, 400, "Bad Request");
    socket.assert_closed();
    // Nothing was said.
    Socket::connect(server.url()).finish().assert_closed();
}

#[test]
fn clients_that_leave() {
    let server = registry::start(&[]);
    for bytes in [
        "",
        "GET",
        "GET / HTTP/1.1\r\n",
        &(head(100_000) + BODY),
        "GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        for _ in 0..50 {
            let _ = Socket::connect(server.url()).try_send(bytes);
        }
    }
    let connections = || registry::metric(&server, "ottla_http_connections");
    registry::eventually("all connections are closed", || connections() == 1);
    assert_eq!(registry::metric(&server, "ottla_http_requests_in_flight"), 0);
    assert_eq!(server.client().get("/subjects").unwrap().text(), "[]");
}

/// Whoever asks and does not read holds up nobody, costs no more than the limit, and is let go of.
#[test]
fn clients_that_do_not_read() {
    let _alone = registry::alone();
    let server = registry::start(&["--body-timeout", "6s", "--max-body-memory", "10MiB"]);
    let mut client = server.client();
    let text = serde_json::json!({"type": "enum", "name": "E", "symbols": ["A"], "doc": "d".repeat(2 << 20)});
    assert_eq!(registry::registered(&mut client, "s", &text), 1);
    let before = registry::memory(&server);
    let request = "GET /schemas/ids/1 HTTP/1.1\r\nHost: x\r\n\r\n";
    // The first few fill the memory, the rest are turned away.
    let mut sockets: Vec<Socket> = (0..30).map(|_| Socket::connect(server.url())).collect();
    for socket in &mut sockets {
        socket.send(request.repeat(3));
    }
    registry::eventually("most are refused", || registry::limited(&server, "body_memory") >= 20);
    let asked = Instant::now();
    assert_eq!(client.get("/subjects/s/versions").unwrap().text(), "[1]");
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    let grown = registry::memory(&server).saturating_sub(before);
    assert!(grown < 60, "grown by {grown} MB");
    registry::eventually("they are let go of", || registry::limited(&server, "answer_time") > 0);
    drop(sockets);
    let mut get = || client.get("/schemas/ids/1").unwrap().status;
    registry::eventually("there is memory again", || get() == 200);
    assert_eq!(registry::metric(&server, "ottla_http_body_memory_bytes"), 0);
}

/// An answer may come before the request has been sent: the rest is taken and thrown away, so that the answer arrives.
#[test]
fn answers_that_come_before_the_end_of_a_body() {
    let server = registry::start(&["--max-body", "64KiB"]);
    let body = "x".repeat(20 << 20);
    let length = head(body.len());
    let chunked = length.replace(&format!("Content-Length: {}", body.len()), "Transfer-Encoding: chunked");
    let chunked = format!("{chunked}{:x}\r\n", body.len());
    let too_large = "Request body is larger than 65536 bytes";
    for (head, status, message) in [
        (length.clone(), 413, too_large),
        (chunked, 413, too_large),
        (
            length.replace("Host: x", "Host: x\r\nContent-Type: text/plain"),
            415,
            "HTTP 415 Unsupported Media Type",
        ),
        (length.replace("/versions", ""), 413, too_large),
        (length.replace("POST", "PATCH"), 405, "HTTP 405 Method Not Allowed"),
        (length.replace("/subjects", "/nowhere"), 404, "HTTP 404 Not Found"),
    ] {
        let mut socket = Socket::connect(server.url());
        socket.send(head).send(&body);
        assert_refused(&socket.answer(), status, i64::from(status), message);
    }
}
