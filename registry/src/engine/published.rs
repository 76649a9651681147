//! The state that everybody sees, and where in the log it stands.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::domain::{Defaults, State};
use crate::log::Position;

/// A state with its place in the log.
#[derive(Debug, Clone)]
pub(super) struct Tip {
    pub(super) state: Arc<State>,
    pub(super) position: Position,
    /// The stamp of the last batch; the next one's is not before it.
    pub(super) written_at: i64,
    /// Counts how often the log lost its tail and was read anew.
    pub(super) generation: u64,
}

impl Tip {
    /// Before the first entry.
    pub(super) fn start(defaults: Defaults) -> Self {
        Self {
            state: Arc::new(State::new(defaults)),
            position: Position::START,
            written_at: i64::MIN,
            generation: 0,
        }
    }
}

/// The latest tip. Readers take its state without a lock; whoever moves it takes one.
#[derive(Debug)]
pub(super) struct Published {
    state: ArcSwap<State>,
    tip: Mutex<Tip>,
}

impl Published {
    pub(super) fn new(tip: Tip) -> Self {
        Self { state: ArcSwap::new(tip.state.clone()), tip: Mutex::new(tip) }
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    pub(super) fn tip(&self) -> Tip {
        self.lock().clone()
    }

    /// Moves on, never back: the writer and the follower may both bring the same news. Gives the tip that counts now,
    /// or nothing if the log was read anew since `tip` was made.
    pub(super) fn advance(&self, tip: Tip) -> Option<Tip> {
        let mut current = self.lock();
        if tip.generation != current.generation {
            return None;
        }
        if tip.position.seq > current.position.seq {
            self.state.store(tip.state.clone());
            *current = tip;
        }
        Some(current.clone())
    }

    /// Takes a tip that was read anew from the whole log, whatever was there before.
    pub(super) fn replace(&self, mut tip: Tip) -> Tip {
        let mut current = self.lock();
        tip.generation = current.generation + 1;
        self.state.store(tip.state.clone());
        *current = tip;
        current.clone()
    }

    /// A panic while it is held leaves nothing half done.
    fn lock(&self) -> std::sync::MutexGuard<'_, Tip> {
        self.tip.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
