//! Bodies that are no JSON, JSON of the wrong shape, and JSON that is too deep or too large to be meant well.

use crate::registry::{self, send};
use crate::shape::assert_refused;

const REGISTER: (&str, &str) = ("POST", "/subjects/s/versions");

/// Body, message; the end of a message after `…` is left open.
fn check((method, target): (&str, &str), status: u16, code: i64, cases: &[(&[u8], &str)]) {
    let server = registry::start(&[]);
    let mut client = server.client();
    for (body, message) in cases {
        println!("{}", String::from_utf8_lossy(&body[..body.len().min(100)]));
        assert_refused(&send(&mut client, method, target, body), status, code, message);
    }
    assert_eq!(client.get("/subjects?deleted=true").unwrap().text(), "[]");
}

#[test]
fn no_json() {
    let cases: &[(&[u8], &str)] = &[
        (b"{", "expected a name in double quotes, found the end of the body (line 1, column 2)"),
        (b"{\"schema\"", "expected ':', found the end of the body (line 1, column 10)"),
        (b"{\"schema\":", "expected a string, found the end of the body (line 1, column 11)"),
        (b"{\"schema\":\"", "expected '\"', found the end of the body (line 1, column 12)"),
        (b"{\"schema\":\"\\", "not an escape sequence (line 1, column 12)"),
        (b"{\"schema\":\"\\ud8", "not an escape sequence (line 1, column 12)"),
        (b"{\"schema\":\"\\ud800\"}", "not an escape sequence (line 1, column 12)"),
        (b"{\"schema\":\"\\udc00\\ud800\"}", "not an escape sequence (line 1, column 12)"),
        (b"{\"schema\":\"a\0b\"}", "control characters in strings have to be escaped (line 1, column 13)"),
        (b"{\"schema\":\"a\nb\"}", "control characters in strings have to be escaped (line 1, column 13)"),
        (b"{schema:1}", "expected a name in double quotes, found 's' (line 1, column 2)"),
        (b"{'schema':'x'}", "expected a name in double quotes, found '\\'' (line 1, column 2)"),
        (b"{\"a\":1,}", "expected a name in double quotes, found '}' (line 1, column 8)"),
        (b"{\"a\":1 \"b\":2}", "expected ',' or '}', found a string (line 1, column 8)"),
        (b"{\"a\":01}", "expected a value, found '0' (line 1, column 6)"),
        (b"{} {}", "expected the end of the body, found an object (line 1, column 4)"),
        (b"{}x", "expected the end of the body, found 'x' (line 1, column 3)"),
        (b"/* */{}", "expected an object, found '/' (line 1, column 1)"),
        (b"\x1f\x8b\x08\x00", "the body is not UTF-8 (line 1, column 2)"),
        (b"{\"schema\":\"\xff\"}", "the body is not UTF-8 (line 1, column 12)"),
        (b"{\"schema\":\"\xc0\x80\"}", "the body is not UTF-8 (line 1, column 12)"),
        (b"{\"schema\":\"\xed\xa0\x80\"}", "the body is not UTF-8 (line 1, column 12)"),
        (b"\xfe\xff\0{\0}", "the body is not UTF-8 (line 1, column 1)"),
        (b"{\0}\0", "expected a name in double quotes, found '\\0' (line 1, column 2)"),
        (b"<xml/>", "expected an object, found '<' (line 1, column 1)"),
        (b"schema=%22int%22", "expected an object, found 's' (line 1, column 1)"),
    ];
    check(REGISTER, 400, 400, cases);
}

#[test]
fn json_of_another_shape() {
    let cases: &[(&[u8], &str)] = &[
        (b"[]", "expected an object, found a list (line 1, column 1)"),
        (b"\"int\"", "expected an object, found a string (line 1, column 1)"),
        (b"1", "expected an object, found '1' (line 1, column 1)"),
        (b"{\"schema\":{\"type\":\"int\"}}", "expected a string, found an object (line 1, column 11)"),
        (b"{\"schema\":[\"int\"]}", "expected a string, found a list (line 1, column 11)"),
        (b"{\"version\":\"x\"}", "expected an integer, found a string (line 1, column 12)"),
        (b"{\"version\":true}", "expected an integer, found a boolean (line 1, column 12)"),
        (b"{\"id\":2147483648}", "2147483648 is no 32-bit integer (line 1, column 7)"),
        (b"{\"id\":1e999}", "1e999 is no 32-bit integer (line 1, column 7)"),
        (b"{\"references\":{}}", "expected a list, found an object (line 1, column 15)"),
        (b"{\"references\":[1]}", "expected an object, found '1' (line 1, column 16)"),
        (
            b"{\"references\":[{\"version\":\"1.5\"}]}",
            "expected an integer, found a string (line 1, column 27)",
        ),
        (b"{\"metadata\":[]}", "expected an object, found a list (line 1, column 13)"),
        (b"{\"metadata\":{\"tags\":{\"a\":\"b\"}}}", "expected a list, found a string (line 1, column 26)"),
        (b"{\"ruleSet\":{\"domainRules\":[{\"kind\":\"x\"}]}}", "expected one of TRANSFORM, CONDITION…"),
        (b"{\"propagateSchemaTags\":\"yes\"}", "expected a boolean, found a string (line 1, column 24)"),
    ];
    check(REGISTER, 400, 400, cases);
}

#[test]
fn no_body_where_one_is_needed() {
    let bodies: &[&[u8]] = &[b"", b" \r\n\t", b"null", b"\xef\xbb\xbf", b"\xef\xbb\xbf null"];
    for (method, target, name) in [
        ("POST", "/subjects/s/versions", "register"),
        ("POST", "/subjects/s", "lookUpSchemaUnderSubject"),
        ("POST", "/compatibility/subjects/s/versions", "testCompatibilityForSubject"),
        ("POST", "/compatibility/subjects/s/versions/0", "testCompatibilityBySubjectName"),
        ("POST", "/subjects/s/versions/1/tags", "modifyTags"),
        ("PUT", "/config", "updateTopLevelConfig"),
        ("PUT", "/config/s", "updateSubjectLevelConfig"),
        ("PUT", "/mode", "updateTopLevelMode"),
        ("PUT", "/mode/s", "updateMode"),
    ] {
        let message = format!("{name}.request must not be null (was null)");
        let cases: Vec<_> = bodies.iter().map(|body| (*body, message.as_str())).collect();
        check((method, target), 422, 422, &cases);
    }
}

#[test]
fn settings_that_are_none() {
    let server = registry::start(&[]);
    let mut client = server.client();
    let levels = "Invalid compatibility level. Valid values are none, backward, forward, full, \
                  backward_transitive, forward_transitive, and full_transitive";
    let modes = "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.";
    for (target, body, status, code, message) in [
        ("/config", r#"{"compatibility":"x"}"#, 422, 42203, levels),
        ("/config", r#"{"compatibility":"BACKWARD "}"#, 422, 42203, levels),
        ("/config", r#"{"compatibility":""}"#, 422, 42203, levels),
        ("/config", r#"{"compatibility":5}"#, 422, 42203, levels),
        ("/config", r#"{"compatibility":{}}"#, 400, 400, "expected a string, found an object…"),
        ("/config", r#"{"normalize":"maybe"}"#, 400, 400, "expected a boolean, found a string…"),
        ("/mode", r#"{"mode":"x"}"#, 422, 42204, modes),
        ("/mode", r#"{"mode":""}"#, 422, 42204, modes),
        ("/mode", r#"{"mode":"FORWARD\u0000"}"#, 422, 42204, modes),
        ("/mode", r#"{"mode":[]}"#, 400, 400, "expected a string, found a list…"),
        ("/mode", r#"{"mode":"FORWARD"}"#, 422, 42204, "Forward mode only supported on global level"),
    ] {
        assert_refused(&send(&mut client, "PUT", target, body.as_bytes()), status, code, message);
    }
    assert_eq!(client.get("/config").unwrap().text(), r#"{"compatibilityLevel":"BACKWARD"}"#);
    assert_eq!(client.get("/mode").unwrap().text(), r#"{"mode":"READWRITE"}"#);
}

/// What nobody asks for is skipped, however deep, and not kept.
#[test]
fn deep_and_large_json() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    let nested = |open: &str, close: &str, levels: usize| {
        format!("{{\"x\":{}1{},\"schema\":\"\\\"int\\\"\"}}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
        let levels = 900 / open.matches(['[', '{']).count();
        let body = nested(open, close, levels);
        assert_eq!(send(&mut client, "POST", REGISTER.1, body.as_bytes()).status, 200, "{open}");
        for levels in [1001, 1_000_000] {
            let body = nested(open, close, levels);
            let answer = send(&mut client, "POST", REGISTER.1, body.as_bytes());
            assert_refused(&answer, 400, 400, "too many levels (line 1, column …");
        }
        // What never closes is no deeper.
        let body = format!("{{\"x\":{}", open.repeat(1_000_000));
        let answer = send(&mut client, "POST", REGISTER.1, body.as_bytes());
        assert_refused(&answer, 400, 400, "too many levels (line 1, column …");
    }
    let members = format!("{{{}\"schema\":\"\\\"int\\\"\"}}", "\"k\":1,".repeat(2_000_000));
    assert_eq!(send(&mut client, "POST", REGISTER.1, members.as_bytes()).status, 200);
    let number = format!("{{\"id\":{},\"schema\":\"\\\"int\\\"\"}}", "9".repeat(1_000_000));
    let answer = send(&mut client, "POST", REGISTER.1, number.as_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text().len());
    assert!(registry::memory(&server) < 200, "{} MB", registry::memory(&server));
}
