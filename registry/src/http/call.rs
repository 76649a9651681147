//! What a handler is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use super::App;
use super::body::Request;
use super::error::ApiError;
use super::observe::Limit;
use super::query::Query;
use super::target::Target;
use crate::domain::{Command, Rejection, Selector, State, Subject};
use crate::engine::{Engine, SubmitError};

/// From this many bytes of text on, all versions that are compared together, work takes longer than a few milliseconds.
const LARGE: usize = 128 << 10;

/// A request that has a route, may be made, and is read to its end.
#[derive(Debug)]
pub struct Call {
    pub(super) app: Arc<App>,
    pub(super) target: Target,
    /// Where in the target the route's parameters are.
    pub(super) parameters: &'static [usize],
    pub(super) body: Bytes,
    pub(super) computed_at: Arc<AtomicU64>,
}

impl Call {
    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A parameter of the route, decoded, counted from 0.
    pub fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", |&at| self.target.segment(at))
    }

    /// The subject that the route names first.
    pub fn subject(&self) -> Subject {
        Subject::parse(self.parameter(0))
    }

    /// The subject that answers for the one that the route names: the same, or what its alias leads to.
    pub fn subject_in(&self, state: &State) -> Subject {
        state.resolve_alias(&self.subject())
    }

    /// The version that the route names after the subject.
    pub fn version(&self) -> Result<Selector, Rejection> {
        version(self.parameter(1))
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// The state, confirmed to be current.
    pub async fn state(&self) -> Result<Arc<State>, ApiError> {
        let state = self.app.engine.confirmed().await?;
        self.computed_at(state.head());
        Ok(state)
    }

    /// Has a change decided and written.
    pub async fn submit<C: Command>(&self, command: C) -> Result<C::Outcome, ApiError> {
        let outcome = self.app.engine.submit(command).await;
        if matches!(outcome, Err(SubmitError::Overloaded)) {
            self.app.observe.limited(Limit::Queue);
        }
        let outcome = outcome?;
        self.computed_at(self.app.engine.snapshot().head());
        Ok(outcome)
    }

    /// Does work on schema texts for this request against a subject. What may take long is done where no other request
    /// waits for it.
    pub async fn work<T: Send + 'static>(
        &self,
        state: &State,
        subject: &Subject,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        if self.body.len().saturating_mul(1 + state.versions_compared(subject)) <= LARGE {
            return Ok(work());
        }
        tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)
    }

    /// The schema id that the route names first; 404 if it is no 32-bit number.
    pub fn id(&self) -> Result<i32, ApiError> {
        self.parameter(0).parse().map_err(|_| ApiError::not_found())
    }

    /// The query parameters.
    pub fn query(&self) -> Query<'_> {
        self.target.query()
    }

    /// The body, as what the method asks for. Do this before anything else in the request is looked at.
    pub fn read<T: Request>(&self, method: &str) -> Result<T, ApiError> {
        super::body::parse(&self.body, method)
    }

    /// Notes the position in the log that the answer is computed at.
    pub fn computed_at(&self, position: u64) {
        self.computed_at.store(position, Ordering::Relaxed);
    }
}

/// Reads a version in a path: `latest` in any case, -1, or a number from 1.
fn version(text: &str) -> Result<Selector, Rejection> {
    // Java trims everything up to the space.
    let trimmed = text.trim_matches(|c| c <= ' ');
    if trimmed.eq_ignore_ascii_case("latest") {
        return Ok(Selector::Latest);
    }
    match trimmed.parse::<i32>() {
        Ok(-1) => Ok(Selector::Latest),
        Ok(number) if number >= 1 => Ok(Selector::Number(number)),
        _ => Err(Rejection::InvalidVersion(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, expected) in [
            ("1", Some(Selector::Number(1))),
            ("01", Some(Selector::Number(1))),
            ("+1", Some(Selector::Number(1))),
            (" 2\t", Some(Selector::Number(2))),
            ("2147483647", Some(Selector::Number(i32::MAX))),
            ("latest", Some(Selector::Latest)),
            ("LaTest", Some(Selector::Latest)),
            ("-1", Some(Selector::Latest)),
            ("0", None),
            ("-2", None),
            ("2147483648", None),
            ("1.0", None),
            ("", None),
            (" ", None),
            ("x", None),
        ] {
            assert_eq!(version(text).ok(), expected, "{text:?}");
        }
    }
}
