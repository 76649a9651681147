//! A registry that answers what a test says, or nothing, or for ever.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::json;

/// What becomes of a request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Status, media type, body.
    Answer(u16, &'static str, String),
    /// What a registry would answer, but it says that it is this.
    Labelled(&'static str),
    /// These bytes, whatever they are; then the connection is closed.
    Raw(String),
    /// The connection is closed without an answer.
    Close,
    /// Nothing, for as long as the test runs.
    Hang,
    /// An answer of which a byte comes now and then, and never all of them.
    Drip,
    /// An answer without an end.
    Endless,
    /// As if nobody had ever been there: this and all later connections are closed at once.
    Die,
}

/// A request as it came.
#[derive(Debug, Clone)]
struct Seen {
    call: String,
    /// The value of `Authorization`, in lower case.
    credentials: String,
}

/// A request: `GET /subjects`, and how many there were before.
type Script = dyn Fn(&str, usize) -> Act + Send + Sync;

pub struct Fake {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    ends: Arc<AtomicBool>,
}

/// A subject with some versions, as the script may refine.
pub struct Subject {
    pub name: &'static str,
    pub level: &'static str,
    pub versions: Vec<String>,
}

impl Fake {
    /// Answers as a registry with one subject that finds everything compatible, unless the script says otherwise.
    pub fn new(
        subject: Subject,
        script: impl Fn(&str, usize) -> Option<Act> + Send + Sync + 'static,
    ) -> Self {
        let script: Arc<Script> = Arc::new(move |call: &str, before| match script(call, before) {
            None => plain(&subject, call),
            Some(Act::Labelled(media)) => match plain(&subject, call) {
                Act::Answer(status, _, body) => Act::Answer(status, media, body),
                other => other,
            },
            Some(act) => act,
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake =
            Self { address: listener.local_addr().unwrap(), seen: Arc::default(), ends: Arc::default() };
        let (seen, ends) = (fake.seen.clone(), fake.ends.clone());
        thread::spawn(move || {
            let dead = Arc::new(AtomicBool::new(false));
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let (script, seen, ends, dead) = (script.clone(), seen.clone(), ends.clone(), dead.clone());
                thread::spawn(move || serve(&stream, &*script, &seen, &ends, &dead));
            }
        });
        fake
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Methods and targets of all requests.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| seen.call.clone()).collect()
    }

    /// The values of `Authorization` since this was asked last, in lower case; empty where there was none.
    pub fn credentials(&self) -> Vec<String> {
        self.seen.lock().unwrap().drain(..).map(|seen| seen.credentials).collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // It waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// An answer as registries give it.
pub fn ok(body: impl ToString) -> Act {
    Act::Answer(200, "application/vnd.schemaregistry.v1+json", body.to_string())
}

pub fn refusal(status: u16, code: u32, message: &str) -> Act {
    let body = json!({"error_code": code, "message": message});
    Act::Answer(status, "application/vnd.schemaregistry.v1+json", body.to_string())
}

fn plain(subject: &Subject, call: &str) -> Act {
    let Subject { name, level, versions } = subject;
    let path = call.split('?').next().unwrap_or_default();
    if path == format!("GET /config/{name}") {
        return ok(json!({"compatibilityLevel": level}));
    }
    if path.starts_with(&format!("POST /compatibility/subjects/{name}/versions")) {
        return ok(json!({"is_compatible": true, "messages": []}));
    }
    let rest = path.strip_prefix(&format!("GET /subjects/{name}/versions"));
    let number = match rest.map(|rest| rest.trim_start_matches('/')) {
        Some("") => return ok(json!((1..=versions.len()).collect::<Vec<_>>())),
        Some("latest") => Some(versions.len()),
        Some(number) => number.parse().ok(),
        None => None,
    };
    match number.and_then(|number: usize| Some((number, versions.get(number.checked_sub(1)?)?))) {
        Some((number, text)) => ok(json!({"subject": name, "version": number, "id": number, "schema": text})),
        None => refusal(404, 40401, "Subject not found."),
    }
}

fn serve(stream: &TcpStream, script: &Script, seen: &Mutex<Vec<Seen>>, ends: &AtomicBool, dead: &AtomicBool) {
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while !dead.load(Ordering::SeqCst)
        && let Some(request) = read(&mut reader)
    {
        let call = request.call.clone();
        let before = {
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            seen.len() - 1
        };
        let goes_on = match script(&call, before) {
            Act::Answer(status, media, body) => {
                let length = body.len();
                let location = if (300..400).contains(&status) { "location: /elsewhere\r\n" } else { "" };
                let head = format!(
                    "HTTP/1.1 {status} -\r\n{location}content-type: {media}\r\ncontent-length: {length}\r\n\r\n"
                );
                writer.write_all(format!("{head}{body}").as_bytes()).is_ok()
            }
            Act::Raw(bytes) => {
                let _ = writer.write_all(bytes.as_bytes());
                false
            }
            Act::Close | Act::Labelled(_) => false,
            Act::Die => {
                dead.store(true, Ordering::SeqCst);
                false
            }
            Act::Hang => {
                while !ends.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(5));
                }
                false
            }
            Act::Drip => {
                let head =
                    "HTTP/1.1 200 -\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
                let mut goes_on = writer.write_all(head.as_bytes()).is_ok();
                while goes_on && !ends.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(20));
                    goes_on = writer.write_all(b" ").is_ok();
                }
                false
            }
            Act::Endless => {
                let head =
                    "HTTP/1.1 200 -\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                let mut goes_on = writer.write_all(head.as_bytes()).is_ok();
                let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x10_0000));
                while goes_on && !ends.load(Ordering::SeqCst) {
                    goes_on = writer.write_all(chunk.as_bytes()).is_ok();
                }
                false
            }
        };
        if !goes_on {
            return;
        }
    }
}

/// Reads a request to its end.
fn read(reader: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let mut line = || {
        let mut line = String::new();
        (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
    };
    let first = line()?;
    let call = first.rsplit_once(' ')?.0.to_owned();
    let (mut length, mut credentials) = (0, String::new());
    loop {
        let line = line()?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
        if let Some(text) = line.strip_prefix("authorization:") {
            text.trim().clone_into(&mut credentials);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { call, credentials })
}
