//! From a registry that is not there, or talks nonsense: nothing is written, and it does not look like a success.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::project::Project;

#[test]
fn a_registry_that_is_away() {
    let project = Project::new();
    project.locked(&[]);
    let before = project.read("schemas/ottla.lock");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    for arguments in
        [&["--registry", &url][..], &["--check", "--registry", &url], &["--allow-new", "--registry", &url]]
    {
        let ended = project.lock(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{}", ended.err);
        assert!(ended.err.starts_with("ottla: no registry answered: "), "{}", ended.err);
    }
    assert_eq!(project.read("schemas/ottla.lock"), before);
    let ended = project.lock(&["--registry", "no url"]);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
}

/// Answers everything with one text, until the test ends.
fn answering(status: &'static str, kind: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 10_000]);
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_registry_that_talks_nonsense() {
    let project = Project::new();
    for (status, kind, body) in [
        ("200 OK", "text/html", "<html>hello</html>"),
        ("200 OK", "application/json", "<html>hello</html>"),
        ("200 OK", "application/json", "{}"),
        ("200 OK", "application/json", "[]"),
        ("200 OK", "application/json", "[0]"),
        ("200 OK", "application/json", "[1]"),
        ("404 Not Found", "text/html", "not found"),
        ("500 Internal Server Error", "application/json", "{\"error_code\":50001,\"message\":\"broken\"}"),
        ("401 Unauthorized", "application/json", "{\"error_code\":401,\"message\":\"who?\"}"),
        ("302 Found", "text/plain", ""),
    ] {
        let url = answering(status, kind, body);
        let ended = project.lock(&["--registry", &url, "--allow-new"]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{status} {body}: {}", ended.err);
        assert!(ended.err.starts_with("ottla: ") && !ended.err.contains("panicked"), "{}", ended.err);
        assert!(!project.path("schemas/ottla.lock").exists(), "{status} {body}");
    }
}
