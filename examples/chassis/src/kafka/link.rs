//! Is the broker there?
//!
//! A client does not say so by itself: it keeps records, and tries. A service that goes on taking orders meanwhile promises
//! what it may not be able to keep, so it wants to know.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::error::KafkaError;

use crate::health::Check;

/// How often a broker that gave no sign of life is asked for one.
const EVERY: Duration = Duration::from_secs(1);

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known about the connection to the cluster. Clones share it.
#[derive(Debug, Clone)]
pub struct Link(Arc<Known>);

#[derive(Debug)]
struct Known {
    check: Check,
    begin: Instant,
    /// When the last sign of life came, in milliseconds since the beginning.
    last_sign: AtomicU64,
}

/// A thread that asks; it ends with this value, after the question that it is at.
#[derive(Debug)]
#[must_use = "nobody asks any more once it is dropped"]
pub struct Watch(#[expect(dead_code, reason = "what counts is that it is dropped")] Sender<()>);

impl Link {
    /// Nothing is known yet.
    pub fn new(check: Check) -> Self {
        Self(Arc::new(Known { check, begin: Instant::now(), last_sign: AtomicU64::new(0) }))
    }

    /// The cluster has done something, such as acknowledged a record.
    pub fn sign_of_life(&self) {
        self.0.last_sign.store(self.now(), Relaxed);
        self.0.check.well();
    }

    /// Did the cluster answer when it was heard of last?
    pub fn is_up(&self) -> bool {
        self.0.check.is_well()
    }

    /// Keeps asking for a sign of life while none comes by itself. `ask` is told how long it may wait.
    ///
    /// # Errors
    /// If there can be no thread.
    pub fn watch(
        &self,
        ask: impl Fn(Duration) -> Result<(), KafkaError> + Send + 'static,
    ) -> std::io::Result<Watch> {
        let (watch, dropped) = channel::<()>();
        let link = self.clone();
        thread::Builder::new().name("kafka link".to_owned()).spawn(move || {
            loop {
                link.ask(&ask);
                if !matches!(dropped.recv_timeout(EVERY), Err(std::sync::mpsc::RecvTimeoutError::Timeout)) {
                    return;
                }
            }
        })?;
        Ok(Watch(watch))
    }

    fn ask(&self, ask: &impl Fn(Duration) -> Result<(), KafkaError>) {
        let before = self.0.last_sign.load(Relaxed);
        let every = u64::try_from(EVERY.as_millis()).unwrap_or(u64::MAX);
        if self.is_up() && self.now().saturating_sub(before) < every {
            return;
        }
        match ask(PATIENCE) {
            Ok(()) => self.sign_of_life(),
            // A sign may have come meanwhile, which says more than a question that was lost.
            Err(_) if self.0.last_sign.load(Relaxed) > before => {}
            Err(error) => self.0.check.ill(format!("the broker does not answer: {error}")),
        }
    }

    fn now(&self) -> u64 {
        // 0 is for no sign yet.
        u64::try_from(self.0.begin.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }
}
