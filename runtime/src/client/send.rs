//! Where a request goes, how often it is sent, and how long all of it may take.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout};

use super::builder::Settings;
use super::call::Call;
use super::error::{
    Asked, Attempt, AttemptError, Error, Refusal, Unexpected, Unreachable, is_temporary, shown,
};
use super::transport::{Request, Response, Transport, TransportError};

const MEDIA: &str = "application/vnd.schemaregistry.v1+json";
const ACCEPT: &str = "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json; q=0.9, application/json; q=0.5";
const AGENT: &str = concat!("ottla/", env!("CARGO_PKG_VERSION"));

/// The registries, and how they are asked.
#[derive(Debug)]
pub(super) struct Sender {
    transports: Vec<Arc<dyn Transport>>,
    /// The one that answered last.
    preferred: AtomicUsize,
    pub(super) settings: Settings,
}

/// An answer that says yes.
#[derive(Debug)]
pub(super) struct Answer {
    asked: Asked,
    url: String,
    pub(super) response: Response,
    json_only: bool,
}

/// What came of sending once.
enum Outcome {
    /// An answer that is final.
    Answered(Response),
    /// An answer that tells of passing trouble.
    Trouble(Response),
    /// No answer.
    Failed(AttemptError),
}

/// What was tried so far.
struct Log<'a> {
    call: &'a Call,
    tries: usize,
    attempts: Vec<Attempt>,
    /// The last answer that told of trouble, and whose it was.
    trouble: Option<(String, Response)>,
}

impl Sender {
    pub(super) fn new(transports: Vec<Arc<dyn Transport>>, settings: Settings) -> Self {
        Self { transports, preferred: AtomicUsize::new(0), settings }
    }

    /// Where requests go, without credentials.
    pub(super) fn urls(&self) -> Vec<&str> {
        self.transports.iter().map(|transport| transport.name()).collect()
    }

    /// Sends until somebody answers, as far as the request may be repeated and time is left.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let deadline = Instant::now() + self.settings.deadline;
        let mut log = Log { call, tries: 0, attempts: Vec::new(), trouble: None };
        for round in 0..self.settings.tries {
            if round > 0 && !self.pause(round, log.retry_after(), deadline).await {
                break;
            }
            let first = self.preferred.load(Ordering::Relaxed);
            for i in 0..self.transports.len() {
                let index = (first + i) % self.transports.len();
                if Instant::now() >= deadline && log.tries > 0 {
                    return Err(log.into_error());
                }
                if let Some(answer) = self.try_once(index, deadline, &mut log).await? {
                    return Ok(answer);
                }
            }
        }
        Err(log.into_error())
    }

    /// Sends to one registry. Neither an answer nor an error: it may be sent again.
    async fn try_once(
        &self,
        index: usize,
        deadline: Instant,
        log: &mut Log<'_>,
    ) -> Result<Option<Answer>, Error> {
        let transport = &*self.transports[index];
        let url = transport.name();
        log.tries += 1;
        match self.exchange(transport, log.call, deadline).await? {
            Outcome::Answered(response) => {
                self.preferred.store(index, Ordering::Relaxed);
                let asked = log.call.asked.clone();
                if (200..300).contains(&response.status) {
                    return Ok(Some(Answer {
                        asked,
                        url: url.to_owned(),
                        response,
                        json_only: self.settings.json_only,
                    }));
                }
                Err(refused(&asked, url, &response, log.tries))
            }
            Outcome::Trouble(response) => {
                // 429: it was not looked at.
                if !log.call.repeatable && response.status != 429 {
                    return Err(refused(&log.call.asked, url, &response, log.tries));
                }
                log.trouble = Some((url.to_owned(), response));
                Ok(None)
            }
            Outcome::Failed(reason) => {
                let goes_on = match &reason {
                    AttemptError::Transport(TransportError::Connect(_)) => true,
                    AttemptError::Transport(TransportError::TooLong { .. } | TransportError::Invalid(_)) => {
                        false
                    }
                    AttemptError::Transport(TransportError::Lost(_)) | AttemptError::Timeout(_) => {
                        log.call.repeatable
                    }
                };
                log.attempts.push(Attempt { url: url.to_owned(), reason });
                if goes_on { Ok(None) } else { Err(log.unreachable()) }
            }
        }
    }

    /// One request and its answer, within the time of one request and what is left of all.
    async fn exchange(
        &self,
        transport: &dyn Transport,
        call: &Call,
        deadline: Instant,
    ) -> Result<Outcome, Error> {
        let limit = self.time_for_one(deadline);
        // Without a token nothing was sent: this is no request that may have taken place.
        let authorization = match timeout(limit, self.settings.auth.value()).await {
            Ok(Ok(value)) => value.or_else(|| transport.authorization().map(str::to_owned)),
            Ok(Err(reason)) => return Err(no_credentials(&call.asked, &reason)),
            Err(_) => return Err(no_credentials(&call.asked, &format!("no token within {limit:?}"))),
        };
        let request = self.request(call, authorization);
        let limit = self.time_for_one(deadline);
        Ok(match timeout(limit, transport.send(request)).await {
            Err(_) => Outcome::Failed(AttemptError::Timeout(limit)),
            Ok(Err(error)) => Outcome::Failed(error.into()),
            Ok(Ok(response)) if is_temporary(response.status) => Outcome::Trouble(response),
            Ok(Ok(response)) => Outcome::Answered(response),
        })
    }

    /// How long one request may take, with what is left of all.
    fn time_for_one(&self, deadline: Instant) -> Duration {
        self.settings.request_timeout.min(deadline.saturating_duration_since(Instant::now()))
    }

    fn request(&self, call: &Call, authorization: Option<String>) -> Request {
        let mut headers =
            vec![("accept".to_owned(), ACCEPT.to_owned()), ("user-agent".to_owned(), AGENT.to_owned())];
        if call.body.is_some() {
            headers.push(("content-type".to_owned(), MEDIA.to_owned()));
        }
        if let Some(value) = authorization {
            headers.push(("authorization".to_owned(), value));
        }
        for (name, value) in &self.settings.headers.0 {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        Request {
            method: call.asked.method,
            target: call.asked.path.clone(),
            headers,
            body: call.body.clone(),
            body_limit: self.settings.body_limit,
        }
    }

    /// Waits before the next round: between nothing and a bound that doubles (full jitter), or as long as the registry asks
    /// for. `false`: there is no time left.
    async fn pause(&self, round: u32, asked_for: Option<Duration>, deadline: Instant) -> bool {
        let bound = self.settings.first_pause.saturating_mul(1 << (round - 1).min(30));
        let bound = bound.min(self.settings.longest_pause);
        let pause = bound.mul_f64(random()).max(asked_for.unwrap_or_default());
        let left = deadline.saturating_duration_since(Instant::now());
        if pause >= left {
            return false;
        }
        sleep(pause).await;
        true
    }
}

impl Log<'_> {
    /// How long the registry wants to be left alone, if it says so in seconds.
    fn retry_after(&self) -> Option<Duration> {
        let (_, response) = self.trouble.as_ref()?;
        response.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }

    /// What a registry said tells more than that others said nothing.
    fn into_error(self) -> Error {
        match &self.trouble {
            Some((url, response)) => refused(&self.call.asked, url, response, self.tries),
            None => self.unreachable(),
        }
    }

    fn unreachable(&self) -> Error {
        let connect = |a: &Attempt| {
            matches!(
                a.reason,
                AttemptError::Transport(TransportError::Connect(_) | TransportError::Invalid(_))
            )
        };
        Error::Unreachable(Arc::new(Unreachable {
            asked: self.call.asked.clone(),
            attempts: self.attempts.clone(),
            outcome_unknown: !self.attempts.iter().all(connect),
        }))
    }
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if self.json_only
            && let Some(media) = self.response.header("content-type").filter(|media| !is_json(media))
        {
            return Err(self.unexpected(format!("it says that it is {media}, not JSON")));
        }
        serde_json::from_slice(&self.response.body).map_err(|error| self.unexpected(error.to_string()))
    }

    /// The body as text.
    pub(super) fn text(&self) -> Result<String, Error> {
        String::from_utf8(self.response.body.to_vec())
            .map_err(|error| self.unexpected(error.utf8_error().to_string()))
    }

    fn unexpected(&self, reason: String) -> Error {
        Error::Unexpected(Arc::new(Unexpected {
            asked: self.asked.clone(),
            url: self.url.clone(),
            status: self.response.status,
            reason,
            body: shown(&self.response.body),
        }))
    }
}

/// `application/json`, `application/vnd.schemaregistry.v1+json; qs=1`
fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media.ends_with("/json") || media.ends_with("+json")
}

fn no_credentials(asked: &Asked, reason: &str) -> Error {
    Error::Credentials { asked: Arc::new(asked.clone()), reason: reason.into() }
}

fn refused(asked: &Asked, url: &str, response: &Response, tries: usize) -> Error {
    Error::Refused(Arc::new(Refusal::new(asked, url, response, tries)))
}

/// From 0 to 1: enough chance for clients that failed together not to come back together.
fn random() -> f64 {
    // Each state has keys of its own.
    let bits = RandomState::new().build_hasher().finish();
    (bits >> 11) as f64 / (1u64 << 53) as f64
}
