//! Schemas that the registry did not have a short while ago.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::client;
use crate::framing::SchemaRef;

/// How many are remembered. With more, all are forgotten: that costs some requests, and nothing else.
const MOST: usize = 1_000;

/// Schemas that the registry did not have a short while ago: those who come for them meanwhile do not ask again.
#[derive(Debug)]
pub(super) struct Missing {
    until: Mutex<HashMap<SchemaRef, (Instant, client::Error)>>,
    ttl: Duration,
}

impl Missing {
    pub(super) fn new(ttl: Duration) -> Self {
        Self { until: Mutex::default(), ttl }
    }

    /// What the registry said.
    pub(super) fn get(&self, schema: SchemaRef) -> Option<client::Error> {
        let mut until = self.lock();
        let (end, error) = until.get(&schema)?;
        if Instant::now() < *end {
            return Some(error.clone());
        }
        until.remove(&schema);
        None
    }

    pub(super) fn remember(&self, schema: SchemaRef, error: &client::Error) {
        // No time at all is no time.
        if self.ttl.is_zero() {
            return;
        }
        let now = Instant::now();
        let mut until = self.lock();
        if until.len() >= MOST {
            until.retain(|_, (end, _)| now < *end);
        }
        if until.len() >= MOST {
            until.clear();
        }
        until.insert(schema, (now + self.ttl, error.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SchemaRef, (Instant, client::Error)>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
