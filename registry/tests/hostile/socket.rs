//! Raw bytes to a server, and what comes back.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ottla_tests::http::{Answer, read_answer};

/// Longer than any server of these tests takes to end a connection.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
#[derive(Debug)]
pub struct Socket(BufReader<TcpStream>);

impl Socket {
    pub fn connect(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends bytes; the other side has to take them.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Sends as much as the other side takes.
    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.get_mut().write_all(bytes.as_ref())
    }

    /// Nothing more will be sent.
    pub fn finish(&mut self) -> &mut Self {
        self.0.get_mut().shutdown(Shutdown::Write).unwrap();
        self
    }

    /// One answer.
    pub fn answer(&mut self) -> Answer {
        read_answer(&mut self.0, false).unwrap().0
    }

    /// An answer to HEAD.
    pub fn answer_without_body(&mut self) -> Answer {
        read_answer(&mut self.0, true).unwrap().0
    }

    /// So many bytes as there is room for.
    pub fn read_exact(&mut self, bytes: &mut [u8]) {
        self.0.read_exact(bytes).unwrap();
    }

    /// Everything until the other side closes the connection.
    pub fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The connection is closed, and nothing more was said.
    pub fn assert_closed(&mut self) {
        assert_eq!(self.rest(), "");
    }

    /// The connection is open: another request is answered.
    pub fn assert_open(&mut self) {
        self.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(self.answer().text(), "{}");
    }
}
