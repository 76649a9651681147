//! What is logged: lines that programs can read, each request with its id where that is asked for.

use ottla_tests::server::Server;
use serde_json::Value;

use crate::process::{register, start};

/// Lines of a log that is all JSON.
fn lines(server: &Server) -> Vec<Value> {
    let log = server.log();
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn accesses(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line["target"] == "ottla::access").collect()
}

#[test]
fn every_line_is_a_json_object() {
    let mut server = start(&["--log-format", "json", "--log-level", "debug", "--access-log"]);
    let mut client = server.client();
    assert_eq!(register(&mut client, "s", 1).status, 200);
    for target in ["/subjects/%22%5Cn/versions", "/subjects/\u{2028}\u{9b}/versions", "/nope?a='b'"] {
        assert!(client.get(target).is_ok());
    }
    assert!(server.terminate().unwrap().success());
    let lines = lines(&server);
    for line in &lines {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "{line}");
        }
        let time = line["timestamp"].as_str().unwrap();
        assert!(time.len() >= 20 && time.ends_with('Z') && time.contains('T'), "{time}");
    }
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    for expected in ["the log is read", "SIGTERM: ending once the requests under way are answered", "ended"] {
        assert!(messages.contains(&expected), "{expected}: {messages:?}");
    }
    assert_eq!(accesses(&lines).len(), 4);
}

#[test]
fn a_line_of_the_access_log_carries_the_id_of_its_request() {
    let server = start(&["--log-format", "json", "--access-log"]);
    let mut client = server.client();
    let own = client.send("GET", "/subjects?deleted=true", &[("X-Request-ID", "my \"id\" 7")], None).unwrap();
    let fresh = client.get("/subjects/x/versions").unwrap();
    let opaque = client.send("DELETE", "/subjects/x", &[("X-Request-ID", "\u{e9}")], None).unwrap();
    let lines = lines(&server);
    let accesses = accesses(&lines);
    assert_eq!(accesses.len(), 3);
    for (line, (answer, method, path, status)) in accesses.iter().zip([
        (&own, "GET", "/subjects", 200),
        (&fresh, "GET", "/subjects/x/versions", 404),
        (&opaque, "DELETE", "/subjects/x", 404),
    ]) {
        assert_eq!(line["request_id"].as_str(), answer.header("x-request-id"), "{line}");
        assert_eq!((line["method"].as_str(), line["path"].as_str()), (Some(method), Some(path)));
        assert_eq!((line["status"].as_u64(), answer.status), (Some(status), status as u16));
        assert!(line["elapsed_us"].is_u64(), "{line}");
    }
    assert_eq!(own.header("x-request-id"), Some("my \"id\" 7"));
}

#[test]
fn without_being_asked_for_requests_are_not_logged() {
    for arguments in [&[][..], &["--log-format", "json"], &["--access-log", "--log-level", "warn"]] {
        let mut server = start(arguments);
        assert_eq!(register(&mut server.client(), "secret-subject", 1).status, 200);
        assert!(server.terminate().unwrap().success());
        assert!(!server.log().contains("secret-subject"), "{}", server.log());
        assert_eq!(server.log().is_empty(), arguments.len() == 3, "{}", server.log());
    }
}

#[test]
fn text_that_is_not_for_a_terminal_has_no_colours() {
    let mut server = start(&["--access-log"]);
    assert!(server.client().get("/subjects").is_ok());
    assert!(server.terminate().unwrap().success());
    let log = server.log();
    assert!(log.contains(" INFO ottla::access: request request_id="), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
}
