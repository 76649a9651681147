//! A closed loop on many connections: each sends a request when the answer to the one before is there.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What was reached.
pub struct Reached {
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    pub p99: f64,
}

const BODY: &str = r#"{"customerId":"cust-123","totalAmount":250.75}"#;

/// Runs it, on one thread: the processors are for what is measured.
pub fn run(url: &str, connections: usize, time: Duration) -> Reached {
    let authority = url.trim_start_matches("http://");
    let length = BODY.len();
    let request = format!(
        "POST /orders HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{BODY}"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let started = Instant::now();
    let mut times = runtime.block_on(async {
        let clients: Vec<_> = (0..connections)
            .map(|_| tokio::spawn(client(authority.to_owned(), request.clone(), started + time)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.expect("no panic").expect("answers"));
        }
        times
    });
    let took = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |t| t.as_secs_f64() * 1e3);
    Reached { per_second: times.len() as f64 / took, p50: at(50), p99: at(99) }
}

async fn client(authority: String, request: String, until: Instant) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(authority).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut answer) = (Vec::new(), Vec::with_capacity(1024));
    while Instant::now() < until {
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        answer.clear();
        while !is_whole(&answer) {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if !answer.starts_with(b"HTTP/1.1 202") {
            return Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
        }
        times.push(sent.elapsed());
    }
    Ok(times)
}

/// Is the answer there, up to the end of its body?
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    answer.len() >= head + 4 + length.unwrap_or(0_usize)
}
