//! What is no order.

use ottla_tests::http::{Answer, Client};
use serde_json::{Value, json};

use crate::stage::{Stage, metric, order, post};

fn send(client: &mut Client, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    client.send("POST", "/orders", headers, Some(body)).expect("an answer")
}

fn fields(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let errors = problem["errors"].as_array().into_iter().flatten();
    errors.map(|error| (text(&error["field"]), text(&error["message"]))).collect()
}

#[test]
fn what_is_wrong_with_an_order_is_told_by_field() {
    let Some(stage) = Stage::set("wrong-orders") else { return };
    let server = stage.start(&[]);
    let mut client = server.client();
    let long = "x".repeat(101);
    for (customer, amount, field, message) in [
        (json!(""), json!(1), "customerId", "it is empty"),
        (json!(7), json!(1), "customerId", "it has to be a text"),
        (json!(long), json!(1), "customerId", "it is longer than 100 characters"),
        (json!("c"), json!(-1), "totalAmount", "it is negative"),
        (json!("c"), json!("NaN"), "totalAmount", "it has to be a number"),
        (json!("c"), json!(1e12), "totalAmount", "it is more than 1000000000"),
        (json!("c"), json!(0.001), "totalAmount", "it has more than two decimals"),
    ] {
        let answer = post(&mut client, &[], &json!({"customerId": customer, "totalAmount": amount}));
        assert_eq!(answer.status, 422, "{customer} {amount}");
        assert_eq!(fields(&answer), [(field.to_owned(), message.to_owned())]);
        assert_eq!(answer.json()["detail"], format!("{field}: {message}"));
    }
    let answer = post(&mut client, &[], &json!({"customerId": "", "currency": "EUR"}));
    let named: Vec<_> = fields(&answer).into_iter().map(|(field, _)| field).collect();
    assert_eq!(named, ["customerId", "totalAmount", "currency"]);
    assert_eq!(metric(&mut client, r#"orders_refused_total{reason="InvalidOrder"}"#), Some(8.0));
    assert_eq!(stage.records().len(), 0);
}

#[test]
fn what_is_no_request_for_an_order_is_refused() {
    let Some(stage) = Stage::set("no-orders") else { return };
    let server = stage.start(&["--max-body=1KiB", "--body-timeout=300ms"]);
    let mut client = server.client();
    let json = ("Content-Type", "application/json");
    let key = |key: &'static str| ("Idempotency-Key", key);
    let long = json!({"customerId": "x".repeat(2_000), "totalAmount": 1}).to_string();
    let order = order().to_string();
    for (headers, body, status) in [
        (vec![json], "{\"customerId\": ", 400),
        (vec![json], "[]", 400),
        (vec![json, key("")], order.as_str(), 400),
        (vec![json, key("a"), key("b")], &order, 400),
        (vec![], &order, 415),
        (vec![("Content-Type", "text/plain")], &order, 415),
        (vec![json], &long, 413),
    ] {
        let answer = send(&mut client, &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{headers:?} {body}");
        assert!(fields(&answer).is_empty());
    }
    // A body that does not say how long it is, and one that does not come.
    let chunked = [json, ("Transfer-Encoding", "chunked")];
    let too_long = format!("800\r\n{}\r\n0\r\n\r\n", "x".repeat(2_048));
    for (rest, status) in [(too_long.as_str(), 413), ("5\r\n", 408)] {
        use std::io::Write as _;
        let address = server.url().trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        let head = format!("POST /orders HTTP/1.1\r\nHost: {address}\r\n");
        let headers: String = chunked.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        stream.write_all(format!("{head}{headers}\r\n{rest}").as_bytes()).expect("a request that is sent");
        let mut stream = std::io::BufReader::new(stream);
        let (answer, _) = ottla_tests::http::read_answer(&mut stream, false).expect("an answer");
        assert_eq!(answer.status, status);
    }
    for (method, target, status) in [("GET", "/orders", 405), ("POST", "/", 404), ("POST", "/orders/1", 404)]
    {
        let answer = client.send(method, target, &[json], Some(b"{}")).expect("an answer");
        assert_eq!(answer.status, status, "{method} {target}");
        assert!(fields(&answer).is_empty());
    }
    assert_eq!(stage.records().len(), 0);
}
