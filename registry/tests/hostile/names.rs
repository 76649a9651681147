//! Names of subjects: whatever is accepted is one subject, under that very name.

use ottla_tests::http::Answer;

use crate::registry;
use crate::shape::assert_refused;

/// Every byte that is not a letter or a digit, escaped.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[test]
fn odd_names_are_kept_as_they_are() {
    let server = registry::start(&[]);
    let mut client = server.client();
    let long = "n".repeat(14_000);
    for (name, listed) in [
        ("a/b", "a/b"),
        ("a//b", "a//b"),
        ("a%2Fb", "a%2Fb"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("a;b=c", "a;b=c"),
        ("?a=b&c#d", "?a=b&c#d"),
        ("a b", "a b"),
        (" ", " "),
        ("+", "+"),
        ("'; DROP TABLE log; --", "'; DROP TABLE log; --"),
        ("\"quoted\"", "\"quoted\""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("${jndi:ldap://x}", "${jndi:ldap://x}"),
        ("日本語", "日本語"),
        ("e\u{301}", "e\u{301}"),
        ("é", "é"),
        ("\u{202E}evil", "\u{202E}evil"),
        ("\u{FEFF}", "\u{FEFF}"),
        ("\u{FFFF}", "\u{FFFF}"),
        ("😀", "😀"),
        ("latest", "latest"),
        ("versions", "versions"),
        ("*", "*"),
        (":*:x", ":*:x"),
        ("::", "::"),
        (":", ":"),
        (":x:y", ":x:y"),
        (":.:plain", "plain"),
        (":.ctx:a:b", ":.ctx:a:b"),
        (":.ctx:/", ":.ctx:/"),
        (":.c/t x:s", ":.c/t x:s"),
        (&long, &long),
    ] {
        let subject = format!("/subjects/{}", escaped(name));
        let answer = registry::register(&mut client, &escaped(name), "\"int\"");
        assert_eq!(answer.status, 200, "{name:?}: {}", answer.text());
        let version = client.get(&format!("{subject}/versions/1")).unwrap();
        assert_eq!(version.json()["subject"], listed, "{name:?}");
        let all = client.get("/subjects").unwrap().json();
        assert_eq!(all, serde_json::json!([listed]), "{name:?}");
        assert_eq!(client.delete(&subject).unwrap().text(), "[1]");
        assert_eq!(client.delete(&format!("{subject}?permanent=true")).unwrap().text(), "[1]");
        assert_eq!(client.get("/subjects?deleted=true").unwrap().text(), "[]");
    }
}

#[test]
fn names_that_no_subject_may_have() {
    let server = registry::start(&[]);
    let mut client = server.client();
    for name in ["__GLOBAL", "__EMPTY", ":.__GLOBAL:x", ":.ctx:__EMPTY", "\u{80}", "a\u{9F}b", "a\u{85}"] {
        let message = format!("The specified subject '{name}' is not a valid.");
        let name = escaped(name);
        assert_refused(&registry::register(&mut client, &name, "\"int\""), 422, 42208, &message);
        if name.contains("%C2") {
            let mode =
                client.put(&format!("/mode/{name}"), &serde_json::json!({"mode": "READONLY"})).unwrap();
            assert_refused(&mode, 422, 42208, &message);
            let config =
                client.put(&format!("/config/{name}"), &serde_json::json!({"normalize": true})).unwrap();
            assert_refused(&config, 422, 42208, &message);
        }
    }
}

/// Names in bodies and parameters are not decoded, and mean nothing to the router.
#[test]
fn names_in_bodies_and_parameters() {
    let server = registry::start(&[]);
    let mut client = server.client();
    let with_reference = |subject: &str| {
        serde_json::json!({
            "schema": "\"int\"",
            "references": [{"name": "n", "subject": subject, "version": 1}],
        })
    };
    for subject in ["\0", "a/../b", "%2e%2e", ":.a:b:c", ":.", "\u{1b}[31m", "\r\n"] {
        let answer = client.post("/subjects/names/versions", &with_reference(subject)).unwrap();
        assert_refused(
            &answer,
            422,
            42201,
            "Invalid schema of type AVRO, details: Invalid schema {subject=names,…",
        );
    }
    let alias = |to: &str, client: &mut ottla_tests::http::Client| -> Answer {
        client.put("/config/aliased", &serde_json::json!({ "alias": to })).unwrap()
    };
    for to in ["a\0b", ":.x:y", "../../x", "aliased", "日本"] {
        assert_eq!(alias(to, &mut client).status, 200);
        // An alias is one hop, so one to itself is no loop.
        let answer = client.get("/subjects/aliased/versions").unwrap();
        assert_refused(&answer, 404, 40401, &format!("Subject '{to}' not found."));
    }
    assert_eq!(client.delete("/config/aliased").unwrap().status, 200);
    for prefix in ["%00", "%FF", "%0d%0a", ":.%00:", ":*:", ":*:%E6%97%A5", "%25", ":.:"] {
        let answer = client.get(&format!("/subjects?subjectPrefix=nowhere{prefix}")).unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, "[]"), "{prefix}");
    }
}
