//! What is checked: that some order of the requests, one after the other, explains every answer.

use std::fmt::Debug;
use std::hash::Hash;

use super::Event;
use super::search::Search;
use super::stage::Stages;

/// What answers requests that come one after the other.
pub trait Model {
    /// What the answers depend on.
    type State: Clone + Eq + Hash + Debug;
    /// A request.
    type Op: Clone + Eq + Hash + Debug;
    /// What it may give.
    type Answer: Debug;

    /// Before the first request.
    fn start(&self) -> Self::State;

    /// What a request that gets this answer makes of a state. Without an answer, any will do.
    fn step(&self, state: &Self::State, op: &Self::Op, answer: Option<&Self::Answer>) -> Step<Self::State>;

    /// Is this a request that, with this answer, changes no state at all?
    fn only_reads(&self, op: &Self::Op, answer: &Self::Answer) -> bool;
}

/// What a request makes of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<S> {
    /// It cannot give that answer.
    Impossible,
    /// It leaves the state as it is.
    Unchanged,
    /// It leads to another.
    To(S),
}

/// How much there was to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Requests that were answered.
    pub answered: usize,
    /// Requests whose answer was lost.
    pub in_doubt: usize,
    /// How many steps were tried.
    pub steps: usize,
}

/// Why a history is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// The answer to a request that no order explains, in words.
    Unexplained(String),
    /// The history says things that exclude each other, in words.
    Contradiction(String),
    /// The search was given up; in words, how far it came.
    Undecided(String),
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unexplained(words) => write!(f, "no order of the requests explains an answer: {words}"),
            Self::Contradiction(words) => write!(f, "two answers exclude each other: {words}"),
            Self::Undecided(words) => write!(f, "no explanation was found in time: {words}"),
        }
    }
}

/// Looks for an order that explains the answers.
pub fn check<M: Model>(model: &M, history: &[Event<M::Op, M::Answer>]) -> Result<Effort, Violation> {
    let stages = Stages::new(model, history);
    let mut search = Search::new(model, &stages);
    let found = search.run();
    let effort = Effort { answered: stages.all.len(), in_doubt: stages.in_doubt, steps: search.steps };
    found.map(|()| effort)
}
