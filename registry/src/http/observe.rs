//! What the HTTP layer tells those who count.

use std::time::Duration;

use http::{Method, StatusCode};

/// Counts what happens. Called on the request's task: be quick.
pub trait Observe: Send + Sync + 'static {
    /// A request was answered. `route` is an index into [`super::routes::templates`]; `None`, if no route is that.
    fn request(&self, route: Option<usize>, method: &Method, status: StatusCode, elapsed: Duration);

    /// A schema was compared with earlier versions.
    fn verdict(&self, compatible: bool);

    /// A request ran into a limit.
    fn limited(&self, limit: Limit);
}

/// Nobody counts.
impl Observe for () {
    fn request(&self, _: Option<usize>, _: &Method, _: StatusCode, _: Duration) {}
    fn verdict(&self, _: bool) {}
    fn limited(&self, _: Limit) {}
}

/// What a request may run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Requests under way.
    Requests,
    /// Bytes of one body.
    BodySize,
    /// Bytes of all bodies that are held.
    BodyMemory,
    /// Time for a body to arrive.
    BodyTime,
    /// Commands that wait to be written.
    Queue,
    /// Connections.
    Connections,
    /// Bytes or fields of a request's head.
    HeaderSize,
    /// Time for a request's head to arrive.
    HeaderTime,
    /// Time for an answer to be read.
    AnswerTime,
}

impl Limit {
    /// Every limit.
    pub const ALL: [Self; 9] = [
        Self::Requests,
        Self::BodySize,
        Self::BodyMemory,
        Self::BodyTime,
        Self::Queue,
        Self::Connections,
        Self::HeaderSize,
        Self::HeaderTime,
        Self::AnswerTime,
    ];

    /// Its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::BodySize => "body_size",
            Self::BodyMemory => "body_memory",
            Self::BodyTime => "body_time",
            Self::Queue => "queue",
            Self::Connections => "connections",
            Self::HeaderSize => "header_size",
            Self::HeaderTime => "header_time",
            Self::AnswerTime => "answer_time",
        }
    }
}
