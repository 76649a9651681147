//! Records that nothing can be done about: what is said about them, in headers.
//!
//! ```text
//! reason.rs   why      told.rs   what the headers of a dead letter tell      carried.rs   headers that others have written
//! ```
//!
//! A dead letter has the key, the value and the headers of the record as they were, and then headers of its own. Their names and
//! their values, which are text, are those of Kafka Connect's dead letters, so that tools which know those know these; what Connect
//! has no name for begins with `dead-letter.`.
//!
//! | header | what it tells |
//! |---|---|
//! | `__connect.errors.topic`, `.partition`, `.offset` | where the record came from |
//! | `__connect.errors.connector.name`, `.task.id` | who gave it up: the group, the instance |
//! | `__connect.errors.stage` | `VALUE_CONVERTER` for what cannot be decoded, `TASK_PUT` for what cannot be done |
//! | `__connect.errors.exception.class.name`, `.exception.message` | why: a word, and a sentence |
//! | `dead-letter.attempt` | how often that has happened, with this time |
//! | `dead-letter.failed-at`, `dead-letter.first-failed-at` | when, in milliseconds since 1970 |
//! | `dead-letter.timestamp` | when the record was written |
//! | `dead-letter.value-left-out` | `true` if there was no room for the value beside these headers |
//! | `dead-letter.all-left-out` | `true` if there was none for the key and the headers of the record either |

mod carried;
mod reason;
mod told;

use rdkafka::Message;
use rdkafka::message::{Header, OwnedHeaders};

pub use carried::Carried;
pub use chassis::kafka::readable;
pub use reason::{Reason, UnknownReason};
pub use told::{DeadLetter, UnreadableName, original};

const TOPIC: &str = "__connect.errors.topic";
const PARTITION: &str = "__connect.errors.partition";
const OFFSET: &str = "__connect.errors.offset";
const GROUP: &str = "__connect.errors.connector.name";
const INSTANCE: &str = "__connect.errors.task.id";
const STAGE: &str = "__connect.errors.stage";
const REASON: &str = "__connect.errors.exception.class.name";
const MESSAGE: &str = "__connect.errors.exception.message";
const ATTEMPT: &str = "dead-letter.attempt";
const FAILED_AT: &str = "dead-letter.failed-at";
const FIRST_FAILED_AT: &str = "dead-letter.first-failed-at";
const TIMESTAMP: &str = "dead-letter.timestamp";
const VALUE_LEFT_OUT: &str = "dead-letter.value-left-out";
const ALL_LEFT_OUT: &str = "dead-letter.all-left-out";

/// All of them.
const OURS: [&str; 14] = [
    TOPIC,
    PARTITION,
    OFFSET,
    GROUP,
    INSTANCE,
    STAGE,
    REASON,
    MESSAGE,
    ATTEMPT,
    FAILED_AT,
    FIRST_FAILED_AT,
    TIMESTAMP,
    VALUE_LEFT_OUT,
    ALL_LEFT_OUT,
];

/// The longest message, in characters: it may quote what is in the record.
const LONGEST_MESSAGE: usize = 1_000;

/// Is it one of them?
pub(crate) fn is_ours(name: &str) -> bool {
    OURS.contains(&name)
}

/// Why nothing can be done about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A word for it.
    pub reason: Reason,
    /// A sentence, for people.
    pub message: String,
}

/// Who says so.
#[derive(Debug, Clone, Copy)]
pub struct Reporter<'a> {
    /// The consumer group.
    pub group: &'a str,
    /// Its member.
    pub instance: &'a str,
}

/// What there is no room for in a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeftOut {
    /// All of the record is there.
    #[default]
    Nothing,
    /// Its value is not.
    Value,
    /// Only what is said about it is there.
    All,
}

impl LeftOut {
    /// What to try next.
    #[must_use]
    pub fn more(self) -> Self {
        match self {
            Self::Nothing => Self::Value,
            Self::Value | Self::All => Self::All,
        }
    }
}

/// The headers of the dead letter of a record: its own as they are, then what is said about it.
///
/// A record that was a dead letter before, and was replayed, says so: its attempts are counted on. What it has under our names is
/// replaced, so that each is there once.
pub fn headers<M>(
    record: &M,
    failure: &Failure,
    reporter: Reporter<'_>,
    now: i64,
    left_out: LeftOut,
) -> OwnedHeaders
where
    M: Message,
    M::Headers: Carried,
{
    let before = DeadLetter::of(record);
    let attempt = before.attempt.map_or(1, |attempt| attempt.saturating_add(1));
    let first_failed_at = before.first_failed_at.unwrap_or(now);
    let message: String = failure.message.chars().take(LONGEST_MESSAGE).collect();
    let mut headers = match left_out {
        LeftOut::All => OwnedHeaders::new(),
        LeftOut::Nothing | LeftOut::Value => carried::without(record.headers(), &OURS),
    };
    let mut say = |key: &str, value: &str| {
        let so_far = std::mem::replace(&mut headers, OwnedHeaders::new_with_capacity(0));
        headers = so_far.insert(Header { key, value: Some(value) });
    };
    say(TOPIC, record.topic());
    say(PARTITION, &record.partition().to_string());
    say(OFFSET, &record.offset().to_string());
    say(GROUP, reporter.group);
    say(INSTANCE, reporter.instance);
    say(STAGE, failure.reason.stage());
    say(REASON, failure.reason.as_str());
    say(MESSAGE, &message);
    say(ATTEMPT, &attempt.to_string());
    say(FAILED_AT, &now.to_string());
    say(FIRST_FAILED_AT, &first_failed_at.to_string());
    if let Some(timestamp) = record.timestamp().to_millis() {
        say(TIMESTAMP, &timestamp.to_string());
    }
    if left_out != LeftOut::Nothing {
        say(VALUE_LEFT_OUT, "true");
    }
    if left_out == LeftOut::All {
        say(ALL_LEFT_OUT, "true");
    }
    headers
}

#[cfg(test)]
mod tests;
