//! Taking in what others appended.

use std::sync::Arc;
use std::time::Instant;

use super::published::Tip;
use super::{Shared, replay};
use crate::log::{Position, ReadError, Unavailable};

/// From this many entries on, a chunk is decoded elsewhere: it would keep other tasks waiting.
const LARGE: u64 = 64;

impl Shared {
    /// Asks the database where the log ends, and takes in what is missing up to there.
    pub(super) async fn confirm_head(&self) -> Result<Tip, Unavailable> {
        let began = (self.opened.elapsed(), self.published.tip());
        self.statistics.head_query();
        let confirmed = match self.log.head().await {
            Ok(head) => self.reach(head, &began.1).await,
            Err(error) => Err(error),
        };
        match &confirmed {
            Ok(_) => self.condition.confirmed(began.0),
            Err(error) => self.condition.reading_failed(&error.0),
        }
        confirmed
    }

    /// Makes sure that the published state holds the head, which was asked for when the state was at `began`.
    async fn reach(&self, head: Position, began: &Tip) -> Result<Tip, Unavailable> {
        self.statistics.head_seen(head.seq);
        // What was read or acknowledged once is there for ever, unless the database lost it.
        if head.seq < began.position.seq || (head.seq == began.position.seq && head != began.position) {
            return self.rebuild(began.generation, head).await;
        }
        let tip = self.published.tip();
        if head.seq <= tip.position.seq { Ok(tip) } else { self.catch_up(head.seq).await }
    }

    /// Reads on from the published state until it holds an entry, and no further than it has to: as long as others
    /// append, the end of the log is always somewhere else.
    pub(super) async fn catch_up(&self, to: u64) -> Result<Tip, Unavailable> {
        let one_at_a_time = self.catching_up.lock().await;
        loop {
            let tip = self.published.tip();
            if tip.position.seq >= to {
                return Ok(tip);
            }
            let chunk = match self.log.read(tip.position).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(tip),
                Err(ReadError::Diverged(_)) => {
                    drop(one_at_a_time);
                    return self.rebuild(tip.generation, tip.position).await;
                }
                Err(error) => return Err(unavailable(error)),
            };
            let taken = if chunk.count() < LARGE {
                replay::take_in(&chunk, &tip)
            } else {
                let taken = tokio::task::spawn_blocking(move || replay::take_in(&chunk, &tip)).await;
                taken.unwrap_or_else(|e| Err(ReadError::Damaged(e.to_string().into())))
            };
            if let Some(tip) = self.published.advance(taken.map_err(unavailable)?) {
                self.statistics.applied(tip.position.seq);
            }
        }
    }

    /// The log is not what it was: it lost entries that had been acknowledged, as after a restore from a backup or a
    /// fail-over to a replica that lagged. What it holds now is all there is; the state is made from it anew.
    async fn rebuild(&self, generation: u64, head: Position) -> Result<Tip, Unavailable> {
        let _one_at_a_time = self.catching_up.lock().await;
        let tip = self.published.tip();
        if tip.generation != generation {
            return Ok(tip);
        }
        tracing::error!(
            head = head.seq,
            position = tip.position.seq,
            "the log lost entries that this registry had already taken in: acknowledged writes are gone, the state is \
             rebuilt from what is left"
        );
        self.condition.reading_failed(&Arc::from("the log lost entries; the state is being rebuilt"));
        let (started, began) = (Instant::now(), self.opened.elapsed());
        let rebuilt = replay::replay(&self.log, Tip::start(self.defaults)).await.map_err(unavailable)?;
        let tip = self.published.replace(rebuilt);
        self.statistics.rebuilt(tip.position.seq);
        self.condition.confirmed(began);
        tracing::warn!(position = tip.position.seq, took = ?started.elapsed(), "the state was rebuilt");
        Ok(tip)
    }
}

fn unavailable(error: ReadError) -> Unavailable {
    match error {
        ReadError::Unavailable(error) => error,
        other => {
            tracing::error!(error = %other, "the log could not be read");
            Unavailable::because(other)
        }
    }
}
