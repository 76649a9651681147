//! PostgreSQL is gone: what never changes is still answered, everything else says so, and all is well again once the
//! server is back.

use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::http::{Answer, Client};
use ottla_tests::postgres::{Cluster, Stop};
use ottla_tests::server::Server;
use serde_json::json;

use crate::{api, is_ready, serve, until};

const PATIENCE: Duration = Duration::from_secs(20);
/// What the server is told to wait for its database.
const TIMEOUT: Duration = Duration::from_secs(1);

type Request = (&'static str, &'static str, Option<serde_json::Value>);

/// Requests whose answers can change: reads, misses, questions and writes.
fn changing() -> Vec<Request> {
    let level = || Some(json!({ "compatibility": "FULL" }));
    vec![
        ("GET", "/subjects", None),
        ("GET", "/subjects/s/versions", None),
        ("GET", "/subjects/s/versions/1", None),
        ("GET", "/subjects/s/versions/latest", None),
        ("GET", "/subjects/s/versions/latest/schema", None),
        ("GET", "/subjects/s/versions/1/referencedby", None),
        ("GET", "/subjects/nobody/versions", None),
        ("GET", "/schemas", None),
        ("GET", "/schemas/ids/1/versions", None),
        ("GET", "/schemas/ids/99", None),
        ("GET", "/schemas/guids/00000000-0000-0000-0000-000000000000", None),
        ("GET", "/config", None),
        ("GET", "/config/s", None),
        ("GET", "/mode", None),
        ("GET", "/contexts", None),
        ("POST", "/subjects/s", Some(api::body(1))),
        ("POST", "/subjects/s", Some(api::body(99))),
        ("POST", "/compatibility/subjects/s/versions/latest", Some(api::body(1))),
        ("POST", "/subjects/s/versions", Some(api::body(1))),
        ("POST", "/subjects/s/versions", Some(api::body(3))),
        ("PUT", "/config", level()),
        ("PUT", "/config/s", level()),
        ("DELETE", "/config/s", None),
        ("PUT", "/mode/s", Some(json!({ "mode": "READONLY" }))),
        ("DELETE", "/subjects/s/versions/1", None),
        ("DELETE", "/subjects/s", None),
    ]
}

fn ask(client: &mut Client, (method, target, body): &Request) -> Answer {
    let answer = match body {
        Some(body) if *method == "PUT" => client.put(target, body),
        Some(body) => client.post(target, body),
        None => client.send(method, target, &[], None),
    };
    answer.unwrap_or_else(|e| panic!("{method} {target}: {e}"))
}

/// Everything that a server can say while its database is away. All are asked at the same time.
fn check_away(server: &Server, known: &[(&str, Answer)]) {
    let requests = changing();
    thread::scope(|scope| {
        for request in &requests {
            scope.spawn(move || {
                let (mut client, asked) = (server.client(), Instant::now());
                let answer = ask(&mut client, request);
                let told =
                    (answer.status, answer.json()["error_code"].as_u64(), answer.header("retry-after"));
                assert_eq!(told, (503, Some(50301), Some("1")), "{request:?}: {}", answer.text());
                // A write may be on its way, and is looked for.
                assert!(asked.elapsed() < TIMEOUT * 5, "{request:?} took {:?}", asked.elapsed());
            });
        }
    });
    let mut client = server.client();
    for (target, before) in known {
        let asked = Instant::now();
        assert_eq!(client.get(target).expect("an answer").body, before.body, "{target}");
        assert!(asked.elapsed() < TIMEOUT / 2, "{target} took {:?}", asked.elapsed());
    }
    assert_eq!(client.get("/health/ready").map(|a| a.status).ok(), Some(503));
    assert_eq!(client.get("/health/live").map(|a| a.status).ok(), Some(200));
}

#[test]
fn while_postgres_is_away_what_never_changes_is_answered() {
    let Some(cluster) = Cluster::installed() else { return };
    let timeout = format!("{}ms", TIMEOUT.as_millis());
    let start = serve(&cluster.database()).with(&["--postgres-timeout", &timeout]);
    let server = start.start().expect("a server");
    let mut client = server.client();
    for content in [1, 2] {
        let answer = client.post("/subjects/s/versions", &api::body(content)).expect("an answer");
        assert_eq!(answer.json()["id"], content);
    }
    let guid = client.get("/subjects/s/versions/1").expect("an answer").json()["guid"].to_string();
    let by_guid = format!("/schemas/guids/{}", guid.trim_matches('"'));
    let targets = ["/schemas/ids/1", "/schemas/ids/1/schema", "/schemas/ids/2", "/schemas/types", &by_guid];
    let known = targets.map(|target| (target, client.get(target).expect("an answer")));
    assert!(known.iter().all(|(_, answer)| answer.status == 200), "{known:?}");
    assert!(is_ready(&server));

    for way in ["stopped", "crashed", "killed", "paused"] {
        match way {
            "stopped" => cluster.stop(Stop::Fast),
            "crashed" => cluster.stop(Stop::Immediate),
            "killed" => cluster.kill(),
            _ => cluster.pause(),
        }
        .unwrap_or_else(|problem| panic!("{way}: {problem}"));
        until("it is not ready", PATIENCE, || !is_ready(&server));
        check_away(&server, &known);
        if way == "paused" { cluster.resume() } else { cluster.start() }.expect("the server is back");
        let took = until("it is ready", PATIENCE, || is_ready(&server));
        println!("{way}: ready {took:?} after the database was back");
        let mut client = server.client();
        let versions = client.get("/subjects/s/versions").expect("an answer");
        if way != "paused" {
            // Nothing of what was refused has happened. A server that was paused may have got one write, and was
            // free to carry it out.
            assert_eq!(versions.text(), "[1,2]", "{way}");
            assert_eq!(client.get("/config/s").map(|a| a.status).ok(), Some(404), "{way}");
        }
        let put = client.put("/config/t", &json!({ "compatibility": "FULL" })).expect("an answer");
        assert_eq!(put.status, 200, "{way}: {}", put.text());
        assert!(is_ready(&server), "{way}");
    }
}

#[test]
fn without_a_database_it_does_not_start() {
    let Some(cluster) = Cluster::installed() else { return };
    let url = cluster.database();
    cluster.stop(Stop::Immediate).expect("a server to stop");
    let started = Instant::now();
    let refusal = serve(&url).start().map(drop).expect_err("no server");
    assert!(refusal.contains("Connection refused"), "{refusal}");
    assert!(started.elapsed() < PATIENCE);
}
