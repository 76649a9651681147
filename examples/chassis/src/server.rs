//! HTTP: connections with limits, and their end.
//!
//! `axum::serve` is shorter, but waits for ever for who never sends the head of a request.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use clap::Args;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::values::{count, duration, some_time};

/// Flags for HTTP.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Options {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", help_heading = "HTTP")]
    pub listen: String,
    /// Connections at the same time; more have to wait
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = count, help_heading = "HTTP")]
    pub max_connections: usize,
    /// How long the head of a request may take, and how long an idle connection is kept
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = some_time, help_heading = "HTTP")]
    pub header_timeout: Duration,
    /// How long requests are still taken once the service is asked to end and says that it is not ready any more
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration, help_heading = "HTTP")]
    pub drain_delay: Duration,
    /// How long requests under way may then take to end
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = duration, help_heading = "HTTP")]
    pub shutdown_timeout: Duration,
}

/// A socket that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    options: Options,
}

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// If it cannot be had.
    pub async fn bind(options: &Options) -> io::Result<Self> {
        let listener = TcpListener::bind(&options.listen).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {}: {error}", options.listen))
        })?;
        Ok(Self { listener, options: options.clone() })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` comes, then takes no more connections, and lets requests under way end.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()>) {
        let Self { listener, options } = self;
        let places = Arc::new(Semaphore::new(options.max_connections));
        let (ending, is_ending) = watch::channel(false);
        let mut stop = pin!(stop);
        loop {
            let accepted = async {
                // The semaphore is never closed; without a place there would be no limit, that is all.
                let place = places.clone().acquire_owned().await.ok();
                (listener.accept().await, place)
            };
            let (accepted, place) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let serving =
                        connection(stream, router.clone(), options.header_timeout, is_ending.clone());
                    tokio::spawn(async move {
                        serving.await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop((listener, is_ending));
        ending.send_replace(true);
        // Each connection holds a receiver until its end.
        if tokio::time::timeout(options.shutdown_timeout, ending.closed()).await.is_err() {
            tracing::warn!(connections = ending.receiver_count(), "requests are cut off, their time is up");
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    header_timeout: Duration,
    mut is_ending: watch::Receiver<bool>,
) {
    // It fails if the other side is gone, as reading from it then does.
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_timeout);
    // A request goes on to its end, which has a limit, whether its client waits or not. To look out for clients that have gone
    // would cost another buffer and another read for every request.
    http.half_close(true);
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    let ending = async {
        // Nobody to say so is the end, too.
        let _ = is_ending.wait_for(|is_ending| *is_ending).await;
    };
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = ending => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection failed");
    }
}
