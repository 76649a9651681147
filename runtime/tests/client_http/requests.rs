//! Headers, credentials, URLs.

use ottla::client::{Client, Schema, SubjectFilter};

use crate::server::{Reply, Server, builder};

fn server() -> Server {
    Server::new([Reply::of(200, "[]")])
}

#[tokio::test]
async fn requests_as_they_go_over_the_wire() {
    let server = Server::new([Reply::of(200, r#"{"id":7}"#), Reply::of(200, "[]")]);
    let client =
        server.builder().header("X-Team", "orders").header("USER-AGENT", "tests").build().expect("a client");
    let schema = Schema::avro("\"int\"");
    assert_eq!(client.register(":.stage:a/b c", &schema).await.expect("an id").id.0, 7);
    let filter = SubjectFilter { prefix: Some(":*:a&b".to_owned()), ..SubjectFilter::default() };
    client.subjects_with(&filter).await.expect("a list");
    let [first, second] = server.seen().try_into().expect("two requests");
    assert_eq!(first.line, "POST /subjects/%3A.stage%3Aa%2Fb%20c/versions HTTP/1.1");
    assert_eq!(first.body, r#"{"schema":"\"int\""}"#);
    assert_eq!(first.header("content-type"), ["application/vnd.schemaregistry.v1+json"]);
    assert_eq!((first.header("x-team"), first.header("user-agent")), (vec!["orders"], vec!["tests"]));
    assert_eq!(first.header("authorization"), [""; 0]);
    assert_eq!(second.line, "GET /subjects?subjectPrefix=%3A%2A%3Aa%26b HTTP/1.1");
    assert_eq!(second.header("content-type"), [""; 0]);
}

#[tokio::test]
async fn subjects_that_would_be_lost_in_a_url_are_not() {
    let server = server();
    let client = server.builder().build().expect("a client");
    for subject in ["", ".", "..", "%2e", "a/../b"] {
        client.versions(subject).await.expect("a list");
    }
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    let path = |subject| format!("GET /subjects/{subject}/versions HTTP/1.1");
    assert_eq!(lines, ["%3A.%3A", "%3A.%3A.", "%3A.%3A..", "%252e", "a%2F..%2Fb"].map(path));
}

#[tokio::test]
async fn credentials() {
    let server = server();
    let with_user = server.url().replace("http://", "http://url%40user:p%3Ass@");
    let clients = [
        (server.builder().basic_auth("user", "päss:word"), "Basic dXNlcjpww6Rzczp3b3Jk"),
        (server.builder().bearer_token("abc"), "Bearer abc"),
        (server.builder().bearer_token_from(async || Ok("fresh".to_owned())), "Bearer fresh"),
        (builder([with_user.clone()]), "Basic dXJsQHVzZXI6cDpzcw=="),
        // What the client was told counts more than what stands in a URL.
        (builder([with_user]).bearer_token("abc"), "Bearer abc"),
        (server.builder().header("Authorization", "Custom x"), "Custom x"),
    ];
    for (builder, expected) in clients {
        let client = builder.clone().build().expect("a client");
        client.subjects().await.expect("a list");
        let seen = server.seen();
        let last = seen.last().expect("a request");
        assert_eq!(
            (last.header("authorization"), last.line.as_str()),
            (vec![expected], "GET /subjects HTTP/1.1")
        );
        let shown = format!("{builder:?} {client:?}");
        for secret in ["dXNlcj", "päss", "abc", "fresh", "p%3Ass", "dXJsQH", "Custom x"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_url_may_have_a_path() {
    let server = server();
    for end in ["/registry", "/registry/"] {
        let client = builder([server.url() + end]).build().expect("a client");
        client.versions("s").await.expect("a list");
    }
    for seen in server.seen() {
        assert_eq!(seen.line, "GET /registry/subjects/s/versions HTTP/1.1");
    }
}

#[tokio::test]
async fn errors_show_no_credentials() {
    let server = Server::new([Reply::of(401, r#"{"error_code":401,"message":"Unauthorized"}"#)]);
    let client = builder([server.url().replace("http://", "http://me:secret@")]).build().expect("a client");
    let error = client.subjects().await.expect_err("refused");
    assert!(error.is_unauthorized());
    assert_eq!(error.to_string(), format!("GET /subjects: {} says 401: Unauthorized", server.url()));
    drop(server);
    let error = client.subjects().await.expect_err("nobody there");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = server();
    let client = server.builder().build().expect("a client");
    for _ in 0..20 {
        client.clone().subjects().await.expect("a list");
    }
    assert_eq!(server.seen().len(), 20);
    assert_eq!(server.connections(), 1);
}

#[test]
fn what_cannot_be_a_client_is_said_when_it_is_built() {
    for (urls, expected) in [
        (
            vec!["http://a:1", "localhost:8081"],
            "localhost:8081: the URL of a registry begins with http:// or https://",
        ),
        (vec!["http://me:secret@host/?x"], "host/?x: the URL of a registry ends with its path"),
        (vec![], "a client needs at least one registry"),
    ] {
        assert_eq!(Client::builder(urls).build().expect_err("no client").to_string(), expected);
    }
    let error = Client::builder(["https://a"]).root_certificates(b"nonsense").build().expect_err("no client");
    assert_eq!(error.to_string(), "a certificate: there is none in the PEM text");
}
