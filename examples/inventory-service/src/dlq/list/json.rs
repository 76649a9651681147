//! A dead letter, for programs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rdkafka::Message as _;
use rdkafka::message::BorrowedMessage;
use serde::Serialize;

use super::State;
use crate::dead_letter::{self, DeadLetter};
use crate::dlq::shown;

/// One line. What is null is there; of what may be text or not, one of two fields is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    partition: i32,
    offset: i64,
    state: &'static str,
    reason: Option<&'a str>,
    message: Option<&'a str>,
    from: Origin<'a>,
    group: Option<&'a str>,
    instance: Option<&'a str>,
    attempt: Option<u32>,
    failed_at: Option<i64>,
    first_failed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_base64: Option<String>,
    #[serde(flatten)]
    value: Value<'a>,
    value_left_out: bool,
    headers: Vec<Header<'a>>,
}

/// Where the record was before.
#[derive(Serialize)]
struct Origin<'a> {
    topic: Option<&'a str>,
    partition: Option<i32>,
    offset: Option<i64>,
    timestamp: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Value<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
}

/// A header that the record had itself.
#[derive(Serialize)]
struct Header<'a> {
    /// Null if it is no UTF-8.
    name: Option<&'a str>,
    #[serde(flatten)]
    value: Value<'a>,
}

/// The line, in which nothing commands a terminal.
pub(super) fn line(
    record: &BorrowedMessage<'_>,
    letter: &DeadLetter,
    state: State,
) -> Result<String, serde_json::Error> {
    let (key, key_base64) = text_or_not(record.key());
    let line = Line {
        partition: record.partition(),
        offset: record.offset(),
        state: state.as_str(),
        reason: letter.reason.as_deref(),
        message: letter.message.as_deref(),
        from: Origin {
            topic: letter.topic.as_deref(),
            partition: letter.partition,
            offset: letter.offset,
            timestamp: letter.timestamp,
        },
        group: letter.group.as_deref(),
        instance: letter.instance.as_deref(),
        attempt: letter.attempt,
        failed_at: letter.failed_at,
        first_failed_at: letter.first_failed_at,
        key,
        key_base64,
        value: value(record.payload()),
        value_left_out: letter.is_value_left_out,
        headers: headers(record),
    };
    serde_json::to_string(&line).map(|line| shown::json(&line))
}

fn headers<'a>(record: &'a BorrowedMessage<'_>) -> Vec<Header<'a>> {
    let all = record.headers().into_iter().flat_map(dead_letter::readable);
    let theirs = all.filter(|header| header.as_ref().is_none_or(|header| !dead_letter::is_ours(header.key)));
    let shown = theirs.map(|header| match header {
        Some(header) => Header { name: Some(header.key), value: value(header.value) },
        None => Header { name: None, value: value(None) },
    });
    shown.collect()
}

fn value(bytes: Option<&[u8]>) -> Value<'_> {
    let (value, value_base64) = text_or_not(bytes);
    Value { value, value_base64 }
}

fn text_or_not(bytes: Option<&[u8]>) -> (Option<Option<&str>>, Option<String>) {
    match bytes.map(|bytes| str::from_utf8(bytes).map_err(|_| STANDARD.encode(bytes))) {
        None => (Some(None), None),
        Some(Ok(text)) => (Some(Some(text)), None),
        Some(Err(encoded)) => (None, Some(encoded)),
    }
}
