//! A client that places orders.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};

use crate::Problem;

/// How often an order is sent while the service cannot take it.
const TRIES: u32 = 100;

/// Sends requests. Clones share connections.
#[derive(Debug, Clone)]
pub struct Shop(reqwest::Client);

/// An order that is in the topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub order_id: String,
    /// Where its record is.
    pub partition: i64,
    /// Where its record is.
    pub offset: i64,
    /// Was it there before?
    pub is_repeated: bool,
}

/// An answer that says no.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, in words.
    pub detail: String,
    /// The fields that are.
    pub fields: Vec<String>,
}

impl Shop {
    /// Opens.
    ///
    /// # Errors
    /// If there can be no client.
    pub fn open() -> Result<Self, Problem> {
        // Services are on loopback and speak HTTP: whom the system trusts does not matter, and may not be known.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let tls = tls.with_safe_default_protocol_versions()?;
        let tls = tls.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
        Ok(Self(client.timeout(Duration::from_secs(30)).build()?))
    }

    /// Places an order under a key, as often as it takes: whatever happens on the way, with the same key it is the same order.
    ///
    /// # Errors
    /// If it is refused, or not taken in time.
    pub async fn place(&self, url: &str, key: &str, order: &Value) -> Result<Placed, Problem> {
        for _ in 0..TRIES {
            match self.send(url, Some(key), order).await? {
                Ok(placed) => return Ok(placed),
                Err(refused) if refused.status == StatusCode::SERVICE_UNAVAILABLE => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(refused) => return Err(format!("{order} is answered {refused:?}").into()),
            }
        }
        Err(format!("{order} was not taken within {TRIES} tries").into())
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn send(
        &self,
        url: &str,
        key: Option<&str>,
        order: &Value,
    ) -> Result<Result<Placed, Refused>, Problem> {
        let mut request = self.0.post(format!("{url}/orders")).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.body(order.to_string()).send().await?;
        let status = answer.status();
        let is_repeated = answer.headers().contains_key("idempotent-replayed");
        let body: Value = serde_json::from_slice(&answer.bytes().await?)?;
        if status != StatusCode::ACCEPTED {
            let fields = body["errors"].as_array().into_iter().flatten();
            let fields = fields.filter_map(|error| error["field"].as_str());
            let detail = body["detail"].as_str().or(body["title"].as_str()).unwrap_or_default();
            return Ok(Err(Refused {
                status: status.as_u16(),
                detail: detail.to_owned(),
                fields: fields.map(str::to_owned).collect(),
            }));
        }
        let placed = (body["orderId"].as_str(), body["partition"].as_i64(), body["offset"].as_i64());
        match placed {
            (Some(order_id), Some(partition), Some(offset)) => {
                Ok(Ok(Placed { order_id: order_id.to_owned(), partition, offset, is_repeated }))
            }
            _ => Err(format!("an order is answered with {body}").into()),
        }
    }
}

/// An order.
pub fn order(customer: &str, amount: f64) -> Value {
    json!({"customerId": customer, "totalAmount": amount})
}

/// An order that says what it is paid in.
pub fn order_in(currency: &str, customer: &str, amount: f64) -> Value {
    json!({"customerId": customer, "totalAmount": amount, "currency": currency})
}
