//! The REST API.
//!
//! ```text
//! routes.rs      the routing table: every route, its methods, and what each does
//! service.rs     what happens to a request: target, route, media types, limits, body, handler, answer
//! target.rs      the request target: what is refused, decoded, rewritten (`/contexts/{ctx}/...`)
//! media.rs query.rs body/ call.rs proposal.rs     what a request says
//! root.rs subjects.rs versions.rs schemas.rs compatibility.rs config.rs mode.rs contexts.rs associations.rs
//! entity/ reply.rs text.rs error.rs request_id.rs   what an answer says; error.rs alone knows codes
//! settings.rs limits.rs observe.rs                  limits, and who counts
//! ```

mod associations;
mod body;
mod call;
mod compatibility;
mod config;
mod contexts;
mod entity;
pub mod error;
mod limits;
mod media;
mod mode;
mod observe;
mod proposal;
mod query;
mod reply;
mod request_id;
mod root;
pub mod routes;
mod schemas;
mod service;
mod settings;
mod subjects;
mod target;
mod text;
mod versions;

use std::sync::Arc;

pub use error::ApiError;
pub use media::MEDIA_TYPE;
pub use observe::{Limit, Observe};
pub use reply::Body;
pub use service::Service;
pub use settings::Settings;

use crate::engine::Engine;
use limits::Gauge;

/// What all requests share.
pub struct App {
    engine: Arc<Engine>,
    settings: Settings,
    observe: Arc<dyn Observe>,
    requests: Gauge,
    body_memory: Gauge,
}

impl App {
    /// Puts the parts together.
    pub fn new(engine: Arc<Engine>, settings: Settings, observe: Arc<dyn Observe>) -> Self {
        let requests = Gauge::new(settings.max_requests);
        let body_memory = Gauge::new(settings.max_body_memory);
        Self { engine, settings, observe, requests, body_memory }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// How many requests are under way.
    pub fn requests_under_way(&self) -> usize {
        self.requests.used()
    }

    /// How many bytes of request bodies and large answers are held.
    pub fn body_memory(&self) -> usize {
        self.body_memory.used()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}
