//! Bytes that are no request, and bytes that one server might read as one request and another as two.

use ottla_tests::server::Server;

use crate::registry;
use crate::shape::{assert_in_shape, assert_refused};
use crate::socket::Socket;

const BODY: &str = r#"{"schema":"\"int\""}"#;

/// The head of a registration up to what says how long its body is.
fn head(framing: &str) -> String {
    format!("POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\n{framing}\r\n")
}

fn chunked(body: &str) -> String {
    format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
}

fn ask(server: &Server, bytes: impl AsRef<[u8]>) -> Socket {
    let mut socket = Socket::connect(server.url());
    socket.send(bytes);
    socket
}

/// Nothing that is sent after these is read as a request.
#[test]
fn no_request() {
    let server = registry::start(&[]);
    let get = |rest: &str| format!("GET /subjects HTTP/1.1\r\nHost: x\r\n{rest}\r\n\r\n");
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (b"GARBAGE\r\n\r\n".into(), 400, "Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".into(), 400, "Bad Request"),
        (b"GET /\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET / HTTP/0.9\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"G\0T / HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400, "Bad Request"),
        (b"GET / HTTP/1.1\r\n\r\n".into(), 400, "Exactly one Host header is needed"),
        (get("Host: y").into(), 400, "Exactly one Host header is needed"),
        (get("X : a").into(), 400, "Bad Request"),
        (get("X: a\0b").into(), 400, "Bad Request"),
        (get("X: a\r\n folded").into(), 400, "Bad Request"),
        (get(" X: a").into(), 400, "Bad Request"),
        (get("no colon").into(), 400, "Bad Request"),
        (get("X: a\rb").into(), 400, "Bad Request"),
        (get(&"X: a\r\n".repeat(200)).into(), 431, "Request header is too large"),
        (get(&format!("X: {}", "a".repeat(100_000))).into(), 431, "Request header is too large"),
        (format!("GET /{} HTTP/1.1\r\n", "a".repeat(100_000)).into(), 431, "Request header is too large"),
    ];
    let too_large = cases.iter().filter(|case| case.1 == 431).count() as u64;
    for (bytes, status, message) in &cases {
        println!("{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
        let mut socket = ask(&server, bytes);
        assert_in_shape(&socket.answer(), *status, i64::from(*status), message);
        socket.assert_closed();
    }
    assert_eq!(registry::limited(&server, "header_size"), too_large);
}

#[test]
fn lengths_that_are_none() {
    let server = registry::start(&[]);
    for framing in [
        "Content-Length: -1\r\n",
        "Content-Length: +20\r\n",
        "Content-Length: 0x14\r\n",
        "Content-Length: 20, 20\r\n",
        "Content-Length: 20, 3\r\n",
        "Content-Length: 20\r\nContent-Length: 3\r\n",
        "Content-Length: x\r\n",
        "Content-Length: 20 20\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: \u{b}chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 20\r\n",
    ] {
        let mut socket = ask(&server, head(framing) + BODY + &head("Content-Length: 20\r\n") + BODY);
        println!("{framing:?}");
        assert_in_shape(&socket.answer(), 400, 400, "Bad Request");
        socket.assert_closed();
    }
    for framing in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let mut socket = ask(&server, head(framing) + &chunked(BODY) + &head("") + BODY);
        println!("{framing:?}");
        assert_in_shape(&socket.answer(), 400, 400, "No Transfer-Encoding but chunked is read");
        socket.assert_closed();
    }
    assert_eq!(server.client().get("/subjects").unwrap().text(), "[]");
}

/// With a length and chunks the chunks count, and nothing that follows is read, as RFC 9112 asks: what another server
/// took for the rest of the body reaches nobody.
#[test]
fn a_length_and_chunks() {
    let server = registry::start(&[]);
    let smuggled = "DELETE /subjects/s HTTP/1.1\r\nHost: x\r\n\r\n";
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let mut socket = ask(&server, head(framing) + &chunked(BODY) + smuggled);
        let answer = socket.answer();
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{framing:?}");
        socket.assert_closed();
    }
    let old = head("Transfer-Encoding: chunked\r\n").replace("1.1", "1.0");
    let mut socket = ask(&server, old + &chunked(BODY) + smuggled);
    assert_in_shape(&socket.answer(), 400, 400, "Bad Request");
    socket.assert_closed();
    assert_eq!(server.client().get("/subjects").unwrap().text(), "[\"s\"]");
}

#[test]
fn chunks() {
    let server = registry::start(&[]);
    let head = head("Transfer-Encoding: chunked\r\n");
    for body in [
        chunked(BODY),
        format!("{:X};a=\"b\";c\r\n{BODY}\r\n0\r\nTrailer: x\r\n\r\n", BODY.len()),
        BODY.chars().map(|c| format!("1\r\n{c}\r\n")).collect::<String>() + "0\r\n\r\n",
        format!("00000{:x}\r\n{BODY}\r\n000\r\n\r\n", BODY.len()),
    ] {
        let mut socket = ask(&server, format!("{head}{body}"));
        assert_eq!(socket.answer().status, 200, "{body}");
        socket.assert_open();
    }
    let after = head.clone() + &chunked(BODY);
    for body in [
        format!("zz\r\n{BODY}\r\n0\r\n\r\n"),
        format!("-1\r\n{BODY}\r\n0\r\n\r\n"),
        format!("{:x}\r\n{BODY}XX0\r\n\r\n", BODY.len()),
        format!("1ffffffffffffffff\r\n{BODY}\r\n0\r\n\r\n"),
        format!(" {:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len()),
        format!("{:x}\n{BODY}\n0\n\n", BODY.len()),
        format!("1;{}\r\n", "x".repeat(100_000)),
        format!("0\r\n{}\r\n", "T: x\r\n".repeat(20_000)),
    ] {
        let mut socket = ask(&server, format!("{head}{body}{after}"));
        println!("{}", &body[..body.len().min(60)]);
        let answer = socket.answer();
        assert_refused(&answer, 400, 400, "The request body is incomplete");
        assert_eq!(answer.header("connection"), Some("close"));
        socket.assert_closed();
    }
}

#[test]
fn one_after_the_other_on_one_connection() {
    let server = registry::start(&[]);
    let register = head(&format!("Content-Length: {}\r\n", BODY.len())) + BODY;
    let get = "GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut socket =
        ask(&server, format!("\r\n\r\n{get}{register}{get}GET /nope HTTP/1.1\r\nHost: x\r\n\r\n{get}"));
    assert_eq!(socket.answer().text(), "[]");
    assert_eq!(socket.answer().json()["id"], 1);
    assert_eq!(socket.answer().text(), "[\"s\"]");
    assert_refused(&socket.answer(), 404, 404, "HTTP 404 Not Found");
    assert_eq!(socket.answer().text(), "[\"s\"]");
    // A body where none is asked for is read, and not taken for the next request.
    socket
        .send(get.replace("\r\n\r\n", &format!("\r\nContent-Length: {}\r\n\r\n{register}", register.len())));
    assert_eq!(socket.answer().text(), "[\"s\"]");
    socket.send(get.replace("GET", "HEAD"));
    assert_eq!(socket.answer_without_body().header("content-length"), Some("5"));
    socket.assert_open();
    // Thousands at once are answered in order, one at a time.
    let mut socket = ask(&server, get.repeat(5000));
    for _ in 0..5000 {
        assert_eq!(socket.answer().text(), "[\"s\"]");
    }
}

#[test]
fn older_clients() {
    let server = registry::start(&[]);
    let register = head(&format!("Content-Length: {}\r\n", BODY.len())).replace("1.1", "1.0") + BODY;
    let mut socket = ask(&server, &register);
    assert_eq!(socket.answer().status, 200);
    socket.assert_closed();
    let mut socket = ask(&server, register.replace("Host: x\r\n", "Connection: keep-alive\r\n"));
    let answer = socket.answer();
    assert_eq!((answer.status, answer.header("connection")), (200, Some("keep-alive")));
    socket.assert_open();
}

#[test]
fn who_asks_before_sending_is_told_to_go_on_or_not() {
    let server = registry::start(&["--max-body", "64KiB"]);
    let expecting = |length: usize| head(&format!("Content-Length: {length}\r\nExpect: 100-continue\r\n"));
    let mut socket = ask(&server, expecting(BODY.len()));
    let mut go_on = vec![0; 25];
    socket.read_exact(&mut go_on);
    assert_eq!(go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    socket.send(BODY);
    assert_eq!(socket.answer().status, 200);
    socket.assert_open();
    let mut socket = ask(&server, expecting(100_000));
    assert_refused(&socket.answer(), 413, 413, "Request body is larger than 65536 bytes");
    let mut socket = ask(&server, expecting(1000).replace("POST", "PATCH"));
    assert_refused(&socket.answer(), 405, 405, "HTTP 405 Method Not Allowed");
}
