//! How messages name their schemas: through a registry, in payloads and headers, with references and contexts; and without.

use ottla_tests::http::Client;
use ottla_tests::server::{Serve, Server};
use serde_json::{Value, json};

use crate::data::{Files, ORDER, hex, order};
use crate::run::{command, failed, printed, run};

fn start() -> Server {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").start().unwrap()
}

/// Registers a schema; its id and its GUID without hyphens.
fn register(client: &mut Client, subject: &str, body: &Value) -> (u32, String) {
    let answer = client.post(&format!("/subjects/{subject}/versions"), body).unwrap();
    let known = answer.json();
    let id = known["id"].as_u64().unwrap_or_else(|| panic!("{known}"));
    (id.try_into().unwrap(), known["guid"].as_str().unwrap().replace('-', ""))
}

fn with_id(id: u32, body: &[u8]) -> String {
    format!("00{id:08x}{}", hex(body))
}

#[test]
fn ids_and_guids_in_payloads_and_headers() {
    let server = start();
    let (id, guid) = register(&mut server.client(), "orders-value", &json!({ "schema": ORDER }));
    let url = ["--registry", server.url()];
    let (body, id_bytes) = (hex(&order("a-1")), format!("00{id:08x}"));
    let expected = "{\"id\":\"a-1\",\"items\":3}\n";
    let value_header = |bytes: &str| format!("__value_schema_id={bytes}");
    for (message, more) in [
        (format!("{id_bytes}{body}"), vec![]),
        (format!("01{guid}{body}"), vec![]),
        (body.clone(), vec!["--header".to_owned(), value_header(&format!("01{guid}"))]),
        (body.clone(), vec!["--header".to_owned(), value_header(&id_bytes)]),
        // The header of the other side does not count.
        (format!("{id_bytes}{body}"), vec!["--header".to_owned(), format!("__key_schema_id=01{guid}")]),
        (body.clone(), vec!["--key".to_owned(), "--header".to_owned(), format!("__key_schema_id=01{guid}")]),
    ] {
        let mut command = command(&url);
        assert_eq!(
            printed(command.args(["--hex", &message]).args(&more), b""),
            expected,
            "{message} {more:?}"
        );
    }
    let ended = run(command(&url).args(["--verbose", "--hex", &format!("{id_bytes}{body}")]), b"");
    let guid = ended.err.split_once("GUID ").unwrap().1.split_once(')').unwrap().0;
    let words =
        format!("--hex: schema id {id} (GUID {guid}), subject orders-value version 1, com.acme.Order\n");
    assert_eq!((ended.out.as_str(), ended.err), (expected, words));
}

#[test]
fn the_registry_may_be_named_by_a_variable_and_have_several_urls() {
    let server = start();
    let (id, _) = register(&mut server.client(), "orders-value", &json!({ "schema": ORDER }));
    let message = with_id(id, &order("b"));
    let urls = format!("http://127.0.0.1:1,{}", server.url());
    let mut command = command(&["--hex", &message]);
    assert_eq!(printed(command.env("OTTLA_REGISTRY", urls), b""), "{\"id\":\"b\",\"items\":3}\n");
}

#[test]
fn references_are_followed() {
    let server = start();
    let mut client = server.client();
    let money = r#"{"type":"record","name":"com.shared.Money","fields":[{"name":"cents","type":"long"}]}"#;
    register(&mut client, "money", &json!({ "schema": money }));
    let price =
        r#"{"type":"record","name":"com.shared.Price","fields":[{"name":"net","type":"com.shared.Money"}]}"#;
    let references = json!([{"name": "com.shared.Money", "subject": "money", "version": 1}]);
    register(&mut client, "price", &json!({ "schema": price, "references": references }));
    let line =
        r#"{"type":"record","name":"Line","fields":[{"name":"price","type":["null","com.shared.Price"]}]}"#;
    let references = json!([{"name": "com.shared.Price", "subject": "price", "version": 1}]);
    let (id, _) = register(&mut client, "line", &json!({ "schema": line, "references": references }));
    let message = with_id(id, &[2, 0x54]);
    let url = ["--registry", server.url(), "--hex", &message];
    assert_eq!(printed(&mut command(&url), b""), "{\"price\":{\"net\":{\"cents\":42}}}\n");
    let tagged = "{\"price\":{\"com.shared.Price\":{\"net\":{\"cents\":42}}}}\n";
    assert_eq!(printed(command(&url).arg("--avro-json"), b""), tagged);
}

#[test]
fn ids_of_other_contexts() {
    let server = start();
    let mut client = server.client();
    register(&mut client, "numbers", &json!({ "schema": "\"int\"" }));
    let (id, _) = register(&mut client, ":.sales:orders", &json!({ "schema": ORDER }));
    assert_eq!(id, 1, "each context counts for itself");
    let message = with_id(id, &order("c"));
    let arguments = ["--registry", server.url(), "--hex", &message];
    for subject in [":.sales:", ":.sales:orders"] {
        let mut command = command(&arguments);
        assert_eq!(printed(command.args(["--subject", subject]), b""), "{\"id\":\"c\",\"items\":3}\n");
    }
    // What is of another schema is not taken for one.
    let (out, err) = failed(&mut command(&arguments), b"");
    assert_eq!(
        (out.as_str(), err.as_str()),
        ("", "ottla: --hex: schema id 1: int at byte 6: bytes are left after the value\n",)
    );
}

/// A GUID says nothing of contexts, yet its references are of the one where it was found.
#[test]
fn references_of_guids_in_other_contexts() {
    let server = start();
    let mut client = server.client();
    register(&mut client, "shared", &json!({ "schema": "\"int\"" }));
    let shared = r#"{"type":"record","name":"Shared","fields":[{"name":"n","type":"int"}]}"#;
    register(&mut client, ":.sales:shared", &json!({ "schema": shared }));
    let references = json!([{"name": "Shared", "subject": "shared", "version": 1}]);
    let body = json!({"schema": r#"{"type":"array","items":"Shared"}"#, "references": references});
    let (_, guid) = register(&mut client, ":.sales:list", &body);
    let message = format!("01{guid}025400");
    let url = ["--registry", server.url(), "--hex", &message];
    assert_eq!(printed(&mut command(&url), b""), "[{\"n\":42}]\n");
}

#[test]
fn references_that_lead_nowhere() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let schema = r#"{"schema":"\"A\"","references":[{"name":"A","subject":"a","version":1}]}"#;
        let none = r#"{"error_code":40401,"message":"Subject 'a' not found."}"#;
        for (status, body) in [("200 OK", schema), ("404 Not Found", none)] {
            lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    let (_, err) = failed(&mut command(&["--registry", &url, "--hex", "000000000100"]), b"");
    server.join().unwrap();
    let start = "ottla: --hex: schema id 1: a schema that it refers to is not in the registry (GET /subjects/a/versions/1";
    assert!(err.starts_with(start), "{err}");
}

#[test]
fn outermost_bytes_have_no_length_from_serializers() {
    let server = start();
    let (id, guid) = register(&mut server.client(), "blobs", &json!({ "schema": "\"bytes\"" }));
    for message in [with_id(id, &[0xca, 0xfe]), format!("01{guid}cafe")] {
        let url = ["--registry", server.url(), "--hex", &message];
        assert_eq!(printed(&mut command(&url), b""), "\"cafe\"\n");
    }
    let files = Files::new();
    let schema = files.write("bytes.avsc", "\"bytes\"");
    let bare = ["--bare", "--schema", &schema, "--hex", "04cafe"];
    assert_eq!(printed(&mut command(&bare), b""), "\"cafe\"\n", "elsewhere they have one");
}

#[test]
fn what_a_registry_does_not_have() {
    let server = start();
    register(&mut server.client(), "orders-value", &json!({ "schema": ORDER }));
    let good = with_id(1, &order("d"));
    let lines =
        format!("{}\n{good}\n01{}\n{good}\nc301{}\n", with_id(9, b""), "ab".repeat(16), "01".repeat(8));
    let ended = run(&mut command(&["--registry", server.url(), "--keep-going"]), lines.as_bytes());
    let line = "{\"id\":\"d\",\"items\":3}\n";
    assert_eq!((ended.code, ended.out), (Some(1), [line, line].concat()));
    let said: Vec<&str> = ended.err.lines().collect();
    let url = server.url();
    assert_eq!(
        said,
        [
            &*format!(
                "ottla: standard input: line 1: schema id 9 is not in the registry (GET /schemas/ids/9: {url} says 404 \
             (40403): Schema 9 not found)"
            ),
            &*format!(
                "ottla: standard input: line 3: schema abababab-abab-abab-abab-abababababab is not in the registry (GET \
             /schemas/guids/abababab-abab-abab-abab-abababababab: {url} says 404 (40403): Schema \
             abababab-abab-abab-abab-abababababab not found)"
            ),
            "ottla: standard input: line 5: schema with fingerprint 0101010101010101 is not known: registries find none \
         by it, --schema FILE gives one",
            "ottla: 3 messages or files were passed over",
        ]
    );
}

/// Nothing is wrong with messages then: the first one ends it.
#[test]
fn a_registry_that_does_not_answer() {
    let lines = "0000000001\n0000000002\n";
    let (out, err) = failed(&mut command(&["--keep-going"]), lines.as_bytes());
    assert_eq!((out.as_str(), err.lines().count()), ("", 1), "{err}");
    let start = "ottla: standard input: line 1: schema id 1: GET /schemas/ids/1: no registry answered: http://127.0.0.1:1: ";
    assert!(err.starts_with(start), "{err}");
}

#[test]
fn local_schemas_ask_no_registry() {
    let files = Files::new();
    let schema = files.write("order.avsc", ORDER);
    let fingerprint =
        ottla_formats::avro::parse(ORDER, ottla_formats::avro::Mode::Strict).unwrap().fingerprint();
    let body = hex(&order("e"));
    let expected = "{\"id\":\"e\",\"items\":3}\n";
    let object = format!("c301{}{body}", hex(&fingerprint.to_le_bytes()));
    for (message, more) in
        [(&body, vec!["--bare"]), (&object, vec![]), (&format!("0000000007{body}"), vec![])]
    {
        let mut command = command(&["--schema", &schema, "--hex", message]);
        assert_eq!(printed(command.args(more), b""), expected, "{message}");
    }
    // Of several, the last is that of messages, and single objects find theirs.
    let line = files.write("line.avsc", r#"{"type":"array","items":"com.acme.Order"}"#);
    let array = ["--schema", &schema, "--schema", &line];
    let bare = format!("02{body}00");
    let mut list = command(&array);
    assert_eq!(printed(list.args(["--bare", "--hex", &bare]), b""), format!("[{}]\n", expected.trim()));
    assert_eq!(printed(command(&array).args(["--hex", &object]), b""), expected);
    let (_, err) = failed(command(&array).args(["--hex", &format!("c3010000000000000000{body}")]), b"");
    assert!(err.contains("schema with fingerprint 0000000000000000 is not known"), "{err}");
}

#[test]
fn schemas_that_cannot_be_read() {
    let files = Files::new();
    let bad = files.write("bad.avsc", "{\"type\":\"record\"}");
    let words = "1:1: No name in schema: {\"type\":\"record\"} (expected a member \"name\" with a text)";
    let (out, err) = failed(&mut command(&["--schema", &bad, "--hex", "00"]), b"");
    assert_eq!((out.as_str(), err), ("", format!("ottla: {bad}: {words}\n")));
    let none = files.path("none.avsc").display().to_string();
    let (_, err) = failed(&mut command(&["--schema", &none, "--hex", "00"]), b"");
    assert_eq!(err, format!("ottla: {none}: No such file or directory (os error 2)\n"));
}

#[test]
fn credentials_are_sent() {
    use std::io::{BufRead as _, BufReader, Write as _};
    for (flags, expected) in [
        (["--registry-user", "ada:se:cret"], "basic ywrhonnlomnyzxq="),
        (["--registry-token", "t0ken"], "bearer t0ken"),
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let body = r#"{"schema":"\"int\""}"#;
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
            head
        });
        let mut command = command(&["--registry", &url, "--hex", "000000000154"]);
        assert_eq!(printed(command.args(flags), b""), "42\n");
        let head = server.join().unwrap();
        let sent = head.iter().find(|line| line.to_lowercase().starts_with("authorization: ")).unwrap();
        assert_eq!(sent.to_lowercase()["authorization: ".len()..], *expected);
    }
}

#[test]
fn other_formats_are_refused() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        lines.take_while(|line| !line.is_empty()).for_each(drop);
        let body = r#"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\";"}"#;
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    });
    let (_, err) = failed(&mut command(&["--registry", &url, "--hex", "000000000100"]), b"");
    server.join().unwrap();
    assert_eq!(err, "ottla: --hex: schema id 1: it is a schema of type PROTOBUF, not Avro\n");
}
