//! One keep-alive HTTP/1.1 connection, as plain as hyper gives it.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::error::Error;

const MEDIA: HeaderValue = HeaderValue::from_static("application/vnd.schemaregistry.v1+json");

/// Connections that prepare a load.
const PREPARING: usize = 16;

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// `host:port`, as it stands in the URL.
    pub(crate) authority: String,
    host: HeaderValue,
    timeout: Duration,
}

/// A request without its connection: cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: Uri,
    pub(crate) body: Bytes,
}

/// A status and a body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

/// A connection that is made when it is needed.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    target: &'a Target,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// No connection came about.
    #[error("cannot connect to {0}: {1}")]
    Connect(String, io::Error),
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Http(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// What was to be asked is no request.
    #[error("not a request: {0}")]
    Request(#[from] hyper::http::Error),
}

impl Target {
    /// From `http://host:port`.
    pub(crate) fn parse(url: &str, timeout: Duration) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Usage(format!("{url}: {reason}"));
        let uri: Uri = url.parse().map_err(|_| wrong("not a URL"))?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong("only http://host:port is understood"));
        }
        let host = uri.host().ok_or_else(|| wrong("no host is named"))?;
        let authority = format!("{host}:{}", uri.port_u16().unwrap_or(80));
        let host = HeaderValue::from_str(&authority).map_err(|_| wrong("not a host"))?;
        Ok(Self { authority, host, timeout })
    }
}

impl Call {
    /// Without a body.
    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path, Bytes::new())
    }

    /// With a body of JSON.
    pub(crate) fn post(path: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, path, body.into())
    }

    /// With a body of JSON.
    pub(crate) fn put(path: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, path, body.into())
    }

    /// Paths are put together from names that need no escaping; `/` stands for one that is no path after all, and its
    /// answer will be wrong.
    fn new(method: Method, path: &str, body: Bytes) -> Self {
        Self { method, path: path.parse().unwrap_or_default(), body }
    }
}

impl<'a> Connection<'a> {
    /// Nothing is opened yet.
    pub(crate) fn new(target: &'a Target) -> Self {
        Self { target, sender: None }
    }

    /// Sends one request and reads the whole answer. A failure ends the connection; the next call makes another.
    pub(crate) async fn call(&mut self, call: &Call) -> Result<Answer, CallError> {
        let timeout = self.target.timeout;
        let answer = tokio::time::timeout(timeout, self.exchange(call)).await;
        let answer = answer.unwrap_or(Err(CallError::Timeout(timeout)));
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    async fn exchange(&mut self, call: &Call) -> Result<Answer, CallError> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(call.path.clone())
            .header(HOST, self.target.host.clone())
            .header(ACCEPT, MEDIA);
        if call.method != Method::GET {
            request = request.header(CONTENT_TYPE, MEDIA);
        }
        let request = request.body(Full::new(call.body.clone()))?;
        let response = self.sender().await?.send_request(request).await?;
        let status = response.status().as_u16();
        Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
    }

    /// A server may close a kept connection between two requests: that is no failure, a new one is made.
    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, CallError> {
        let mut kept = self.sender.take();
        let alive = match &mut kept {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        let sender = match kept {
            Some(sender) if alive => sender,
            _ => self.connect().await?,
        };
        Ok(self.sender.insert(sender))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, CallError> {
        let authority = &self.target.authority;
        let refused = |error| CallError::Connect(authority.clone(), error);
        let stream = TcpStream::connect(authority).await.map_err(refused)?;
        stream.set_nodelay(true).map_err(refused)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // How it ends is seen by who asks on it.
        tokio::task::spawn_local(async { drop(connection.await) });
        Ok(sender)
    }
}

/// Does something for 0..n on some connections of this thread; the first failure ends it.
pub(crate) async fn in_parallel<T>(
    target: &Target,
    n: usize,
    work: impl AsyncFn(&mut Connection<'_>, usize) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let next = Cell::new(0);
    let worker = async || {
        let mut connection = Connection::new(target);
        let mut done = Vec::new();
        loop {
            let i = next.get();
            if i >= n {
                return Ok::<_, Error>(done);
            }
            next.set(i + 1);
            done.push((i, work(&mut connection, i).await?));
        }
    };
    let parts = try_join_all((0..PREPARING.min(n)).map(|_| worker())).await?;
    let mut all: Vec<_> = parts.into_iter().flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    Ok(all.into_iter().map(|(_, t)| t).collect())
}

/// Runs a future, and the connections that it makes, on this thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    // Without one nothing can be measured, and the system is out of everything.
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    LocalSet::new().block_on(&runtime, future)
}
