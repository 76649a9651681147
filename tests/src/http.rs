//! A plain HTTP/1.1 client: it sends what it is told, byte for byte, and never tries twice.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

/// What the registry's clients send and ask for.
pub const MEDIA: &str = "application/vnd.schemaregistry.v1+json";

/// One connection at a time, kept alive; made anew for the request after one that failed.
#[derive(Debug)]
pub struct Client {
    authority: String,
    timeout: Duration,
    stream: Option<BufReader<TcpStream>>,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum CallError {
    /// No connection came about: the request did not take place.
    Connect(io::Error),
    /// The connection failed or the time was up: the request may have taken place.
    Lost(io::Error),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Connect(error) => write!(f, "no connection: {error}"),
            Self::Lost(error) => write!(f, "no answer: {error}"),
        }
    }
}

impl std::error::Error for CallError {}

impl Client {
    /// For `http://host:port`. Nothing is opened yet.
    pub fn new(url: &str) -> Self {
        let authority = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { authority, timeout: Duration::from_secs(60), stream: None }
    }

    /// How long a connection, a write or a read may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends a request with the headers given, `Host` and, for a body, `Content-Length`.
    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, CallError> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n", self.authority);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = body {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut request = head.into_bytes();
        request.extend_from_slice(body.unwrap_or_default());

        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().map_err(CallError::Connect)?,
        };
        stream.get_mut().write_all(&request).map_err(CallError::Lost)?;
        let (answer, keep) = read_answer(&mut stream, method == "HEAD").map_err(CallError::Lost)?;
        self.stream = keep.then_some(stream);
        Ok(answer)
    }

    /// GET.
    pub fn get(&mut self, target: &str) -> Result<Answer, CallError> {
        self.send("GET", target, &[], None)
    }

    /// DELETE.
    pub fn delete(&mut self, target: &str) -> Result<Answer, CallError> {
        self.send("DELETE", target, &[], None)
    }

    /// POST of JSON.
    pub fn post(&mut self, target: &str, body: &serde_json::Value) -> Result<Answer, CallError> {
        self.send("POST", target, &[("Content-Type", MEDIA)], Some(body.to_string().as_bytes()))
    }

    /// PUT of JSON.
    pub fn put(&mut self, target: &str, body: &serde_json::Value) -> Result<Answer, CallError> {
        self.send("PUT", target, &[("Content-Type", MEDIA)], Some(body.to_string().as_bytes()))
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let address = self.authority.to_socket_addrs()?.next();
        let address = address.ok_or_else(|| io::Error::other("the host has no address"))?;
        let stream = TcpStream::connect_timeout(&address, self.timeout)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        Ok(BufReader::new(stream))
    }
}

impl Answer {
    /// The first header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }
}

/// Reads one answer. Can the connection be used again?
pub fn read_answer(stream: &mut BufReader<TcpStream>, bodyless: bool) -> io::Result<(Answer, bool)> {
    let status_line = line(stream)?;
    let status = status_line.split(' ').nth(1).and_then(|s| s.parse::<u16>().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status line: {status_line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    let length = answer.header("content-length").and_then(|l| l.parse::<u64>().ok());
    let mut keep = answer.header("connection").is_none_or(|c| !c.eq_ignore_ascii_case("close"));
    if !bodyless && status != 204 && status != 304 {
        match length {
            Some(length) => {
                answer.body = vec![0; usize::try_from(length).map_err(io::Error::other)?];
                stream.read_exact(&mut answer.body)?;
            }
            None => {
                stream.read_to_end(&mut answer.body)?;
                keep = false;
            }
        }
    }
    Ok((answer, keep))
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}
