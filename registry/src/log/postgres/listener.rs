//! Hearing that another registry appended. It makes replicas follow quickly, and nothing depends on it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The name that appends are announced under.
pub(super) const CHANNEL: &str = "ottla_log";

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A connection on which nothing was heard for so long is tried.
const SILENCE: Duration = Duration::from_secs(60);

/// A task that listens on a connection of its own until this is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    task: JoinHandle<()>,
}

impl Listener {
    pub(super) fn start(options: PgConnectOptions, patience: Duration, notified: Arc<Notify>) -> Self {
        Self { task: tokio::spawn(listen_forever(options, patience, notified)) }
    }

    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn listen_forever(options: PgConnectOptions, patience: Duration, notified: Arc<Notify>) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match listen(&options, patience, &notified).await {
            Ok(()) => pause = SHORTEST_PAUSE,
            Err(error) => {
                tracing::debug!(%error, ?pause, "not listening for changes");
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        sleep(pause).await;
    }
}

/// Listens until the connection is lost. Fails if it cannot be made.
async fn listen(
    options: &PgConnectOptions,
    patience: Duration,
    notified: &Notify,
) -> Result<(), sqlx::Error> {
    let pool =
        PgPoolOptions::new().max_connections(1).acquire_timeout(patience).connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    subscribe(&mut listener, patience).await?;
    loop {
        // At first too: something may have been appended while nobody listened.
        notified.notify_one();
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(_))) => {}
            Ok(Ok(None)) | Ok(Err(_)) => return Ok(()),
            Err(_) if subscribe(&mut listener, patience).await.is_err() => return Ok(()),
            Err(_) => {}
        }
    }
}

/// Subscribing again changes nothing, and shows whether the connection is alive.
async fn subscribe(listener: &mut PgListener, patience: Duration) -> Result<(), sqlx::Error> {
    timeout(patience, listener.listen(CHANNEL)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
