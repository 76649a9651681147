//! Ten thousand connections that ask nothing, and fewer that did or are about to.

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::registry;
use crate::socket::Socket;

const CONNECTIONS: usize = 10_000;

/// Each may cost this much: mostly the buffer that its next request is read into.
const KILOBYTES_EACH: u64 = 20;

/// Lets this process, and those it starts, open that many files.
fn allow_files(needed: u64) {
    let limit = getrlimit(Resource::Nofile);
    let raised =
        Rlimit { current: Some(needed.max(limit.current.unwrap_or(u64::MAX))), maximum: limit.maximum };
    if setrlimit(Resource::Nofile, raised).is_err() {
        panic!(
            "the test needs {needed} open files at a time: raise the hard limit (ulimit -Hn is {:?})",
            limit.maximum
        );
    }
}

#[test]
fn ten_thousand_idle_connections() {
    let _alone = registry::alone();
    allow_files(CONNECTIONS as u64 + 500);
    let mut server = registry::start(&["--header-timeout", "2m"]);
    let before = registry::memory(&server);
    let mut sockets: Vec<Socket> = Vec::with_capacity(CONNECTIONS);
    for at in 0..CONNECTIONS {
        let mut socket = Socket::connect(server.url());
        // Every other one has been answered before.
        if at % 2 == 0 {
            socket.assert_open();
        }
        sockets.push(socket);
    }
    let taken = || registry::metric(&server, "ottla_http_connections");
    registry::eventually("all connections are taken", || taken() > CONNECTIONS as u64);
    let grown = registry::memory(&server).saturating_sub(before);
    println!("{grown} MB for {CONNECTIONS} idle connections");
    assert!(grown * 1024 < KILOBYTES_EACH * CONNECTIONS as u64, "{grown} MB");

    let mut client = server.client();
    let mut slowest = Duration::ZERO;
    for at in 0..500 {
        let started = Instant::now();
        assert_eq!(registry::register(&mut client, &format!("s{}", at % 5), "\"int\"").status, 200);
        slowest = slowest.max(started.elapsed());
    }
    println!("the slowest of 500 registrations took {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");

    // They do not hold up the end, and all of them are closed.
    let started = Instant::now();
    assert_eq!(server.terminate().and_then(|status| status.code()), Some(0));
    println!("ended after {:?}", started.elapsed());
    for socket in &mut sockets {
        socket.assert_closed();
    }
}

/// What a connection was used for is forgotten, and what is being sent on it is bounded.
#[test]
fn connections_that_hold_all_they_can() {
    let _alone = registry::alone();
    let server = registry::start(&["--header-timeout", "2m"]);
    let before = registry::memory(&server);
    let body = format!("{{\"schema\":\"\\\"int\\\"\"{}}}", " ".repeat(1 << 20));
    let length = body.len();
    let register =
        format!("POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(15_000));
    let mut sockets = Vec::new();
    for _ in 0..300 {
        let mut socket = Socket::connect(server.url());
        socket.send(&register).send(&body);
        assert_eq!(socket.answer().status, 200);
        sockets.push(socket);
        let mut socket = Socket::connect(server.url());
        socket.send(&head);
        sockets.push(socket);
    }
    assert_eq!(server.client().get("/subjects").unwrap().text(), "[\"s\"]");
    let grown = registry::memory(&server).saturating_sub(before);
    println!("{grown} MB for 300 connections that sent 1 MB and 300 heads that do not end");
    assert!(grown < 60, "{grown} MB");
}
