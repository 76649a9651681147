//! A registry that is away at first, and later.

use std::net::TcpListener;
use std::thread::JoinHandle;

use ottla_clients::program;
use ottla_tests::http::Client;
use ottla_tests::kafka::Broker;
use ottla_tests::server::{Serve, Server};

use crate::stage::{order, post, service, until};

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Starts a service that says only later that it listens, at an address that is known before.
pub fn start_at(serve: &Serve) -> (String, JoinHandle<Result<Server, String>>) {
    let address = format!("127.0.0.1:{}", free_port());
    let serve = serve.clone().with(&["--listen", &address]);
    (format!("http://{address}"), std::thread::spawn(move || serve.start()))
}

fn registry(address: &str, folder: &std::path::Path) -> Server {
    let database = format!("sqlite://{}", folder.join("registry.db").display());
    Serve::new(program::ottla(), &database).with(&["--listen", address]).start().expect("a registry")
}

#[test]
fn once_the_schema_is_known_no_registry_is_needed() {
    let Some(broker) = Broker::shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("127.0.0.1:{}", free_port());
    let (url, starting) = start_at(&service(&broker.address(), &format!("http://{address}"), "no-registry"));
    let mut client = Client::new(&url);
    until("a reason", || {
        let reasons = client.get("/health/ready").map(|answer| answer.json()["reasons"].clone());
        reasons.is_ok_and(|r| {
            r["topic"].is_null() && r["schema"].as_str().is_some_and(|s| s.contains("no registry answered"))
        })
    });
    let answer = post(&mut client, &[], &order());
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    assert_eq!(answer.json()["type"], "urn:problem-type:order-service:not-ready");
    assert!(answer.json()["detail"].as_str().is_some_and(|d| d.contains("no registry answered")));
    assert!(!starting.is_finished());

    let mut server = registry(&address, folder.path());
    let service = starting.join().expect("no panic").expect("a service that starts");
    assert_eq!(post(&mut client, &[], &order()).status, 202);
    server.kill();
    assert_eq!(post(&mut client, &[], &order()).status, 202);
    assert_eq!(client.get("/health/ready").expect("an answer").status, 200);
    drop(service);

    // Who must not register waits for somebody who does.
    let server = registry(&address, folder.path());
    let serve = self::service(&broker.address(), server.url(), "not-registered").with(&["--register=never"]);
    let (url, starting) = start_at(&serve);
    let mut client = Client::new(&url);
    until("a reason", || {
        let reasons = client.get("/health/ready").map(|answer| answer.json()["reasons"].clone());
        reasons.is_ok_and(|r| r["schema"].as_str().is_some_and(|s| s.contains("has to be registered first")))
    });
    let schema = include_str!("../../../../schemas/order_created.avsc");
    let body = serde_json::json!({"schema": schema});
    let registered =
        server.client().post("/subjects/not-registered-value/versions", &body).expect("an answer");
    assert_eq!(registered.status, 200, "{}", registered.text());
    drop(starting.join().expect("no panic").expect("a service that starts"));
}

#[test]
fn a_schema_that_the_registry_refuses_ends_the_service() {
    let Some(broker) = Broker::shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let server = registry("127.0.0.1:0", folder.path());
    let other = r#"{"type": "record", "name": "OrderCreated", "namespace": "com.example.events", "fields": [
        {"name": "orderId", "type": "int"}]}"#;
    let body = serde_json::json!({"schema": other});
    let registered = server.client().post("/subjects/taken-value/versions", &body).expect("an answer");
    assert_eq!(registered.status, 200, "{}", registered.text());
    let failed = service(&broker.address(), server.url(), "taken").start().expect_err("it is refused");
    assert!(failed.contains("order-service: ") && failed.contains("409"), "{failed}");
}
