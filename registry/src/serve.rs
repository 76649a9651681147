//! The server: from an open database to the last answer.
//!
//! ```text
//! listener.rs     taking connections, and letting them end
//! connection.rs   one connection: HTTP/1.1, with limits, answered in the registry's shape
//! wire.rs         the bytes of a connection: what hyper answers by itself is put into that shape
//! strict.rs       what two servers might read differently is refused
//! incoming.rs farewell.rs   how much of a request was read, and how a connection ends
//! operations.rs   /health/live, /health/ready, /metrics, and the API behind them
//! ```

mod connection;
mod farewell;
mod incoming;
mod listener;
mod operations;
mod strict;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::domain::Defaults;
use crate::engine::{self, Database, Engine, OpenError};
use crate::http::{App, Service, Settings};
use crate::metrics::Metrics;
use listener::Listener;

/// Everything that can be set about a server.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What holds where nothing is set.
    pub defaults: Defaults,
    /// The engine.
    pub engine: engine::Options,
    /// The HTTP layer.
    pub http: Settings,
    /// Connections.
    pub limits: Limits,
}

/// Limits of connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time.
    pub connections: usize,
    /// How long the head of a request may take, and how long an idle connection is kept.
    pub header_timeout: Duration,
    /// How long a client may take to accept more of an answer.
    pub answer_timeout: Duration,
    /// How long requests under way may take to end once the server is asked to.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            header_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its database cannot be used.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// Its address cannot be used.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The system does not tell it when to end.
    #[error("cannot listen to signals: {0}")]
    Signals(io::Error),
}

/// Opens the database, listens, and serves until SIGTERM or SIGINT; then carries out what is under way.
///
/// `listening` is called with the address once requests are answered.
pub async fn run(
    database: &Database,
    address: SocketAddr,
    config: Config,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    let Config { defaults, engine, http, mut limits } = config;
    limits.connections = listener::within_file_limit(limits.connections);
    // The address is taken before the database is touched, but nobody is let in before everything can be answered.
    let failed = |error| StartError::Listen(address, error);
    let socket = bind(address).map_err(failed)?;
    let mut signals = Signals::listen().map_err(StartError::Signals)?;
    let engine = tokio::select! {
        opened = Engine::open(database, defaults, engine) => Arc::new(opened?),
        () = signals.asked_to_end() => return Ok(()),
    };

    let metrics = Arc::new(Metrics::new());
    let app = Arc::new(App::new(engine.clone(), http, metrics.clone()));
    let router = operations::router(app.clone(), Service::new(app), metrics.clone());
    let socket = socket.listen(BACKLOG).map_err(failed)?;
    let bound = socket.local_addr().map_err(failed)?;
    tracing::info!(%database, head = engine.snapshot().head(), "the log is read");
    if is_exposed(bound) {
        tracing::warn!(
            address = %bound,
            "listening beyond this machine without authentication or TLS: whoever reaches the port can change everything"
        );
    }
    listening(bound);

    Listener::new(socket, limits, router, metrics).serve(signals.asked_to_end()).await;
    engine.close().await;
    tracing::info!("ended");
    Ok(())
}

/// How many connections may wait to be taken. The system may allow fewer.
const BACKLOG: u32 = 4096;

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that starts again may take the port while old connections still fade away.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Can other machines reach it?
fn is_exposed(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}

/// The signals that end the server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt })
    }

    async fn asked_to_end(&mut self) {
        let name = tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        };
        tracing::info!("{name}: ending once the requests under way are answered");
    }
}

#[cfg(test)]
mod tests {
    use super::is_exposed;

    #[test]
    fn only_the_loopback_is_not_exposed() {
        for (address, expected) in [
            ("127.0.0.1:8081", false),
            ("127.0.0.2:8081", false),
            ("[::1]:8081", false),
            ("[::ffff:127.0.0.1]:8081", false),
            ("0.0.0.0:8081", true),
            ("[::]:8081", true),
            ("10.0.0.1:8081", true),
        ] {
            assert_eq!(is_exposed(address.parse().expect("an address")), expected, "{address}");
        }
    }
}
