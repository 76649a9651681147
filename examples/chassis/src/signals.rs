//! Being asked to end.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT, from now on.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens to them: neither ends the process by itself any more.
    ///
    /// # Errors
    /// If the system does not allow it.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits until the process is asked to end.
    pub async fn asked_to_end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => tracing::info!("asked to end (SIGTERM)"),
            _ = self.interrupt.recv() => tracing::info!("asked to end (SIGINT)"),
        }
    }
}
