//! The position in the log that an answer was computed at: on by a flag.

use ottla_tests::http::Answer;
use serde_json::json;

use crate::process::{register, start};
use crate::prometheus::sample;

fn position(answer: &Answer) -> Option<u64> {
    answer.header("ottla-log-position").map(|position| position.parse().unwrap())
}

#[test]
fn it_is_not_told_unless_asked_for() {
    let server = start(&[]);
    let mut client = server.client();
    for answer in
        [register(&mut client, "s", 1), client.get("/subjects").unwrap(), client.get("/nope").unwrap()]
    {
        assert_eq!(position(&answer), None);
    }
}

#[test]
fn it_rises_with_each_change_and_only_then() {
    let server = start(&["--position-header"]);
    let mut client = server.client();
    let mut last = 0;
    for number in 0..5 {
        let written = position(&register(&mut client, "s", number)).unwrap();
        assert!(written > last, "{written}");
        for target in [
            "/subjects",
            "/subjects/s/versions/latest",
            "/schemas/ids/1",
            "/subjects/nope/versions",
            "/config",
        ] {
            let read = client.get(target).unwrap();
            // What an id means is known without asking how new the state is.
            assert!(position(&read).is_none_or(|read| read == written), "{target}");
            assert!(position(&read).is_some() || target == "/schemas/ids/1", "{target}");
        }
        last = written;
        // Nothing new is written by what is there already.
        assert_eq!(position(&register(&mut client, "s", number)), Some(written));
    }
    let refused = client.post("/subjects/s/versions", &json!({"schema": "\"string\""})).unwrap();
    assert_eq!((refused.status, position(&refused)), (409, Some(last)));
    let metrics = client.get("/metrics").unwrap().text();
    assert_eq!(sample(&metrics, "ottla_log_applied"), last as f64);
    assert_eq!(sample(&metrics, "ottla_log_head"), last as f64);
    let deleted = position(&client.delete("/subjects/s").unwrap()).unwrap();
    assert!(deleted > last);
    // What is said without a look at the state has none.
    for target in ["/", "/nope", "/v1/metadata/version", "/schemas/types"] {
        assert_eq!(position(&client.get(target).unwrap()), None, "{target}");
    }
}
