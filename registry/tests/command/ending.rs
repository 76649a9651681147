//! SIGTERM and SIGINT: no new connections, what was asked is answered, then exit code 0.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ottla_tests::http::read_answer;
use ottla_tests::server::Server;
use rustix::process::Signal;

use crate::process::{over, register, start};
use crate::prometheus::sample;

const BODY: &str = r#"{"schema":"\"int\""}"#;

fn connect(server: &Server) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    BufReader::new(stream)
}

/// Begins a registration, and keeps the end of its body back.
fn begin(server: &Server) -> BufReader<TcpStream> {
    let mut stream = connect(server);
    let head =
        format!("POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", BODY.len());
    stream.get_mut().write_all((head + &BODY[..5]).as_bytes()).unwrap();
    let under_way =
        || sample(&server.client().get("/metrics").unwrap().text(), "ottla_http_requests_in_flight");
    let started = Instant::now();
    while under_way() != 1.0 {
        assert!(started.elapsed() < Duration::from_secs(20), "the request is not under way");
        std::thread::sleep(Duration::from_millis(2));
    }
    stream
}

fn wait_for_log(server: &Server, words: &str) {
    let started = Instant::now();
    while !server.log().contains(words) {
        assert!(started.elapsed() < Duration::from_secs(20), "{}", server.log());
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn what_is_under_way_is_answered_first() {
    for (signal, name) in [(Signal::TERM, "SIGTERM"), (Signal::INT, "SIGINT")] {
        let mut server = start(&[]);
        let mut stream = begin(&server);
        let silent = connect(&server);
        let mut idle = connect(&server);
        idle.get_mut().write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_eq!(read_answer(&mut idle, false).unwrap().0.text(), "{}");

        server.signal(signal);
        wait_for_log(&server, &format!("{name}: ending once the requests under way are answered"));
        // Those that ask nothing are let go of at once, and nobody new is let in.
        for mut connection in [silent, idle] {
            let mut rest = Vec::new();
            connection.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, b"");
        }
        assert!(TcpStream::connect(server.url().trim_start_matches("http://")).is_err());
        std::thread::sleep(Duration::from_millis(100));
        stream.get_mut().write_all(&BODY.as_bytes()[5..]).unwrap();
        let (answer, keep) = read_answer(&mut stream, false).unwrap();
        assert_eq!((answer.status, answer.json()["id"].as_i64(), keep), (200, Some(1), false));
        assert_eq!(server.wait().unwrap().code(), Some(0));
        assert!(server.log().contains("ended"), "{}", server.log());
    }
}

#[test]
fn idle_connections_do_not_hold_up_the_end() {
    let mut server = start(&[]);
    let connections: Vec<_> = (0..100).map(|_| connect(&server)).collect();
    let started = Instant::now();
    assert_eq!(server.terminate().unwrap().code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop(connections);
}

#[test]
fn what_does_not_end_in_time_is_cut_off() {
    let mut server = start(&["--shutdown-timeout", "500ms"]);
    let mut stream = begin(&server);
    let started = Instant::now();
    assert_eq!(server.terminate().unwrap().code(), Some(0));
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(500) && took < Duration::from_secs(5), "{took:?}");
    assert!(
        server.log().contains("the time is up: connections are cut off connections=1"),
        "{}",
        server.log()
    );
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert_eq!(rest, b"");
}

#[test]
fn what_was_acknowledged_before_the_end_is_there_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    let mut server = over(&file).start().unwrap();
    let url = server.url().to_owned();
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let mut client = ottla_tests::http::Client::new(&url);
                scope.spawn(move || {
                    for number in 0.. {
                        let text = format!("{{\"type\":\"int\",\"number\":{number}}}");
                        let body = serde_json::json!({ "schema": text });
                        match client.post(&format!("/subjects/s{writer}/versions"), &body) {
                            Ok(answer) => assert_eq!(answer.status, 200, "{}", answer.text()),
                            Err(_) => return number,
                        }
                    }
                    unreachable!("the range does not end")
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(server.terminate().unwrap().code(), Some(0));
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    println!("{counts:?} acknowledged");
    let server = over(&file).start().unwrap();
    for (writer, count) in counts.iter().enumerate() {
        assert!(*count > 0);
        let versions = server.client().get(&format!("/subjects/s{writer}/versions")).unwrap().json();
        assert!(versions.as_array().unwrap().len() >= *count, "{count} {versions}");
    }
    assert_eq!(register(&mut server.client(), "s0", 0).json()["version"], 1);
}
