//! A signal ends a table between two steps, so that servers are ended and folders removed; a second one at once.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};

use crate::client::block_on;
use crate::error::Error;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens for SIGINT and SIGTERM from now on.
pub(crate) fn listen() -> Result<(), Error> {
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(|| block_on(wait()))
        .map_err(Error::io("a thread for signals"))?;
    Ok(())
}

async fn wait() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    loop {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("ottla-load: ending after this step; once more ends at once");
    }
}

/// An error once a signal came.
pub(crate) fn check() -> Result<(), Error> {
    if ASKED.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
}
