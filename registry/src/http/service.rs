//! What happens to a request.

mod outcome;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::HeaderName;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};

use super::App;
use super::body::{Unread, collect};
use super::call::Call;
use super::error::ApiError;
use super::media::{Media, check_content_type};
use super::observe::Limit;
use super::reply::{Body, Reply};
use super::request_id;
use super::routes::{self, Handler, Route};
use super::target::{Refusal, Target};
use crate::auth;
use outcome::Outcome;

/// The log position that an answer was computed at.
const LOG_POSITION: HeaderName = HeaderName::from_static("ottla-log-position");

/// Answers requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Service(Arc<App>);

impl Service {
    /// A service over an application.
    pub fn new(app: Arc<App>) -> Self {
        Self(app)
    }

    /// Answers a request.
    pub async fn answer<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body + Send,
    {
        let started = Instant::now();
        let (head, body) = request.into_parts();
        let mut outcome = self.outcome(&head, body).await;
        let mut response = outcome.respond(&self.0, &head.method);
        let headers = response.headers_mut();
        headers.insert(request_id::X_REQUEST_ID, request_id::of(&head.headers));
        if let Some(position) = outcome.position.filter(|_| self.0.settings.position_header) {
            headers.insert(LOG_POSITION, position.into());
        }
        let elapsed = started.elapsed();
        self.0.observe.request(outcome.route, &head.method, response.status(), elapsed);
        self.log(&head, &response, &outcome, elapsed);
        response
    }

    /// Logs each request if asked to, and always what went wrong with us. The request's id joins the two.
    fn log(&self, head: &Parts, response: &Response<Body>, outcome: &Outcome, elapsed: Duration) {
        let cause = outcome.result.as_ref().err().and_then(|error| error.cause.as_deref());
        if cause.is_none() && !self.0.settings.access_log {
            return;
        }
        let id = response.headers().get(request_id::X_REQUEST_ID).map(HeaderValue::as_bytes);
        let request_id = &*String::from_utf8_lossy(id.unwrap_or_default());
        let status = response.status().as_u16();
        let (method, path) = (&head.method, head.uri.path());
        if let Some(cause) = cause {
            tracing::error!(request_id, %method, path, status, cause, "a request failed");
        }
        if self.0.settings.access_log {
            let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
            tracing::info!(target: "ottla::access", request_id, %method, path, status, elapsed_us, "request");
        }
    }

    async fn outcome<B: http_body::Body + Send>(&self, head: &Parts, body: B) -> Outcome {
        let mut outcome = Outcome::not_found();
        let target = match head.uri.path_and_query().cloned().map(Target::prepare) {
            Some(Ok(target)) => target,
            Some(Err(refusal)) => {
                outcome.result = Err(refused(&refusal));
                return outcome;
            }
            None => return outcome,
        };
        let Some((index, route)) = routes::find(&target) else { return outcome };
        outcome.route = Some(index);
        if head.method == Method::OPTIONS {
            outcome.allow = Some(route.allowed(","));
            outcome.result = Ok(Reply::text(route.allowed(", ")));
            return outcome;
        }
        let Some((action, handler)) = route.method(&head.method) else {
            outcome.result = Err(ApiError::method_not_allowed());
            return outcome;
        };
        let media = Media::negotiate(&head.headers);
        outcome.media = media.unwrap_or_default();
        let admitted = check_content_type(&head.headers).and(media.ok_or_else(ApiError::not_acceptable));
        if let Err(error) = admitted {
            outcome.result = Err(error);
            return outcome;
        }
        let principal = auth::authenticate(&head.headers);
        let named = route.parameters.first().map(|&at| target.segment(at));
        if !auth::allows(&principal, action, named) {
            outcome.result = Err(ApiError::forbidden());
            return outcome;
        }
        self.handle(&mut outcome, target, route, handler, body).await;
        outcome
    }

    async fn handle<B: http_body::Body + Send>(
        &self,
        outcome: &mut Outcome,
        target: Target,
        route: &'static Route,
        handler: Handler,
        body: B,
    ) {
        let app = &self.0;
        let Some(_under_way) = app.requests.take(1) else {
            app.observe.limited(Limit::Requests);
            outcome.result = Err(ApiError::overloaded());
            return;
        };
        let mut memory = app.body_memory.nothing();
        let body = match collect(body, &app.settings, &mut memory).await {
            Ok(body) => body,
            Err(unread) => {
                outcome.unread = true;
                outcome.result = Err(match unread {
                    Unread::Limited(limit, error) => {
                        app.observe.limited(limit);
                        error
                    }
                    Unread::Broken => ApiError::bad_request("The request body is incomplete"),
                });
                return;
            }
        };
        let position = Arc::new(AtomicU64::new(0));
        let call = Call {
            app: app.clone(),
            target,
            parameters: route.parameters,
            body,
            computed_at: position.clone(),
        };
        // A panic in one request is a defect that must not take the connection or the server with it.
        let answered = AssertUnwindSafe(handler(call)).catch_unwind().await;
        outcome.result = answered.unwrap_or_else(|_| Err(ApiError::internal("the handler panicked")));
        let position = position.load(Ordering::Relaxed);
        outcome.position = (position > 0).then_some(position);
    }
}

/// What the URL parser of the registry that this one replaces refuses with a bare page is refused in the usual shape.
fn refused(refusal: &Refusal) -> ApiError {
    ApiError::bad_request(refusal.to_string())
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}
