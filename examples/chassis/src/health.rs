//! Is the service alive, is it ready, and if not, why.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Everything that has to be well for the service to be ready. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    checks: Mutex<Vec<Check>>,
    ending: AtomicBool,
}

/// One thing that has to be well. Whoever knows about it says how it is; clones share it.
#[derive(Debug, Clone)]
pub struct Check(Arc<State>);

#[derive(Debug)]
struct State {
    name: &'static str,
    is_well: AtomicBool,
    trouble: Mutex<Option<String>>,
}

impl Health {
    /// Nothing to check yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more thing to check, which is not well until somebody says so.
    pub fn check(&self, name: &'static str) -> Check {
        let trouble = Mutex::new(Some("not known yet".to_owned()));
        let check = Check(Arc::new(State { name, is_well: AtomicBool::new(false), trouble }));
        lock(&self.0.checks).push(check.clone());
        check
    }

    /// The service is about to end: nothing new is to be sent to it.
    pub fn end(&self) {
        self.0.ending.store(true, Relaxed);
    }

    /// What is not well, by name. If nothing, the service is ready.
    pub fn troubles(&self) -> BTreeMap<&'static str, String> {
        let checks = lock(&self.0.checks);
        let mut troubles: BTreeMap<_, _> =
            checks.iter().filter_map(|check| Some((check.0.name, check.trouble()?))).collect();
        if self.0.ending.load(Relaxed) {
            troubles.insert("service", "it is about to end".to_owned());
        }
        troubles
    }
}

impl Check {
    /// All is well.
    pub fn well(&self) {
        // Often said, seldom new.
        if !self.0.is_well.load(Relaxed) {
            let mut trouble = lock(&self.0.trouble);
            *trouble = None;
            if !self.0.is_well.swap(true, Relaxed) {
                tracing::info!(check = self.0.name, "well");
            }
        }
    }

    /// Something is not well. It is logged when it begins, and when the reason changes.
    pub fn ill(&self, reason: impl Into<String>) {
        let reason = reason.into();
        let mut trouble = lock(&self.0.trouble);
        self.0.is_well.store(false, Relaxed);
        if trouble.as_ref() != Some(&reason) {
            tracing::warn!(check = self.0.name, reason, "not well");
            *trouble = Some(reason);
        }
    }

    /// Is all well?
    pub fn is_well(&self) -> bool {
        self.0.is_well.load(Relaxed)
    }

    /// What is not.
    pub fn trouble(&self) -> Option<String> {
        lock(&self.0.trouble).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn ready_once_all_is_well_and_until_the_end() {
        let health = Health::new();
        let (kafka, schema) = (health.check("kafka"), health.check("schema"));
        assert_eq!(health.troubles().len(), 2);
        kafka.well();
        schema.ill("the registry is away");
        assert_eq!(
            health.troubles().into_iter().collect::<Vec<_>>(),
            [("schema", "the registry is away".to_owned())]
        );
        schema.well();
        assert!(health.troubles().is_empty() && schema.is_well());
        kafka.ill("no answer");
        assert!(!kafka.is_well() && health.troubles().contains_key("kafka"));
        kafka.well();
        health.end();
        assert_eq!(health.troubles().into_keys().collect::<Vec<_>>(), ["service"]);
    }
}
