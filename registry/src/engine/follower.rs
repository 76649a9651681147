//! Confirming the head, for many at once, and following what others append.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{Phase, Shared, closing};
use crate::domain::State;
use crate::log::Unavailable;

/// Somebody who waits for a confirmed state.
pub(super) type Confirmation = oneshot::Sender<Result<Arc<State>, Unavailable>>;

/// Waits for the next question to the database to start, and for its answer.
pub(super) async fn confirm(
    confirmations: &mpsc::UnboundedSender<Confirmation>,
) -> Result<Arc<State>, Unavailable> {
    let (asker, answer) = oneshot::channel();
    confirmations.send(asker).map_err(|_| closing())?;
    answer.await.map_err(|_| closing())?
}

/// The task that asks. There is one question at a time; who comes while it is on its way waits for the next, because
/// its answer may be older than what they must see.
pub(super) struct Follower {
    shared: Arc<Shared>,
    asked: mpsc::UnboundedReceiver<Confirmation>,
    phase: watch::Receiver<Phase>,
    /// After a failure: how long to leave the database alone, until when, and what to say meanwhile.
    pause: Option<(Duration, Instant, Unavailable)>,
}

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Follower {
    pub(super) fn new(
        shared: Arc<Shared>,
        asked: mpsc::UnboundedReceiver<Confirmation>,
        phase: watch::Receiver<Phase>,
    ) -> Self {
        Self { shared, asked, phase, pause: None }
    }

    /// Runs until the engine is closed, or nobody is left who could ask.
    pub(super) async fn run(mut self) {
        while let Some(mut waiting) = self.wait().await {
            while let Ok(asker) = self.asked.try_recv() {
                waiting.push(asker);
            }
            let confirmed = self.shared.confirm_head().await.map(|tip| tip.state);
            self.pause = confirmed.as_ref().err().map(|error| {
                let pause =
                    self.pause.as_ref().map_or(SHORTEST_PAUSE, |(last, ..)| (*last * 2).min(LONGEST_PAUSE));
                (pause, Instant::now() + jitter(pause), error.clone())
            });
            for asker in waiting {
                // Whoever went away needs no answer.
                let _ = asker.send(confirmed.clone());
            }
        }
    }

    /// Waits for a reason to ask: somebody, a notification, or the end of a pause, during which askers are sent away.
    async fn wait(&mut self) -> Option<Vec<Confirmation>> {
        let Some((_, until, error)) = &self.pause else {
            return tokio::select! {
                asker = self.asked.recv() => asker.map(|asker| vec![asker]),
                () = self.shared.log.changed() => Some(Vec::new()),
                _ = self.phase.wait_for(|phase| *phase == Phase::Drained) => None,
            };
        };
        loop {
            tokio::select! {
                asker = self.asked.recv() => { let _ = asker?.send(Err(error.clone())); }
                () = sleep_until(*until) => return Some(Vec::new()),
                _ = self.phase.wait_for(|phase| *phase == Phase::Drained) => return None,
            }
        }
    }
}

/// Between half and all of the pause, so that replicas do not return in step.
fn jitter(pause: Duration) -> Duration {
    let random = u32::from(Uuid::new_v4().as_bytes()[0]);
    pause / 2 + pause * random / 512
}
