//! The one task that writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::follower::{Confirmation, confirm};
use super::job::{Job, words};
use super::published::Tip;
use super::{Phase, Shared, SubmitError};
use crate::domain::State;
use crate::log::codec::{EncodeError, encode};
use crate::log::{AppendError, Batch, Entry, Position, Unavailable};

/// A batch is closed once its records are this large, however many commands wait.
const BATCH_BYTES: usize = 8 << 20;

/// Decides commands in order and appends what they come to.
pub(super) struct Writer {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Box<dyn Job>>,
    confirmations: mpsc::UnboundedSender<Confirmation>,
    phase: watch::Receiver<Phase>,
    /// Taken from the queue, not yet answered.
    jobs: Vec<Box<dyn Job>>,
}

/// Commands decided on a working copy.
struct Decided {
    /// How many of the jobs, from the first.
    jobs: usize,
    /// The copy with their records applied.
    tip: Tip,
    entries: Vec<Entry>,
}

/// Why a round came to nothing.
enum Setback {
    /// The log has moved on: decide again.
    Stale,
    /// Nobody gets what was decided.
    Failed(Failure),
}

enum Failure {
    Unavailable(Unavailable),
    OutcomeUnknown(Unavailable),
    Storage(super::StorageError),
}

impl Writer {
    pub(super) fn new(
        shared: Arc<Shared>,
        queue: mpsc::Receiver<Box<dyn Job>>,
        confirmations: mpsc::UnboundedSender<Confirmation>,
        phase: watch::Receiver<Phase>,
    ) -> Self {
        Self { shared, queue, confirmations, phase, jobs: Vec::new() }
    }

    /// Runs until the queue is closed and empty.
    pub(super) async fn run(mut self) {
        while self.fetch().await {
            self.jobs.retain(|job| !job.is_abandoned());
            while !self.jobs.is_empty() {
                self.carry_out().await;
            }
        }
    }

    /// Takes all that waits, up to a batch. False at the end.
    async fn fetch(&mut self) -> bool {
        let limit = self.shared.options.batch.max(1);
        if self.queue.is_closed() {
            return self.queue.recv_many(&mut self.jobs, limit).await > 0;
        }
        tokio::select! {
            count = self.queue.recv_many(&mut self.jobs, limit) => count > 0,
            _ = self.phase.wait_for(|phase| *phase >= Phase::Draining) => {
                self.queue.close();
                true
            }
        }
    }

    /// Decides, appends, publishes and answers; again while others are faster.
    async fn carry_out(&mut self) {
        let deadline = Instant::now() + self.shared.options.timeout * 2;
        loop {
            let decided = self.decide(&self.shared.published.tip());
            let jobs = decided.jobs;
            match self.settle(decided).await {
                Ok(()) => return self.jobs.drain(..jobs).for_each(|job| job.answer()),
                Err(Setback::Failed(failure)) => {
                    return self.jobs.drain(..jobs).for_each(|job| job.fail(failure.to_error()));
                }
                Err(Setback::Stale) if Instant::now() > deadline => {
                    let busy = Unavailable("other registries write too fast".into());
                    return self
                        .jobs
                        .drain(..jobs)
                        .for_each(|job| job.fail(SubmitError::Unavailable(busy.clone())));
                }
                Err(Setback::Stale) => {}
            }
        }
    }

    /// Decides the jobs one after the other, each on what those before it came to.
    fn decide(&mut self, tip: &Tip) -> Decided {
        // The clock may be set back, or be slower than another registry's; stamps never go back.
        let now = clock().max(tip.written_at);
        let mut state = State::clone(&tip.state);
        let (mut entries, mut bytes, mut jobs) = (Vec::new(), 0, 0);
        for job in &mut self.jobs {
            let records = job.decide(&state, now);
            let taken = catch_unwind(AssertUnwindSafe(|| {
                let mut next = state.clone();
                let mut added = Vec::with_capacity(records.len());
                for record in &records {
                    added.push(encode(record)?);
                    next.apply(next.head() + 1, now, record);
                }
                Ok::<_, EncodeError>((next, added))
            }));
            match taken {
                Ok(Ok((next, added))) => {
                    state = next;
                    bytes += added.iter().map(size).sum::<usize>();
                    entries.extend(added);
                }
                Ok(Err(error)) => job.spoil(error.to_string()),
                Err(panic) => job.spoil(words(&*panic)),
            }
            jobs += 1;
            if bytes >= BATCH_BYTES {
                break;
            }
        }
        let position = Position { seq: state.head(), batch: tip.position.batch };
        let tip = Tip { state: Arc::new(state), position, written_at: now, generation: tip.generation };
        Decided { jobs, tip, entries }
    }

    /// Makes what was decided true, or finds out that it already is.
    async fn settle(&mut self, decided: Decided) -> Result<(), Setback> {
        if decided.entries.is_empty() { self.confirm(&decided).await } else { self.append(decided).await }
    }

    /// Nothing is to be written: but was it decided on the latest state?
    async fn confirm(&mut self, decided: &Decided) -> Result<(), Setback> {
        if self.shared.private {
            return Ok(());
        }
        match confirm(&self.confirmations).await {
            Ok(state)
                if state.head() == decided.tip.position.seq
                    && self.shared.published.tip().generation == decided.tip.generation =>
            {
                Ok(())
            }
            Ok(_) => Err(Setback::Stale),
            Err(error) => Err(Setback::Failed(Failure::Unavailable(error))),
        }
    }

    async fn append(&mut self, decided: Decided) -> Result<(), Setback> {
        let Decided { mut tip, entries, jobs } = decided;
        let records = entries.len();
        let expected = Position { seq: tip.position.seq - records as u64, batch: tip.position.batch };
        let batch = Batch { id: Uuid::new_v4(), written_at: tip.written_at, entries };
        let started = Instant::now();
        let appended = self.shared.log.append(expected, &batch).await;
        let took = started.elapsed();
        if appended.is_ok() {
            tip.position = batch.end(expected);
            self.shared.statistics.appended(took, jobs, records);
            self.shared.condition.wrote();
            return self.publish(tip);
        }
        self.shared.statistics.append_failed(took);
        match appended {
            Ok(()) => Ok(()),
            Err(AppendError::Conflict) => {
                self.shared.statistics.conflict();
                let known = self.shared.published.tip().position.seq.max(expected.seq);
                match self.shared.catch_up(known + 1).await {
                    Ok(_) => Err(Setback::Stale),
                    Err(error) => Err(Setback::Failed(Failure::Unavailable(error))),
                }
            }
            Err(AppendError::Unavailable(error)) => Err(self.failed(Failure::Unavailable(error))),
            Err(AppendError::OutcomeUnknown(error)) => Err(self.failed(Failure::OutcomeUnknown(error))),
            Err(AppendError::Storage(error)) => Err(self.failed(Failure::Storage(error))),
        }
    }

    fn publish(&self, tip: Tip) -> Result<(), Setback> {
        match self.shared.published.advance(tip) {
            Some(tip) => {
                self.shared.statistics.applied(tip.position.seq);
                Ok(())
            }
            // The log was found to have lost entries while this append was on its way: is it among them?
            None => Err(Setback::Failed(Failure::OutcomeUnknown(Unavailable("the log lost entries".into())))),
        }
    }

    fn failed(&self, failure: Failure) -> Setback {
        self.shared.condition.writing_failed(&failure.to_error().to_string());
        Setback::Failed(failure)
    }
}

impl Failure {
    fn to_error(&self) -> SubmitError {
        match self {
            Self::Unavailable(error) => SubmitError::Unavailable(error.clone()),
            Self::OutcomeUnknown(error) => SubmitError::OutcomeUnknown(error.clone()),
            Self::Storage(error) => SubmitError::Storage(error.clone()),
        }
    }
}

fn size(entry: &Entry) -> usize {
    entry.key.len() + entry.value.as_ref().map_or(0, String::len)
}

/// Milliseconds since 1970.
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
