//! A server that records what it is sent and answers as a test says.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ottla::client::{Builder, Client};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These bytes, and the connection stays open.
    Bytes(Vec<u8>),
    /// These bytes, and the connection is closed.
    Last(Vec<u8>),
    /// Nothing, for as long as the test runs.
    Hang,
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Method, target and version.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
}

impl Seen {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }
}

impl Reply {
    /// An answer with a body.
    pub fn of(status: u16, body: &str) -> Self {
        Self::Bytes(
            format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes(),
        )
    }
}

impl Server {
    /// Answers in order; the last answer is given for ever.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start(replies, None)
    }

    pub fn with_tls(config: ServerConfig) -> Self {
        Self::start([Reply::of(200, "[]")], Some(Arc::new(config)))
    }

    fn start(replies: impl IntoIterator<Item = Reply>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            scheme: if tls.is_some() { "https" } else { "http" },
            seen: Arc::default(),
            connections: Arc::default(),
            ends: Arc::default(),
        };
        let replies = Arc::new(replies.into_iter().collect::<Vec<_>>());
        let (seen, ends, connections) =
            (server.seen.clone(), server.ends.clone(), server.connections.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                connections.fetch_add(1, Ordering::Relaxed);
                let (replies, seen, ends, tls) = (replies.clone(), seen.clone(), ends.clone(), tls.clone());
                thread::spawn(move || match tls {
                    None => serve(stream, &replies, &seen, &ends),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).expect("a connection");
                        serve(StreamOwned::new(connection, stream), &replies, &seen, &ends);
                    }
                });
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// A client of it that does not wait long.
    pub fn builder(&self) -> Builder {
        builder([self.url()])
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test has failed").clone()
    }
}

impl Server {
    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // It waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// Clients that do not wait long, whatever proxy the environment names.
pub fn builder(urls: impl IntoIterator<Item = String>) -> Builder {
    let pause = Duration::from_millis(1);
    Client::builder(urls).no_proxy().pauses(pause, pause).request_timeout(Duration::from_secs(20))
}

fn serve(stream: impl Read + Write, replies: &[Reply], seen: &Mutex<Vec<Seen>>, ends: &AtomicBool) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream) {
        let reply = {
            let mut seen = seen.lock().expect("no test has failed");
            seen.push(request);
            replies[(seen.len() - 1).min(replies.len() - 1)].clone()
        };
        match reply {
            Reply::Bytes(bytes) => {
                if stream.get_mut().write_all(&bytes).is_err() {
                    return;
                }
                let _ = stream.get_mut().flush();
            }
            Reply::Last(bytes) => {
                let _ = stream.get_mut().write_all(&bytes).and_then(|()| stream.get_mut().flush());
                return;
            }
            Reply::Hang => {
                while !ends.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(5));
                }
                return;
            }
        }
    }
}

fn read(stream: &mut BufReader<impl Read>) -> Option<Seen> {
    let mut line = || {
        let mut line = String::new();
        (stream.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
    };
    let mut seen = Seen { line: line()?, ..Seen::default() };
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(':') else { break };
        seen.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = seen.header("content-length").first().and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8(body).ok()?;
    Some(seen)
}
