//! The engine: one writer, the published state, and the confirmation that it is current.
//!
//! * Reads take a snapshot: an immutable [`State`], without a lock or a wait.
//! * Writes are commands. One task decides them in order on a working copy, appends the records of as many as wait at
//!   once, publishes the copy and only then answers: nothing is acknowledged before it is durable.
//! * Where several registries share a log, an append goes in only if the log still ends where the decision was made.
//!   A decision that writes nothing (a refusal too) is answered only after the head has been confirmed. So every
//!   answer was true at some moment between question and answer: the registry is linearizable.

mod catch_up;
mod follower;
mod job;
mod published;
mod replay;
mod statistics;
mod status;
mod writer;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot, watch};

pub use crate::log::{Database, DatabaseError, OpenError, StorageError, Unavailable};
pub use statistics::{Histogram, Statistics};
pub use status::Status;

use crate::domain::{Command, Defaults, Rejection, State};
use crate::log::Log;
use crate::log::postgres::{Manners, PostgresLog};
use crate::log::sqlite::SqliteLog;
use follower::{Confirmation, Follower};
use job::{Asked, Job};
use published::{Published, Tip};
use status::Condition;
use writer::Writer;

/// How the engine behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many commands may wait; more are refused.
    pub queue: usize,
    /// How many commands are appended at once, at most.
    pub batch: usize,
    /// How old an answer may be. Zero asks the database before every answer that can change (all that ask at the same
    /// time share a question). Without meaning on SQLite, where nobody else writes.
    pub max_staleness: Duration,
    /// How long to wait for the database before it counts as unavailable.
    pub timeout: Duration,
    /// How often to look for what others wrote, should no notification come.
    pub poll: Duration,
    /// Ask the database for notifications of what others wrote? They do not come through a transaction pooler.
    pub listen: bool,
}

impl Options {
    fn manners(&self) -> Manners {
        Manners { timeout: self.timeout, poll: self.poll, listen: self.listen }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue: 1024,
            batch: 256,
            max_staleness: Duration::ZERO,
            timeout: Duration::from_secs(5),
            poll: Duration::from_secs(1),
            listen: true,
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// It was decided, and refused.
    #[error(transparent)]
    Rejected(Rejection),
    /// The database does not answer; nothing was written.
    #[error(transparent)]
    Unavailable(Unavailable),
    /// The database went away in the middle of the write, which may have taken place or may not.
    #[error("it is not known whether the write took place: {0}")]
    OutcomeUnknown(Unavailable),
    /// Too many commands wait; nothing was written.
    #[error("too many writes are waiting")]
    Overloaded,
    /// The database refused the write; nothing was written.
    #[error(transparent)]
    Storage(StorageError),
    /// The decision failed in a way that is a bug; nothing was written.
    #[error("the command could not be decided: {0}")]
    Internal(String),
}

/// The registry's heart; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    handles: Arc<Handles>,
}

/// What the tasks share. They hold no sender of the queue, so that they end when the last engine is dropped.
struct Shared {
    log: Arc<dyn Log>,
    published: Published,
    condition: Condition,
    statistics: Arc<Statistics>,
    /// Is this process the only writer? Then its snapshot is always current.
    private: bool,
    /// One catching up at a time.
    catching_up: tokio::sync::Mutex<()>,
    defaults: Defaults,
    options: Options,
    opened: Instant,
}

/// How far the engine is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Phase {
    Running,
    /// No new commands; those that wait are carried out.
    Draining,
    /// They have been.
    Drained,
}

struct Handles {
    queue: mpsc::Sender<Box<dyn Job>>,
    confirmations: mpsc::UnboundedSender<Confirmation>,
    phase: watch::Sender<Phase>,
    writer: tokio::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Engine {
    /// Opens the database, makes it if it is missing, and replays its log.
    pub async fn open(database: &Database, defaults: Defaults, options: Options) -> Result<Self, OpenError> {
        let log: Arc<dyn Log> = match database {
            Database::SqliteFile(path) => Arc::new(SqliteLog::open(path).await?),
            Database::SqliteMemory => Arc::new(SqliteLog::in_memory().await?),
            Database::Postgres(url) => Arc::new(PostgresLog::open(url, options.manners()).await?),
        };
        let opened = Self::over(log, defaults, options).await;
        opened.map_err(|reason| OpenError::Unreadable { database: database.to_string(), reason })
    }

    /// An engine over any log.
    pub async fn over(
        log: Arc<dyn Log>,
        defaults: Defaults,
        options: Options,
    ) -> Result<Self, crate::log::ReadError> {
        let tip = replay::replay(&log, Tip::start(defaults)).await?;
        let statistics = Arc::new(Statistics::default());
        statistics.applied(tip.position.seq);
        statistics.head_seen(tip.position.seq);
        let shared = Arc::new(Shared {
            private: log.is_private(),
            log,
            published: Published::new(tip),
            condition: Condition::default(),
            statistics,
            catching_up: tokio::sync::Mutex::new(()),
            defaults,
            options,
            opened: Instant::now(),
        });
        Ok(Self::start(shared))
    }

    fn start(shared: Arc<Shared>) -> Self {
        let (queue, waiting) = mpsc::channel(shared.options.queue.max(1));
        let (confirmations, asked) = mpsc::unbounded_channel();
        let (phase, watched) = watch::channel(Phase::Running);
        if !shared.private {
            tokio::spawn(Follower::new(shared.clone(), asked, watched.clone()).run());
        }
        let writer = Writer::new(shared.clone(), waiting, confirmations.clone(), watched);
        let writer = tokio::sync::Mutex::new(Some(tokio::spawn(writer.run())));
        Self { shared, handles: Arc::new(Handles { queue, confirmations, phase, writer }) }
    }

    /// The state that was published last, at once. Where others write too it may lack their latest: good for what
    /// never changes, such as the text of an id.
    pub fn snapshot(&self) -> Arc<State> {
        self.shared.published.state()
    }

    /// A state that holds every write that was acknowledged, by whichever registry, before this was called.
    pub async fn confirmed(&self) -> Result<Arc<State>, Unavailable> {
        if self.shared.is_fresh() {
            return Ok(self.snapshot());
        }
        follower::confirm(&self.handles.confirmations).await
    }

    /// Has the command decided and its records stored. Returns once they are durable and published.
    ///
    /// Dropping the future takes nothing back: the command may still be carried out.
    pub async fn submit<C: Command>(&self, command: C) -> Result<C::Outcome, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Asked::new(command, reply));
        match self.handles.queue.try_send(job) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.shared.statistics.overloaded();
                return Err(SubmitError::Overloaded);
            }
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(SubmitError::Unavailable(closing())),
        }
        match answer.await {
            Ok(answer) => answer,
            Err(_) => Err(SubmitError::OutcomeUnknown(closing())),
        }
    }

    /// Is the registry serving, and if not, why not?
    pub fn status(&self) -> Status {
        self.shared.condition.status()
    }

    /// What the engine has done so far.
    pub fn statistics(&self) -> Arc<Statistics> {
        self.shared.statistics.clone()
    }

    /// How many commands wait.
    pub fn queue_depth(&self) -> usize {
        self.handles.queue.max_capacity() - self.handles.queue.capacity()
    }

    /// How often a connection to the database was made anew.
    pub fn reconnects(&self) -> u64 {
        self.shared.log.reconnects()
    }

    /// Carries out what waits, refuses what comes, and lets go of the database.
    pub async fn close(&self) {
        self.shared.condition.stopped();
        self.handles.phase.send_replace(Phase::Draining);
        let writer = self.handles.writer.lock().await.take();
        if let Some(writer) = writer {
            if let Err(error) = writer.await {
                tracing::error!(%error, "the writer did not end well");
            }
            self.handles.phase.send_replace(Phase::Drained);
            self.shared.log.close().await;
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("head", &self.snapshot().head()).finish_non_exhaustive()
    }
}

impl Shared {
    /// May the snapshot answer as it is?
    fn is_fresh(&self) -> bool {
        self.private
            || (!self.options.max_staleness.is_zero()
                && self
                    .condition
                    .confirmed_at()
                    .is_some_and(|at| self.opened.elapsed() < at + self.options.max_staleness))
    }
}

fn closing() -> Unavailable {
    Unavailable("the registry is shutting down".into())
}
