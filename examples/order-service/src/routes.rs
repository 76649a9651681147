//! `POST /orders`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, StatusCode};

use crate::Options;
use crate::events::OrderEvent;
use crate::identity::Identity;
use crate::metrics::{Orders, Refused};
use crate::order::NewOrder;
use crate::publisher::{Placed, Publisher};
use crate::refusal::Refusal;

/// Says that an order was placed before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What requests are answered with.
pub struct Desk<E: OrderEvent> {
    /// Sends orders.
    pub publisher: Arc<Publisher<E>>,
    /// What is counted.
    pub orders: Arc<Orders>,
    /// Bytes of a body.
    pub max_body: usize,
    /// How long one may take.
    pub body_timeout: Duration,
}

impl<E: OrderEvent> Desk<E> {
    /// With the limits that flags set.
    pub fn new(publisher: Arc<Publisher<E>>, orders: Arc<Orders>, options: &Options) -> Self {
        Self { publisher, orders, max_body: options.max_body, body_timeout: options.body_timeout }
    }

    /// The routes.
    pub fn router(self) -> Router {
        Router::new().route("/orders", post(take::<E>)).with_state(Arc::new(self))
    }

    async fn place(&self, request: Request) -> Result<(Identity, Placed), Refusal> {
        // What is left of the request goes before the wait for Kafka, so that its buffer can be used for the next one.
        let (identity, order) = self.read(request).await?;
        let placed = self.publisher.place(&identity, order).await?;
        Ok((identity, placed))
    }

    async fn read(&self, request: Request) -> Result<(Identity, NewOrder), Refusal> {
        let (head, body) = request.into_parts();
        let identity = Identity::of(&head.headers).map_err(Refusal::Key)?;
        if !is_json(&head.headers) {
            let detail = "an order is sent as application/json".to_owned();
            return Err(Refusal::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let body = self.body(&head.headers, body).await?;
        let order = NewOrder::parse(&body, E::HAS_CURRENCY).map_err(Refusal::Order)?;
        Ok((identity, order))
    }

    async fn body(&self, headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, Refusal> {
        let too_long = || {
            let detail = format!("an order has at most {} bytes", self.max_body);
            Refusal::Request(StatusCode::PAYLOAD_TOO_LARGE, detail)
        };
        let said = headers.get(CONTENT_LENGTH).and_then(|l| l.to_str().ok()?.parse::<usize>().ok());
        if said.is_some_and(|length| length > self.max_body) {
            return Err(too_long());
        }
        match tokio::time::timeout(self.body_timeout, to_bytes(body, self.max_body)).await {
            Ok(Ok(body)) => Ok(body),
            // A body that ends too soon has nobody to be told.
            Ok(Err(_)) => Err(too_long()),
            Err(_) => {
                let detail = "the body took too long to arrive".to_owned();
                Err(Refusal::Request(StatusCode::REQUEST_TIMEOUT, detail))
            }
        }
    }
}

async fn take<E: OrderEvent>(State(desk): State<Arc<Desk<E>>>, request: Request) -> Response {
    match desk.place(request).await {
        Ok((identity, placed)) => accepted(&identity, placed),
        Err(refusal) => {
            desk.orders.refused.get_or_create(&Refused { reason: refusal.reason() }).inc();
            refusal.into_response()
        }
    }
}

fn accepted(identity: &Identity, Placed { place, repeated }: Placed) -> Response {
    let order_id = identity.order_id;
    let (partition, offset) = (place.partition, place.offset);
    // A UUID and numbers need no escaping.
    let body = format!(r#"{{"orderId":"{order_id}","partition":{partition},"offset":{offset}}}"#);
    let mut response = (StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], body).into_response();
    if repeated {
        response.headers_mut().insert(REPLAYED, http::HeaderValue::from_static("true"));
    }
    response
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}
