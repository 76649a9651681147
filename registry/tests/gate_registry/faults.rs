//! `ottla check` against registries that are away, broken, slow or no registries: it never passes, and says what to do.

use std::net::TcpListener;
use std::time::Duration;

use crate::fake::{Act, Fake, Subject, ok, refusal};
use crate::folder::{Ended, Folder, record};
use crate::served::Served;

const SUBJECT: &str = "com.example.Order";

/// What a check asks, in its order.
const CALLS: [&str; 5] = [
    "GET /subjects/com.example.Order/versions",
    "GET /config/com.example.Order",
    "GET /subjects/com.example.Order/versions/latest",
    "GET /subjects/com.example.Order/versions/1",
    "POST /compatibility/subjects/com.example.Order/versions",
];

fn folder() -> Folder {
    Folder::with(&[("order.avsc", &record("Order", &[("id", "\"string\"")]))])
}

/// Three versions, of which all are compatible.
fn fake(script: impl Fn(&str, usize) -> Option<Act> + Send + Sync + 'static) -> Fake {
    let version = |doc: &str| {
        record("Order", &[("id", "\"string\"")])
            .replace("\"fields\"", &format!("\"doc\": \"{doc}\", \"fields\""))
    };
    let versions = ["a", "b", "c"].map(version).to_vec();
    Fake::new(Subject { name: SUBJECT, level: "BACKWARD_TRANSITIVE", versions }, script)
}

fn check(folder: &Folder, url: &str, format: &str) -> Ended {
    let against = format!("registry:{url}");
    folder.run(&[
        "check",
        "--against",
        &against,
        "--allow-new",
        "--registry-timeout",
        "300ms",
        "--format",
        format,
    ])
}

/// It ends with 3, and says why and what to do.
fn not_compared(ended: &Ended, case: &str) -> String {
    assert_eq!(ended.code, 3, "{case}: {ended:#?}");
    assert!(ended.took < Duration::from_secs(10), "{case}: {ended:#?}");
    let verdict = ended.json();
    assert_eq!(verdict["exit"], 3, "{case}");
    let check = &verdict["checks"][0];
    assert_eq!(check["outcome"], "not-compared", "{case}: {verdict:#}");
    let reason = check["reason"].as_str().unwrap().to_owned();
    let advice = ["?", "try again", "give "];
    assert!(advice.iter().any(|advice| reason.contains(advice)), "{case} says not what to do: {reason}");
    reason
}

#[test]
fn what_is_right_passes() {
    let fake = fake(|_, _| None);
    let ended = check(&folder(), &fake.url(), "json");
    assert_eq!(ended.code, 0, "{ended:#?}");
    let seen = fake.seen();
    for call in CALLS {
        assert!(seen.iter().any(|seen| seen.split('?').next() == Some(call)), "{call} of {seen:#?}");
    }
}

#[test]
fn nonsense_at_any_moment_is_no_pass() {
    let html = "<!DOCTYPE html><html><body>Please log in</body></html>".to_owned();
    let acts = [
        Act::Answer(200, "text/html", html.clone()),
        Act::Answer(200, "application/json", html.clone()),
        Act::Labelled("text/html"),
        Act::Labelled("text/plain; charset=utf-8"),
        Act::Answer(200, "application/json", String::new()),
        Act::Answer(204, "application/json", String::new()),
        ok("{}"),
        ok("[]"),
        ok("null"),
        ok("[1, 2"),
        ok("{\"compatibilityLevel\": \"SIDEWARD\"}"),
        refusal(500, 50001, "Error in the backend data store"),
        Act::Answer(503, "text/html", html),
        refusal(429, 42901, "too many requests"),
        refusal(401, 40101, "Unauthorized"),
        refusal(403, 40301, "Forbidden"),
        refusal(302, 302, "moved"),
        Act::Answer(301, "text/plain", String::new()),
        refusal(400, 400, "Bad Request"),
        Act::Close,
        Act::Raw(
            "HTTP/1.1 200 -\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[1".to_owned(),
        ),
        Act::Raw("SSH-2.0-OpenSSH_9.6\r\n".to_owned()),
        Act::Hang,
        Act::Drip,
        Act::Endless,
    ];
    let folder = folder();
    for call in CALLS {
        // Each at once: most of the time they wait.
        std::thread::scope(|scope| {
            for act in &acts {
                let folder = &folder;
                scope.spawn(move || {
                    let case = format!("{call} {act:?}");
                    let broken = act.clone();
                    let fake =
                        fake(move |seen, _| (seen.split('?').next() == Some(call)).then(|| broken.clone()));
                    let reason = not_compared(&check(folder, &fake.url(), "json"), &case);
                    assert!(reason.contains("http://127.0.0.1"), "{case}: {reason}");
                });
            }
        });
    }
}

#[test]
fn a_registry_that_goes_away_in_between_is_no_pass() {
    let folder = folder();
    let whole = {
        let fake = fake(|_, _| None);
        assert_eq!(check(&folder, &fake.url(), "json").code, 0);
        fake.seen().len()
    };
    for number in 0..whole {
        let fake = fake(move |_, before| (before >= number).then_some(Act::Die));
        not_compared(&check(&folder, &fake.url(), "json"), &format!("after {number} of {whole} requests"));
    }
}

#[test]
fn a_redirect_that_leads_round_in_a_circle_is_not_followed() {
    let fake = fake(|_, _| Some(Act::Answer(307, "text/plain", String::new())));
    let reason = not_compared(&check(&folder(), &fake.url(), "json"), "a circle");
    assert!(reason.contains("redirects to /elsewhere, which is not followed"), "{reason}");
    assert_eq!(fake.seen().len(), 1, "{:?}", fake.seen());
}

#[test]
fn where_nobody_is_or_is_stopped_it_fails_within_seconds_and_in_every_format() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let folder = folder();
    let reason = not_compared(&check(&folder, &nobody, "json"), "nobody");
    assert!(reason.contains("refused") && reason.contains("is it running"), "{reason}");
    for format in ["text", "junit", "sarif", "github", "gitlab", "markdown"] {
        let ended = check(&folder, &nobody, format);
        assert_eq!(ended.code, 3, "{format} {ended:#?}");
        assert!(ended.took < Duration::from_secs(3), "{ended:#?}");
    }
    assert!(check(&folder, &nobody, "text").all().contains("NOT COMPARED"));

    let served = Served::start();
    served.register(SUBJECT, &record("Order", &[("id", "\"string\"")]));
    assert_eq!(check(&folder, served.url(), "json").code, 0);
    served.0.pause();
    let reason = not_compared(&check(&folder, served.url(), "json"), "stopped");
    served.0.resume();
    assert!(reason.contains("no answer within") && reason.contains("--registry-timeout"), "{reason}");
    assert_eq!(check(&folder, served.url(), "json").code, 0, "it goes on");
}

#[test]
fn one_subject_of_many_that_cannot_be_had_is_enough() {
    let order = record("Order", &[("id", "\"string\"")]);
    let folder =
        Folder::with(&[("order.avsc", &order), ("money.avsc", &record("Money", &[("a", "\"int\"")]))]);
    let fake = Fake::new(Subject { name: SUBJECT, level: "BACKWARD", versions: vec![order] }, |call, _| {
        call.contains("Money").then(|| refusal(500, 50001, "oh"))
    });
    let ended = check(&folder, &fake.url(), "json");
    assert_eq!(ended.code, 3, "{ended:#?}");
    let outcomes: Vec<String> =
        ended.json()["checks"].as_array().unwrap().iter().map(|check| check["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"not-compared\"", "\"unchanged\""]);
}

#[test]
fn what_is_no_registry_s_url_is_a_wrong_command_line() {
    for url in ["ftp://127.0.0.1", "127.0.0.1:8081", "http://", "http://h/?a=b"] {
        let ended = check(&folder(), url, "json");
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{url} {ended:#?}");
    }
}
