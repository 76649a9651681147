//! Is the registry serving?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

/// Is the registry serving, and what troubles it?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Can it answer everything? If not, it still answers what never changes.
    pub ready: bool,
    /// What is wrong. A registry may be ready and yet in trouble, as when its disk is full: it reads, but cannot write.
    pub trouble: Option<Arc<str>>,
}

/// The status as it develops; changes are logged once.
#[derive(Debug)]
pub(super) struct Condition {
    reading: ArcSwap<Option<Arc<str>>>,
    writing: ArcSwap<Option<Arc<str>>>,
    /// When the head was last confirmed, in microseconds since the engine was opened, plus one; 0 before.
    confirmed_at: AtomicU64,
    stopped: AtomicBool,
}

impl Default for Condition {
    fn default() -> Self {
        let (confirmed_at, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { reading: ArcSwap::default(), writing: ArcSwap::default(), confirmed_at, stopped }
    }
}

impl Condition {
    pub(super) fn status(&self) -> Status {
        if self.stopped.load(Ordering::Relaxed) {
            return Status { ready: false, trouble: Some("the registry is shutting down".into()) };
        }
        let reading = self.reading.load();
        let trouble = reading.as_ref().clone().or_else(|| self.writing.load().as_ref().clone());
        Status { ready: reading.is_none(), trouble }
    }

    /// The database does not answer.
    pub(super) fn reading_failed(&self, why: &Arc<str>) {
        if self.reading.load().as_ref().is_none() {
            tracing::warn!(reason = %why, "not ready");
        }
        self.reading.store(Arc::new(Some(why.clone())));
    }

    /// The head was confirmed as it was at a time after the engine was opened.
    pub(super) fn confirmed(&self, at: Duration) {
        if self.reading.load().is_some() {
            tracing::info!("ready again");
            self.reading.store(Arc::default());
        }
        let at = u64::try_from(at.as_micros()).unwrap_or(u64::MAX).saturating_add(1);
        self.confirmed_at.fetch_max(at, Ordering::Relaxed);
    }

    pub(super) fn confirmed_at(&self) -> Option<Duration> {
        let at = self.confirmed_at.load(Ordering::Relaxed).checked_sub(1);
        at.filter(|_| self.reading.load().is_none()).map(Duration::from_micros)
    }

    /// The database takes no writes.
    pub(super) fn writing_failed(&self, why: &str) {
        if self.writing.load().as_deref() != Some(why) {
            tracing::error!(reason = why, "a write failed");
            self.writing.store(Arc::new(Some(why.into())));
        }
    }

    /// It took one.
    pub(super) fn wrote(&self) {
        if self.writing.load().is_some() {
            tracing::info!("writing again");
            self.writing.store(Arc::default());
        }
    }

    /// The engine is being closed.
    pub(super) fn stopped(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}
