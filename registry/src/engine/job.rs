//! A command in the queue: what is asked, and who waits for the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::SubmitError;
use crate::domain::{Command, Record, Rejection, State};

type Reply<T> = oneshot::Sender<Result<T, SubmitError>>;

/// A command of any kind, in the writer's hands.
pub(super) trait Job: Send {
    /// Has the asker gone?
    fn is_abandoned(&self) -> bool;

    /// Decides on the state and keeps the answer; gives the records to write. Deciding again forgets what was decided
    /// before.
    fn decide(&mut self, state: &State, now: i64) -> Vec<Record>;

    /// Gives up what was decided, because of a bug.
    fn spoil(&mut self, problem: String);

    /// Sends the answer that was decided.
    fn answer(self: Box<Self>);

    /// Sends an error in its place.
    fn fail(self: Box<Self>, error: SubmitError);
}

/// A command with its asker.
pub(super) struct Asked<C: Command> {
    command: C,
    reply: Reply<C::Outcome>,
    decided: Option<Result<C::Outcome, Failure>>,
}

enum Failure {
    Rejected(Rejection),
    Internal(String),
}

impl<C: Command> Asked<C> {
    pub(super) fn new(command: C, reply: Reply<C::Outcome>) -> Self {
        Self { command, reply, decided: None }
    }
}

impl<C: Command> Job for Asked<C> {
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn decide(&mut self, state: &State, now: i64) -> Vec<Record> {
        // Nothing of the command or the state is left half done by a panic: both are only looked at.
        let (decided, records) = match catch_unwind(AssertUnwindSafe(|| self.command.decide(state, now))) {
            Ok(Ok(decision)) => (Ok(decision.outcome), decision.records),
            Ok(Err(rejection)) => (Err(Failure::Rejected(rejection)), Vec::new()),
            Err(panic) => (Err(Failure::Internal(words(&*panic))), Vec::new()),
        };
        self.decided = Some(decided);
        records
    }

    fn spoil(&mut self, problem: String) {
        self.decided = Some(Err(Failure::Internal(problem)));
    }

    fn answer(self: Box<Self>) {
        let answer = match self.decided {
            Some(Ok(outcome)) => Ok(outcome),
            Some(Err(Failure::Rejected(rejection))) => Err(SubmitError::Rejected(rejection)),
            Some(Err(Failure::Internal(problem))) => Err(SubmitError::Internal(problem)),
            None => Err(SubmitError::Internal("it was not decided".to_owned())),
        };
        // Nobody may be waiting any more; what was written stays.
        let _ = self.reply.send(answer);
    }

    fn fail(self: Box<Self>, error: SubmitError) {
        let _ = self.reply.send(Err(error));
    }
}

/// What a panic said.
pub(super) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}
