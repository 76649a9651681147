//! Taking connections, and letting them end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{Limits, connection, farewell};
use crate::http::{ApiError, Limit, Observe as _};
use crate::metrics::Metrics;

/// How many connections may be turned away at the same time and told so; the rest are closed.
const TURNED_AWAY: usize = 64;

/// Files that are open beside the connections: those that are turned away, the database, its journal, the listener,
/// the standard streams.
const OTHER_FILES: usize = 64 + TURNED_AWAY;

/// After the system has refused a connection, because files or memory are short.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that takes connections.
pub(super) struct Listener {
    socket: TcpListener,
    limits: Limits,
    router: Router,
    metrics: Arc<Metrics>,
    /// A permit for each connection.
    permits: Arc<Semaphore>,
    /// A permit for each connection that is one too many.
    turned_away: Arc<Semaphore>,
    draining: watch::Sender<bool>,
}

impl Listener {
    pub(super) fn new(socket: TcpListener, limits: Limits, router: Router, metrics: Arc<Metrics>) -> Self {
        let permits = Arc::new(Semaphore::new(limits.connections));
        let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
        Self { socket, limits, router, metrics, permits, turned_away, draining: watch::Sender::new(false) }
    }

    /// Takes connections until `end`; then lets go of idle ones at once, and of the others when they have answered what
    /// they were asked, or the time is up.
    pub(super) async fn serve(self, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        loop {
            tokio::select! {
                () = &mut end => break,
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) => self.take(stream),
                    Err(error) => self.refused(&error).await,
                },
            }
        }
        let Self { socket, draining, permits, limits, .. } = self;
        drop(socket);
        draining.send_replace(true);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        if tokio::time::timeout(limits.shutdown_timeout, permits.acquire_many(all)).await.is_err() {
            let left = limits.connections - permits.available_permits();
            tracing::warn!(connections = left, "the time is up: connections are cut off");
        }
    }

    fn take(&self, stream: TcpStream) {
        // Answers are small, and nothing is gained by waiting for more.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection ended early");
            return;
        }
        match self.permits.clone().try_acquire_owned() {
            Ok(permit) => self.start(stream, permit),
            Err(_) => self.turn_away(stream),
        }
    }

    fn start(&self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let serving = connection::serve(
            stream,
            self.router.clone(),
            self.limits.clone(),
            self.metrics.clone(),
            self.draining.subscribe(),
        );
        let open = self.metrics.clone().connection_opened();
        tokio::spawn(async move {
            serving.await;
            drop((open, permit));
        });
    }

    /// One connection too many: it is told so, unless there are too many of those too.
    fn turn_away(&self, stream: TcpStream) {
        self.metrics.limited(Limit::Connections);
        let Ok(permit) = self.turned_away.clone().try_acquire_owned() else { return };
        let draining = self.draining.subscribe();
        tokio::spawn(async move {
            farewell::part(stream, Some(&ApiError::overloaded()), true, draining).await;
            drop(permit);
        });
    }

    async fn refused(&self, error: &io::Error) {
        let of_the_connection = matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionRefused
        );
        if !of_the_connection {
            tracing::error!(%error, "no connection can be taken");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// As many connections as wanted, or as the system lets this process open files.
pub(super) fn within_file_limit(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let needed = (wanted + OTHER_FILES) as u64;
    let current = limit.current.unwrap_or(u64::MAX);
    if current >= needed {
        return wanted;
    }
    let most = limit.maximum.unwrap_or(u64::MAX).min(needed);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum });
    let files = if raised.is_ok() { most } else { current };
    let possible = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(OTHER_FILES).clamp(1, wanted);
    if possible < wanted {
        tracing::warn!(wanted, possible, "the limit of open files allows fewer connections");
    }
    possible
}
