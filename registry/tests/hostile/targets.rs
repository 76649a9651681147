//! Request targets: escapes, control characters, dots, slashes, contexts, methods.

use crate::registry;
use crate::shape::assert_refused;
use crate::socket::Socket;

/// Method, target, status, code, message.
#[track_caller]
fn check(cases: &[(&str, &str, u16, i64, &str)]) {
    let server = registry::start(&[]);
    let mut client = server.client();
    for (method, target, status, code, message) in cases {
        let answer =
            client.send(method, target, &[], None).unwrap_or_else(|e| panic!("{method} {target}: {e}"));
        println!("{method} {target}: {}", answer.text());
        assert_refused(&answer, *status, *code, message);
    }
}

const NOT_FOUND: &str = "HTTP 404 Not Found";

#[test]
fn what_no_target_may_hold() {
    check(&[
        ("GET", "/subjects/%00", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/a%00b/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/%0d%0aX-Evil:%20x/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/a%1Bb/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/%7F/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/a\\b/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/a%5cb/versions", 400, 400, "Illegal character in URI"),
        ("GET", "/subjects/%", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects/%4", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects/%zz/versions", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects/%+1/versions", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects/%u0041/versions", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects?subjectPrefix=%", 400, 400, "Bad escape in URI"),
        ("GET", "/subjects/%C3%28/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "/subjects/%C0%AF/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "/subjects/%E0%80%AF/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "/subjects/%ED%A0%80/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "/subjects/%F4%90%80%80/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "/subjects/%FF/versions", 400, 400, "Bad UTF-8 encoding in URI"),
        ("GET", "//subjects", 400, 400, "Ambiguous URI empty segment"),
        ("GET", "/subjects//versions", 400, 400, "Ambiguous URI empty segment"),
        ("GET", "/subjects/;a=b/versions", 400, 400, "Ambiguous URI empty segment"),
        ("GET", "/subjects/%2e%2E/versions", 400, 400, "Ambiguous URI path segment"),
        ("GET", "/subjects/%2e/versions", 400, 400, "Ambiguous URI path segment"),
        ("GET", "/subjects/.%2e/versions", 400, 400, "Ambiguous URI path segment"),
        ("DELETE", "/subjects/%00", 400, 400, "Illegal character in URI"),
    ]);
}

#[test]
fn what_is_decoded_once_and_never_twice() {
    check(&[
        ("GET", "/subjects/a%2Fb/versions", 404, 40401, "Subject 'a/b' not found."),
        ("GET", "/subjects/a%252Fb/versions", 404, 40401, "Subject 'a%2Fb' not found."),
        ("GET", "/subjects/%2500/versions", 404, 40401, "Subject '%00' not found."),
        ("GET", "/subjects/%252e%252e/versions", 404, 40401, "Subject '%2e%2e' not found."),
        ("GET", "/subjects/a%2E%2E%2Fb/versions", 404, 40401, "Subject 'a../b' not found."),
        ("GET", "/subjects/%3Cscript%3E/versions", 404, 40401, "Subject '<script>' not found."),
        ("GET", "/subjects/'%22/versions", 404, 40401, "Subject ''\"' not found."),
        ("GET", "/subjects/%E2%80%AE/versions", 404, 40401, "Subject '\u{202E}' not found."),
        ("GET", "/subjects/%EF%BB%BFx/versions", 404, 40401, "Subject '\u{FEFF}x' not found."),
        ("GET", "/subjects/%C2%85/versions", 404, 40401, "Subject '\u{85}' not found."),
        ("GET", "/subjects/../versions", 404, 40401, "Subject '..' not found."),
        ("GET", "/subjects%2Fa%2Fversions", 404, 404, NOT_FOUND),
        ("GET", "/%73ubjects/a/versions", 404, 40401, "Subject 'a' not found."),
        ("GET", "/subjects/a/versions;x/1", 404, 40401, "Subject 'a' not found."),
    ]);
}

#[test]
fn contexts_that_are_none() {
    check(&[
        ("GET", "/contexts/a:b/subjects", 400, 400, "Context name 'a:b' cannot contain a colon"),
        ("GET", "/contexts/:.a:b:/subjects", 400, 400, "Context name ':.a:b:' cannot contain a colon"),
        ("GET", "/contexts/:.a/config/:.a:", 404, 40408, "Subject ':.a:' does not have subject-level…"),
        ("GET", "/contexts/%3A.a%3A/subjects/s/versions", 404, 40401, "Subject '.a::s' not found."),
        ("GET", "/contexts/a/subjects/:.b:s/versions", 404, 40401, "Subject ':.b:s' not found."),
        ("GET", "/contexts/a/contexts/b/subjects/s/versions", 404, 404, NOT_FOUND),
        ("GET", "/subjects/:.a/versions", 404, 40401, "Subject ':.a:' not found."),
        ("GET", "/subjects/:.a:b:c/versions", 404, 40401, "Subject ':.a:b:c' not found."),
        ("GET", "/subjects/::/versions", 404, 40401, "Subject '::' not found."),
        ("GET", "/subjects/:.:x/versions", 404, 40401, "Subject 'x' not found."),
        ("GET", "/subjects/:.__GLOBAL:x/versions", 404, 40401, "Subject ':.__GLOBAL:x' not found."),
        ("DELETE", "/contexts/.", 405, 405, "HTTP 405 Method Not Allowed"),
        ("PUT", "/contexts/:.a:", 405, 405, "HTTP 405 Method Not Allowed"),
    ]);
}

#[test]
fn values_that_are_none() {
    let version = |text: &str| {
        format!(
            "The specified version '{text}' is not a valid version id. Allowed values are between \
             [1, 2^31-1] and the string \"latest\""
        )
    };
    for text in ["0", "-2", "x", "1.0", "2147483648", "99999999999999999999", "latest'--", "１"] {
        let target = format!("/subjects/s/versions/{text}");
        check(&[
            ("GET", &target, 422, 42202, &version(text)),
            ("DELETE", &target, 422, 42202, &version(text)),
        ]);
    }
    check(&[
        ("GET", "/schemas/ids/x", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/2147483648", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/1e3", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/0x10", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/%EF%BC%91", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/-1", 404, 40403, "Schema -1 not found"),
        ("GET", "/schemas/ids/-2147483648", 404, 40403, "Schema -2147483648 not found"),
        ("GET", "/schemas/ids/2147483647/schema?subject=%00%FF", 404, 40403, "Schema 2147483647 not found"),
        ("GET", "/schemas/guids/x", 404, 40403, "Schema x not found"),
        ("GET", "/schemas?offset=x", 404, 404, NOT_FOUND),
        ("GET", "/schemas?limit=2147483648", 404, 404, NOT_FOUND),
        ("GET", "/schemas?offset=-1", 400, 400, "offset must not be negative"),
        ("GET", "/subjects?offset=-2147483648", 400, 400, "offset must not be negative"),
    ]);
}

#[test]
fn methods_and_routes_that_are_none() {
    let other = "HTTP 405 Method Not Allowed";
    check(&[
        ("GET", "/nope", 404, 404, NOT_FOUND),
        ("POST", "/subjects/a/b/c/d/e/f/g/h/i/j", 404, 404, NOT_FOUND),
        ("GET", "/schemas/ids/", 404, 404, NOT_FOUND),
        ("GET", "/subjects/a", 405, 405, other),
        ("PUT", "/subjects", 405, 405, other),
        ("PATCH", "/config", 405, 405, other),
        ("TRACE", "/subjects", 405, 405, other),
        ("get", "/subjects", 405, 405, other),
        ("BREW", "/subjects", 405, 405, other),
        ("PROPFIND", "/subjects/a/versions/1", 405, 405, other),
        ("OPTIONS", "*", 404, 404, NOT_FOUND),
        ("CONNECT", "x:443", 404, 404, NOT_FOUND),
    ]);
}

#[test]
fn health_and_metrics_know_one_method() {
    let server = registry::start(&[]);
    let mut client = server.client();
    for target in ["/health/live", "/health/ready", "/metrics"] {
        assert_eq!(client.get(target).unwrap().status, 200, "{target}");
        for method in ["POST", "DELETE", "PUT", "OPTIONS"] {
            let answer = client.send(method, target, &[], None).unwrap();
            crate::shape::assert_in_shape(&answer, 405, 405, "HTTP 405 Method Not Allowed");
        }
        let answer = client.get(&format!("{target}%2F")).unwrap();
        assert_refused(&answer, 404, 404, NOT_FOUND);
    }
}

/// Whole segments and queries of a length that the system's own limits allow.
#[test]
fn long_targets() {
    let server = registry::start(&[]);
    let ask = |target: &str| {
        Socket::connect(server.url()).send(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")).answer()
    };
    let long = "a".repeat(15_000);
    let answer = ask(&format!("/subjects/{long}/versions"));
    assert_refused(&answer, 404, 40401, &format!("Subject '{long}' not found."));
    assert_eq!(ask(&format!("/subjects?subjectPrefix={long}")).text(), "[]");
    assert_eq!(ask(&format!("/subjects?{}", "a&".repeat(7_000))).text(), "[]");
    assert_refused(&ask(&"/a".repeat(7_000)), 404, 404, NOT_FOUND);
    assert_refused(&ask(&"/".repeat(15_000)), 400, 400, "Ambiguous URI empty segment");
    let escaped = "%61".repeat(5_000);
    let message = format!("Subject '{}' not found.", "a".repeat(5_000));
    assert_refused(&ask(&format!("/subjects/{escaped}/versions")), 404, 40401, &message);
    let keys = "key=a&value=b&".repeat(1000);
    assert_refused(&ask(&format!("/subjects/s/metadata?{keys}")), 404, 40401, "Subject 's' not found.");
}
