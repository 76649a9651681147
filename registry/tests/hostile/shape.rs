//! What an error looks like.

use ottla_tests::http::{Answer, MEDIA};
use serde_json::Value;

/// An error as the API tells it: a code, a message, nothing else; with the media type, and an id of the request.
/// A message that ends with `…` may go on.
#[track_caller]
pub fn assert_refused(answer: &Answer, status: u16, code: i64, message: &str) {
    assert_in_shape(answer, status, code, message);
    assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "{answer:?}");
}

/// An error that is told about what is no request: there is no id to give back.
#[track_caller]
pub fn assert_in_shape(answer: &Answer, status: u16, code: i64, message: &str) {
    let (got_code, got_message) = error(answer);
    assert_eq!((answer.status, got_code), (status, code), "{got_message}");
    match message.strip_suffix('…') {
        Some(beginning) => assert!(got_message.starts_with(beginning), "{got_message:?} is not {message:?}"),
        None => assert_eq!(got_message, message),
    }
}

/// The code and message of an error.
#[track_caller]
pub fn error(answer: &Answer) -> (i64, String) {
    // The latter where the request's own media type was not understood.
    let media = answer.header("content-type");
    assert!(matches!(media, Some(MEDIA | "application/json")), "{answer:?}");
    let Value::Object(body) = answer.json() else { panic!("no object: {}", answer.text()) };
    assert_eq!(body.keys().collect::<Vec<_>>(), ["error_code", "message"]);
    let (Some(code), Some(message)) = (body["error_code"].as_i64(), body["message"].as_str()) else {
        panic!("{body:?}")
    };
    (code, message.to_owned())
}
