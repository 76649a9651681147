//! A registry of a few fixed answers, and what it was asked.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ottla::client::{BoxFuture, Client, Request, Response, Transport, TransportError};
use serde_json::{Value, json};

/// Status, body and media type.
pub(super) type Reply = (u16, String, &'static str);

#[derive(Clone)]
pub(super) struct Double(Arc<Inner>);

#[derive(Clone)]
struct Parts {
    config: Value,
    versions: BTreeMap<i32, Value>,
    answers: BTreeMap<String, Reply>,
    is_away: bool,
}

struct Inner {
    parts: Parts,
    seen: Mutex<Vec<(String, String)>>,
}

/// A record with fields of these names, which have defaults.
pub(super) fn record(fields: &str) -> String {
    let field = |name| format!(r#"{{"name":"{name}","type":"int","default":0}}"#);
    let fields: Vec<String> = fields.split_whitespace().map(field).collect();
    format!(r#"{{"type":"record","name":"Order","fields":[{}]}}"#, fields.join(","))
}

pub(super) fn text(body: &str) -> Reply {
    (200, body.to_owned(), "application/vnd.schemaregistry.v1+json")
}

pub(super) fn reply(status: u16, code: i32, message: &str) -> Reply {
    (status, json!({"error_code": code, "message": message}).to_string(), "application/json")
}

impl Double {
    /// A subject `orders` with these versions.
    pub(super) fn new(level: &str, versions: impl IntoIterator<Item = (i32, String)>) -> Self {
        let version = |(number, text): (i32, String)| {
            (number, json!({"subject": "orders", "version": number, "id": 100 + number, "schema": text}))
        };
        let versions = versions.into_iter().map(version).collect();
        let config = json!({"compatibilityLevel": level});
        Self::of(Parts { config, versions, answers: BTreeMap::new(), is_away: false })
    }

    fn of(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, seen: Mutex::default() }))
    }

    fn with(&self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = self.0.parts.clone();
        change(&mut parts);
        Self::of(parts)
    }

    pub(super) fn level(&self, level: &str) -> Self {
        self.config(json!({"compatibilityLevel": level}))
    }

    pub(super) fn config(&self, config: Value) -> Self {
        self.with(|parts| parts.config = config)
    }

    pub(super) fn metadata(&self, number: i32, metadata: Value) -> Self {
        self.with(|parts| parts.versions.get_mut(&number).expect("a version")["metadata"] = metadata)
    }

    /// All versions refer to these.
    pub(super) fn refers(&self, references: Value) -> Self {
        self.with(|parts| parts.versions.values_mut().for_each(|v| v["references"] = references.clone()))
    }

    /// Answers a method and target with something else.
    pub(super) fn answer(&self, call: &str, reply: Reply) -> Self {
        self.with(|parts| drop(parts.answers.insert(call.to_owned(), reply)))
    }

    /// No connection comes about.
    pub(super) fn away(&self) -> Self {
        self.with(|parts| parts.is_away = true)
    }

    pub(super) fn client(&self) -> Client {
        let pause = Duration::from_millis(1);
        let transports: [Arc<dyn Transport>; 1] = [Arc::new(self.clone())];
        Client::over(transports).tries(2).pauses(pause, pause).json_only().build().expect("a client")
    }

    /// Methods and targets of all requests.
    pub(super) fn seen(&self) -> Vec<String> {
        self.0.seen.lock().expect("no test has failed").iter().map(|(call, _)| call.clone()).collect()
    }

    pub(super) fn bodies(&self) -> Vec<String> {
        self.0.seen.lock().expect("no test has failed").iter().map(|(_, body)| body.clone()).collect()
    }

    fn reply(&self, call: &str) -> Reply {
        let Parts { config, versions, answers, .. } = &self.0.parts;
        if let Some(reply) = answers.get(call) {
            return reply.clone();
        }
        let numbers: Vec<&i32> = versions.keys().collect();
        let latest = versions.values().next_back().expect("a version");
        match call {
            "GET /config/orders?defaultToGlobal=true" => text(&config.to_string()),
            "GET /subjects/orders/versions" => text(&json!(numbers).to_string()),
            "GET /subjects/orders/versions/latest" => text(&latest.to_string()),
            call if call.starts_with("POST /compatibility/subjects/orders/versions") => {
                text(r#"{"is_compatible":true,"messages":[]}"#)
            }
            call => {
                let number = call.strip_prefix("GET /subjects/orders/versions/").and_then(|n| n.parse().ok());
                match number.and_then(|number: i32| versions.get(&number)) {
                    Some(version) => text(&version.to_string()),
                    None => reply(404, 40401, "Subject not found."),
                }
            }
        }
    }
}

impl Transport for Double {
    fn name(&self) -> &str {
        "double"
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let call = format!("{} {}", request.method, request.target);
        let body = request.body.map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default();
        self.0.seen.lock().expect("no test has failed").push((call.clone(), body));
        Box::pin(async move {
            if self.0.parts.is_away {
                return Err(TransportError::Connect("on purpose".to_owned()));
            }
            let (status, body, media) = self.reply(&call);
            let headers = vec![("content-type".to_owned(), media.to_owned())];
            Ok(Response { status, headers, body: body.into() })
        })
    }
}

impl fmt::Debug for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Double")
    }
}
