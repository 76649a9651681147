//! A registry that is being asked: so many things at once, and nothing more once it is away.

use std::sync::OnceLock;

use ottla::client::{Client, Config, Error, Level, Scope};
use tokio::runtime;
use tokio::sync::Semaphore;

use super::AT_ONCE;
use super::parse::Known;
use super::trouble::Trouble;

/// A registry that is being asked.
#[derive(Debug)]
pub(in crate::cli) struct Registry {
    pub(in crate::cli) client: Client,
    permits: Semaphore,
    /// What was said when nobody answered: who asks a thousand things does not wait a thousand times.
    away: OnceLock<String>,
    /// What was fetched because others refer to it.
    pub(super) known: Known,
}

impl Registry {
    /// Nothing is asked yet.
    pub(in crate::cli) fn new(client: Client) -> Self {
        Self { client, permits: Semaphore::new(AT_ONCE), away: OnceLock::new(), known: Known::default() }
    }

    /// Where it is, without credentials.
    pub(in crate::cli) fn url(&self) -> String {
        self.client.urls().join(",")
    }

    /// Waits for an answer once it is this call's turn.
    pub(in crate::cli) async fn ask<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Trouble> {
        let _permit = self.permits.acquire().await;
        if let Some(words) = self.away.get() {
            return Err(Trouble::Said(words.clone()));
        }
        call.await.map_err(|error| {
            let trouble = Trouble::from(error);
            if trouble.is_away() {
                let _ = self.away.set(trouble.to_string());
            }
            trouble
        })
    }

    /// The same, where there may be none.
    pub(in crate::cli) async fn find<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, Trouble> {
        match self.ask(call).await {
            Err(Trouble::Registry(error)) if error.is_not_found() => Ok(None),
            found => found.map(Some),
        }
    }

    /// The settings that hold for a subject, and the level among them.
    pub(in crate::cli) async fn config(&self, subject: &str) -> Result<(Config, Level), Trouble> {
        let config = match self.find(self.client.effective_config(subject)).await? {
            Some(config) => config,
            // Older registries know no other way.
            None => self.ask(self.client.effective_config(Scope::Global)).await?,
        };
        match config.compatibility_level {
            Some(level) => Ok((config, level)),
            None => Err(Trouble::Said(format!(
                "{} does not say which compatibility level holds for {subject}: is it a schema registry?",
                self.url()
            ))),
        }
    }

    /// What is told of something that went wrong. What was cut short because another call found nobody there says the same.
    pub(in crate::cli) fn told(&self, trouble: Trouble) -> String {
        trouble.to_string()
    }
}

/// Waits for something on this thread.
pub(in crate::cli) fn run<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| error.to_string())?.block_on(future))
}
