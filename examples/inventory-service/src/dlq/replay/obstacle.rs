//! What cannot go back, and why.

use rdkafka::Message;
use rdkafka::message::{BorrowedMessage, OwnedHeaders};

use crate::dead_letter::{self, DeadLetter};
use crate::dlq::shown::Plain;

/// Why a dead letter is passed over. It stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Obstacle {
    #[error("its value was left out, as there was no room for it")]
    ValueLeftOut,
    #[error("{0}, so it cannot be told what is its own")]
    UnreadableName(#[from] dead_letter::UnreadableName),
    #[error("it does not say where it came from (--to TOPIC sends it all the same)")]
    NoOrigin,
    #[error("it says that it came from {}, where nothing is sent to (--to TOPIC sends it elsewhere)", Plain(.0))]
    Forbidden(String),
    #[error("it came from topic {}, which does not exist (--to TOPIC sends it elsewhere)", Plain(.0))]
    NoTopic(String),
    #[error("topic {0} does not take a record of its size")]
    TooLarge(String),
    #[error("there is no dead letter at that place")]
    NotThere,
}

/// The headers that it had, if all is there that it had.
pub(super) fn content(record: &BorrowedMessage<'_>, letter: &DeadLetter) -> Result<OwnedHeaders, Obstacle> {
    match letter.is_value_left_out {
        true => Err(Obstacle::ValueLeftOut),
        false => Ok(dead_letter::original(record.headers())?),
    }
}

/// The topic that it came from. Whoever may write dead letters could say anything here.
pub(super) fn origin<'l>(record: &BorrowedMessage<'_>, letter: &'l DeadLetter) -> Result<&'l str, Obstacle> {
    match letter.topic.as_deref() {
        None => Err(Obstacle::NoOrigin),
        // Those are the cluster's own; and what came from here would come back here.
        Some(topic) if topic.starts_with("__") || topic == record.topic() => {
            Err(Obstacle::Forbidden(topic.to_owned()))
        }
        Some(topic) => Ok(topic),
    }
}
