//! A client of schema registries: Ottla's, Confluent's, and all that speak the same API.
//!
//! ```no_run
//! # async fn example() -> Result<(), ottla::client::Error> {
//! use std::time::Duration;
//!
//! use ottla::client::{Client, Schema};
//!
//! let client = Client::builder(["http://registry-a:8081", "http://registry-b:8081"])
//!     .basic_auth("orders", "secret")
//!     .deadline(Duration::from_secs(10))
//!     .build()?;
//!
//! let schema = Schema::avro(r#"{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}"#);
//! let registered = client.register("orders-value", &schema).await?;
//! let stored = client.schema_by_id(registered.id, Some("orders-value")).await?;
//! println!("{} is {}", registered.id, stored.schema.text);
//!
//! match client.latest("payments-value").await {
//!     Err(error) if error.is_not_found() => println!("nothing yet: {error}"),
//!     latest => println!("version {}", latest?.version),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Where requests go
//!
//! To the URL that answered last. If it does not answer, or says that it is in trouble (5xx, 408, 429), to the next one; when
//! all have failed, after a pause of random length, to all again, until the tries or the time are used up ([`Builder`]). What
//! must not happen twice is not sent again once it may have taken place: deletions, and registrations that ask for a new
//! version whatever there is. Redirects are not followed: they would take credentials to places that nobody named.
//!
//! # What is kept
//!
//! [`Client::schema_by_id`] and [`Client::schema_by_guid`] keep what they fetch, as it never changes, within bounds. That
//! there is no such schema is remembered for a second. Many who want the same thing at once make one request. All
//! else is asked for each time, but for [`Client::latest`] where [`Builder::latest_ttl`] says otherwise.
//!
//! # Transports
//!
//! Requests go over HTTP (feature `client`), or to a registry within the process (feature `testing`): whatever implements
//! [`Transport`].
//!
//! The feature `client` takes `reqwest` without a provider of cryptography of its own. This client uses the one that the
//! program has installed, else `ring`. Another part of the program that builds a `reqwest::Client` without choosing TLS, and
//! whose features of `reqwest` bring no provider either, has to install one when the program starts:
//! `rustls::crypto::ring::default_provider().install_default()`.
//!
//! ```text
//! builder.rs     settings                      send.rs        fail-over, retries, deadlines
//! transport.rs   what carries requests         http.rs        over HTTP
//! call.rs        requests being put together   error.rs       why not
//! store.rs       what is kept, and asked for once by many who want it;  lru.rs  how much of it
//! subject.rs schema.rs metadata.rs settings.rs options.rs              what is sent and what comes back
//! schemas.rs subjects.rs versions.rs compatibility.rs configs.rs contexts.rs associations.rs server.rs    the calls
//! references.rs  what a schema refers to
//! ```

mod associations;
mod auth;
mod builder;
mod call;
mod compatibility;
mod configs;
mod contexts;
mod error;
#[cfg(feature = "client")]
mod http;
mod lru;
mod metadata;
mod open_enum;
mod options;
mod references;
mod schema;
mod schemas;
mod send;
mod server;
mod settings;
mod store;
pub(crate) mod subject;
mod subjects;
mod transport;
mod versions;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use associations::{Association, AssociationFilter};
pub use builder::Builder;
pub use compatibility::Compatibility;
pub use error::{Asked, Attempt, AttemptError, Error, Refusal, Unexpected, Unreachable};
pub use metadata::{Metadata, Rule, RuleKind, RuleMode, RuleSet};
pub use options::{
    CheckOptions, Deleted, Deletion, HolderFilter, IdQuery, LookUpOptions, Page, RegisterOptions,
    SchemaFilter, SubjectFilter, TagsUpdate, Version, VersionFilter, VersionQuery,
};
pub use ottla_formats::Guid;
pub use ottla_formats::compatibility::Level;
pub use references::{MAX_REFERENCE_DEPTH, MAX_REFERENCED_BYTES, MAX_REFERENCES, ReferenceError};
pub use schema::{
    ContextId, EntityType, ListedSchema, Reference, RegisteredSchema, Registration, Schema, SchemaEntity,
    SchemaTags, SchemaType, StoredSchema, SubjectVersion, Text,
};
pub use server::{ClusterId, ServerVersion};
pub use settings::{Change, Config, ConfigUpdate, Mode, Scope};
pub use transport::{BoxFuture, Method, Request, Response, Transport, TransportError};

pub(crate) use builder::Settings;
use schemas::Key;
use send::Sender;
use store::Store;

/// The number of a schema: within a context, and within a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaId(pub u32);

/// A client of one registry, which may have several URLs. Clones share connections and what is kept.
#[derive(Clone)]
pub struct Client {
    sender: Arc<Sender>,
    schemas: Arc<Store<Key, StoredSchema>>,
    latest: Arc<Store<String, RegisteredSchema>>,
}

impl Client {
    /// A client of one URL, in the usual settings: `http[s]://[user:password@]host[:port][/prefix]`.
    ///
    /// # Errors
    /// [`Error::Settings`] if it is no such URL.
    #[cfg(feature = "client")]
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::builder([url]).build()
    }

    /// A client of a registry that has several URLs.
    #[cfg(feature = "client")]
    pub fn builder<U: AsRef<str>>(urls: impl IntoIterator<Item = U>) -> Builder {
        Builder::with_urls(urls)
    }

    /// A client over transports of whatever kind, one for each place where the registry is.
    pub fn over(transports: impl IntoIterator<Item = Arc<dyn Transport>>) -> Builder {
        Builder::with_transports(transports)
    }

    /// Where the registry is, for people to read: its URLs, without credentials.
    pub fn urls(&self) -> Vec<&str> {
        self.sender.urls()
    }

    pub(crate) fn with_settings(transports: Vec<Arc<dyn Transport>>, settings: Settings) -> Self {
        let (most, heaviest) = (settings.cached_schemas, settings.cached_bytes);
        let schemas = Store::new(most, heaviest, None, settings.missing_ttl);
        let latest = Store::new(most, heaviest, Some(settings.latest_ttl), Duration::ZERO);
        Self { sender: Arc::new(Sender::new(transports, settings)), schemas, latest }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sender.fmt(f)
    }
}

impl fmt::Display for SchemaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<u32> for SchemaId {
    fn from(id: u32) -> Self {
        Self(id)
    }
}
