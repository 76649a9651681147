//! What the headers of a dead letter tell.

use std::str::FromStr;

use rdkafka::Message;
use rdkafka::message::OwnedHeaders;

use chassis::kafka::readable;

use super::carried::{Carried, without};
use super::{
    ATTEMPT, FAILED_AT, FIRST_FAILED_AT, GROUP, INSTANCE, MESSAGE, OFFSET, OURS, PARTITION, REASON,
    TIMESTAMP, TOPIC, VALUE_LEFT_OUT,
};

/// What is said about a record. Anybody may have put a record among the dead letters, so nothing of it need be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the headers")]
pub struct DeadLetter {
    pub topic: Option<String>,
    pub partition: Option<i32>,
    pub offset: Option<i64>,
    pub group: Option<String>,
    pub instance: Option<String>,
    /// Why: one of [`super::Reason`], if we have said it.
    pub reason: Option<String>,
    pub message: Option<String>,
    pub attempt: Option<u32>,
    pub failed_at: Option<i64>,
    pub first_failed_at: Option<i64>,
    pub timestamp: Option<i64>,
    pub is_value_left_out: bool,
}

impl DeadLetter {
    /// What the headers of a record tell. Of a header that is there twice the last one counts.
    pub fn of(record: &impl Message) -> Self {
        let mut told = Self::default();
        let Some(headers) = record.headers() else { return told };
        for header in readable(headers).flatten() {
            if let Some(text) = header.value.and_then(|value| std::str::from_utf8(value).ok()) {
                told.hear(header.key, text);
            }
        }
        told
    }

    fn hear(&mut self, key: &str, text: &str) {
        match key {
            TOPIC => self.topic = Some(text.to_owned()),
            PARTITION => self.partition = number(text),
            OFFSET => self.offset = number(text),
            GROUP => self.group = Some(text.to_owned()),
            INSTANCE => self.instance = Some(text.to_owned()),
            REASON => self.reason = Some(text.to_owned()),
            MESSAGE => self.message = Some(text.to_owned()),
            ATTEMPT => self.attempt = number(text),
            FAILED_AT => self.failed_at = number(text),
            FIRST_FAILED_AT => self.first_failed_at = number(text),
            TIMESTAMP => self.timestamp = number(text),
            VALUE_LEFT_OUT => self.is_value_left_out = text == "true",
            _ => {}
        }
    }
}

/// No number that we have written is less than zero.
fn number<N: FromStr + PartialOrd + Default>(text: &str) -> Option<N> {
    text.parse().ok().filter(|number| *number >= N::default())
}

/// A header has a name that is no UTF-8, so that what is ours cannot be told from what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a header is no UTF-8")]
pub struct UnreadableName;

/// The headers of a dead letter that is sent back: those that the record had, and how often and since when it has failed, so that
/// its attempts are counted on.
///
/// # Errors
/// If there is one that cannot be read.
pub fn original<H: Carried>(headers: Option<&H>) -> Result<OwnedHeaders, UnreadableName> {
    if headers.is_some_and(|headers: &H| readable(headers).any(|header| header.is_none())) {
        return Err(UnreadableName);
    }
    let taken_off = OURS.into_iter().filter(|name| ![ATTEMPT, FIRST_FAILED_AT].contains(name));
    Ok(without(headers, &taken_off.collect::<Vec<_>>()))
}
