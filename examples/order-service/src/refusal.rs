//! What else is answered than that an order was placed.

use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::StatusCode;

use crate::identity::{Identity, IdentityError};
use crate::metrics::Reason;
use crate::order::OrderError;

/// Why an order was not placed, or not known to be.
#[derive(Debug)]
pub enum Refusal {
    /// The request is no order.
    Request(StatusCode, String),
    /// The key is none.
    Key(IdentityError),
    /// The order is wrong.
    Order(OrderError),
    /// The key stands for another order.
    KeyReused,
    /// The schema is not known yet, or the topic is not there yet.
    NotReady(String),
    /// The broker does not answer.
    BrokerAway(String),
    /// Too many orders wait for the broker.
    TooMany,
    /// The producer does not take the record.
    NotAccepted(String),
    /// The record was on its way, and nobody knows whether it arrived.
    Unknown(Identity, String),
}

impl Refusal {
    /// For metrics.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Request(..) | Self::Key(_) | Self::Order(OrderError::Syntax(_)) => Reason::BadRequest,
            Self::Order(OrderError::Fields(_)) => Reason::InvalidOrder,
            Self::KeyReused => Reason::KeyReused,
            Self::NotReady(_) => Reason::NotReady,
            Self::BrokerAway(_) => Reason::BrokerAway,
            Self::TooMany => Reason::TooMany,
            Self::NotAccepted(_) => Reason::NotAccepted,
            Self::Unknown(..) => Reason::Unknown,
        }
    }

    fn problem(self) -> Problem {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        match self {
            Self::Request(status, detail) => Problem::bare(status).detail(detail),
            Self::Key(error) => Problem::bare(StatusCode::BAD_REQUEST).detail(error.to_string()),
            Self::Order(OrderError::Syntax(error)) => {
                Problem::bare(StatusCode::BAD_REQUEST).detail(format!("the body is no JSON object: {error}"))
            }
            Self::Order(OrderError::Fields(errors)) => {
                let words: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
                let problem = Problem::new(unprocessable, &kind("invalid-order"), "The order is not valid");
                let errors = serde_json::to_value(errors).unwrap_or_default();
                problem.detail(words.join("; ")).with("errors", errors)
            }
            Self::KeyReused => {
                let title = "The Idempotency-Key stands for another order";
                let detail =
                    "an order with another content was sent with this key; another order needs another key";
                Problem::new(unprocessable, &kind("key-reused"), title).detail(detail)
            }
            Self::NotReady(detail) => not_placed("not-ready", "The service is not ready").detail(detail),
            Self::BrokerAway(detail) => not_placed("broker-away", "Kafka does not answer").detail(detail),
            Self::TooMany => {
                not_placed("too-many", "Too many orders wait for Kafka").detail("try again in a moment")
            }
            Self::NotAccepted(detail) => {
                not_placed("not-accepted", "Kafka does not take the order").detail(detail)
            }
            Self::Unknown(identity, reason) => unknown(&identity, &reason),
        }
    }
}

fn kind(name: &str) -> String {
    format!("urn:problem-type:order-service:{name}")
}

/// Nothing was sent, and nothing will be.
fn not_placed(name: &str, title: &str) -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, &kind(name), title);
    problem.with("outcome", "not-placed").retry_after(1)
}

/// The record will not be sent any more, but may have arrived.
fn unknown(identity: &Identity, reason: &str) -> Problem {
    let title = "The order may have been placed, or not";
    let detail = format!(
        "no acknowledgement came in time ({reason}); the same request with this Idempotency-Key is the same order, so it can be \
         repeated until it is answered 202"
    );
    let problem =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, &kind("unknown-outcome"), title).detail(detail);
    let problem = problem.with("outcome", "unknown").with("orderId", identity.order_id.to_string());
    problem.with("idempotencyKey", identity.key.as_str()).retry_after(1)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}
