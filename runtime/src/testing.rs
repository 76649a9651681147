//! A registry within the process, for tests of services that need one.
//!
//! ```
//! # async fn example() -> Result<(), ottla::client::Error> {
//! use ottla::client::Schema;
//! use ottla::testing::{Fault, Registry};
//!
//! let registry = Registry::new();
//! let client = registry.client();
//! let schema = Schema::avro(r#"{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}"#);
//! let registered = client.register("orders-value", &schema).await?;
//! assert_eq!(client.latest("orders-value").await?.id, registered.id);
//!
//! // A registry that has trouble for a while is asked again.
//! registry.fail_next(1, Fault::Status(503));
//! assert_eq!(client.versions("orders-value").await?, [1]);
//! assert_eq!(registry.requests("GET /subjects/{subject}/versions"), 2);
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(example()).unwrap();
//! ```
//!
//! It takes Avro schemas, and answers as `ottla serve` does: canonical texts, ids, content hashes, versions, references, look-ups,
//! compatibility, deletions, contexts, metadata, with the same codes and messages. Held to the same recorded exchanges, but
//! for this:
//!
//! * Of settings it knows `compatibility` and `normalize`, of modes READWRITE and READONLY; others are refused with 501.
//! * Tags, aliases and associations are not there.
//! * Rule sets are kept as they come, and not judged.
//! * Messages about invalid schemas (42201) say what is wrong, without the request in Java's words.
//! * Bodies are read as plain JSON, without Jackson's coercions, and media types do not matter.
//!
//! ```text
//! request.rs routes.rs   what is asked, and who answers   faults.rs   what goes wrong on purpose
//! state.rs               what is held                     refusal.rs entity.rs   what is answered
//! proposal.rs register.rs compatibility.rs delete.rs settings.rs modes.rs listing.rs   the answers
//! ```

mod compatibility;
mod delete;
mod entity;
mod faults;
mod listing;
mod modes;
mod proposal;
mod refusal;
mod register;
mod request;
mod routes;
mod settings;
mod state;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

use crate::client::{BoxFuture, Client, Request, Response, Schema, SchemaId, Transport, TransportError};
pub use faults::Fault;
use faults::Faults;
use refusal::Refusal;
use request::{Answer, Asked};
use state::State;

/// A registry that lives as long as someone holds it. Clones are the same registry.
#[derive(Clone, Default)]
pub struct Registry(Arc<Inner>);

#[derive(Default)]
struct Inner {
    name: String,
    state: Mutex<State>,
    faults: Mutex<Faults>,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::named("test-registry")
    }

    /// An empty registry by whatever name errors are to show for it.
    pub fn named(name: &str) -> Self {
        Self(Arc::new(Inner { name: name.to_owned(), ..Inner::default() }))
    }

    /// A client of it, in the usual settings.
    pub fn client(&self) -> Client {
        Client::with_settings(vec![self.transport()], crate::client::Settings::default())
    }

    /// What [`Client::over`] takes: for clients in other settings, or of several registries.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    /// Registers a schema before a test begins; faults do not count.
    ///
    /// # Panics
    /// If it is refused.
    #[track_caller]
    pub fn add(&self, subject: &str, schema: &Schema) -> SchemaId {
        let body = serde_json::to_vec(schema).unwrap_or_default();
        let asked = Asked { names: vec![subject.to_owned()], query: Vec::new(), body: body.into() };
        let registered = register::register(&mut self.state(), &asked);
        let id = match &registered {
            Ok(Answer::Json(registered)) => registered["id"].as_u64().and_then(|id| u32::try_from(id).ok()),
            _ => None,
        };
        match id {
            Some(id) => SchemaId(id),
            None => panic!("{subject}: {registered:?}"),
        }
    }

    /// Lets the next requests fail.
    pub fn fail_next(&self, times: usize, fault: Fault) {
        self.faults().add(None, times, fault);
    }

    /// Lets the next requests to one route fail, such as `GET /schemas/ids/{id}`.
    ///
    /// # Panics
    /// If there is no such route.
    #[track_caller]
    pub fn fail_next_at(&self, route: &str, times: usize, fault: Fault) {
        self.faults().add(Some(routes::known(route)), times, fault);
    }

    /// Lets all requests take so long from now on.
    pub fn delay(&self, delay: Duration) {
        self.faults().delay = delay;
    }

    /// How many requests came in.
    pub fn all_requests(&self) -> usize {
        self.faults().counts.values().sum()
    }

    /// How many requests came to a route, such as `GET /schemas/ids/{id}`, those that failed included.
    ///
    /// # Panics
    /// If there is no such route.
    #[track_caller]
    pub fn requests(&self, route: &str) -> usize {
        self.faults().counts.get(routes::known(route)).copied().unwrap_or_default()
    }

    /// How many requests came to each route that was asked; those that have no route under `other`.
    pub fn requests_by_route(&self) -> BTreeMap<&'static str, usize> {
        self.faults().counts.clone()
    }

    /// Counts from zero again.
    pub fn forget_requests(&self) {
        self.faults().counts.clear();
    }

    async fn answer(&self, request: Request) -> Result<Response, TransportError> {
        let route = routes::find(request.method, &request.target);
        let (delay, fault) = self.faults().next(route.as_ref().map_or("other", |(route, _)| route.name));
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        match fault {
            Some(Fault::Connection) => {
                return Err(TransportError::Connect("a fault of the test's".to_owned()));
            }
            Some(Fault::Status(status)) => return Ok(failure(status)),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Lost) | None => {}
        }
        let answer = match route {
            Some((route, names)) => {
                let asked = Asked::new(names, &request.target, request.body.unwrap_or_default());
                (route.handler)(&mut self.state(), &asked)
            }
            None => Err(Refusal::no_route()),
        };
        if fault == Some(Fault::Lost) {
            return Err(TransportError::Lost("a fault of the test's".to_owned()));
        }
        let response = request::response(answer);
        if response.body.len() > request.body_limit {
            return Err(TransportError::TooLong { limit: request.body_limit });
        }
        Ok(response)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Registry {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.answer(request))
    }
}

fn failure(status: u16) -> Response {
    let body = json!({"error_code": status, "message": "a fault of the test's"});
    Response { status, headers: Vec::new(), body: body.to_string().into() }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({})", self.0.name)
    }
}
