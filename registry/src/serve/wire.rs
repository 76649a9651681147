//! The bytes of a connection.
//!
//! What cannot be read as a request, hyper answers by itself, with a bare status. Clients expect a body with a code and
//! a message, so such an answer is replaced on its way out. And whoever asks but does not read is let go of.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::farewell::written;
use crate::http::{ApiError, Limit, Observe as _};
use crate::metrics::Metrics;

/// A connection that knows whether it owes an answer.
pub(super) struct Wire {
    io: TcpStream,
    metrics: Arc<Metrics>,
    /// How long the other side may take to accept more of an answer.
    patience: Duration,
    /// Runs while it does not.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Have bytes arrived since the last were sent?
    owed: bool,
    /// What is sent in place of a bare answer, and how much of it was.
    replacement: Option<(Vec<u8>, usize)>,
    replaced: bool,
}

impl Wire {
    pub(super) fn new(io: TcpStream, patience: Duration, metrics: Arc<Metrics>) -> Self {
        Self { io, metrics, patience, waiting: None, owed: false, replacement: None, replaced: false }
    }

    /// Was a bare answer replaced? Then what came was no request, and more of it may come.
    pub(super) fn was_replaced(&self) -> bool {
        self.replaced
    }

    pub(super) fn is_owed_an_answer(&self) -> bool {
        self.owed
    }

    pub(super) fn into_inner(self) -> TcpStream {
        self.io
    }

    /// Takes note of what is about to be sent. Is it to be replaced?
    fn replace(&mut self, first: &[u8]) -> bool {
        let Some(error) = bare_answer(first) else { return false };
        if error.status == http::StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE {
            self.metrics.limited(Limit::HeaderSize);
        }
        self.replacement = Some((written(&error), 0));
        self.replaced = true;
        true
    }

    /// Sends as much as the other side accepts.
    fn poll_send(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.io).poll_write_vectored(cx, parts);
        if sent.is_ready() {
            self.waiting = None;
            return sent;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| {
            // A timer is dear, so it is made where one is needed and no sooner.
            Box::pin(tokio::time::sleep_until(Instant::now() + patience))
        });
        ready!(waiting.as_mut().poll(cx));
        self.metrics.limited(Limit::AnswerTime);
        // What is left of the answer is not to wait in the system either.
        let _ = self.io.set_zero_linger();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Sends what is left of a replacement.
    fn poll_replacement(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((bytes, sent)) = self.replacement.take() {
            if sent == bytes.len() {
                break;
            }
            let more = self.poll_send(cx, &[IoSlice::new(&bytes[sent..])]);
            let taken = if let Poll::Ready(Ok(taken)) = &more { *taken } else { 0 };
            self.replacement = Some((bytes, sent + taken));
            if ready!(more)? == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// What hyper meant to say with an answer of its own. All of ours have a body where their status says that there is an
/// error.
fn bare_answer(bytes: &[u8]) -> Option<ApiError> {
    let status = bytes.strip_prefix(b"HTTP/1.1 4")?.get(..2)?;
    let head = std::str::from_utf8(bytes).ok()?;
    if !head.ends_with("\r\n\r\n") || !head.contains("content-length: 0\r\n") {
        return None;
    }
    match status {
        b"00" => Some(ApiError::bad_request("Bad Request")),
        b"14" => Some(ApiError::target_too_long()),
        b"31" => Some(ApiError::headers_too_large()),
        _ => None,
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buffer))?;
        self.owed |= buffer.filled().len() > before;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_replacement(cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_replacement(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_replacement(cx))?;
        if let Some(first) = parts.first()
            && self.replace(first)
        {
            self.owed = false;
            return Poll::Ready(Ok(first.len()));
        }
        let sent = ready!(self.poll_send(cx, parts))?;
        self.owed = false;
        Poll::Ready(Ok(sent))
    }
}

#[cfg(test)]
mod tests {
    use super::bare_answer;

    #[test]
    fn bare_answers_are_told_from_ours() {
        let answer = |status: &str, rest: &str| format!("HTTP/1.1 {status}\r\nconnection: close\r\n{rest}");
        let bare = "content-length: 0\r\ndate: x\r\n\r\n";
        for (status, code) in [
            ("400 Bad Request", 400),
            ("414 URI Too Long", 414),
            ("431 Request Header Fields Too Large", 431),
        ] {
            assert_eq!(bare_answer(answer(status, bare).as_bytes()).map(|e| e.code), Some(code), "{status}");
        }
        for (status, rest) in [
            ("200 OK", bare),
            ("204 No Content", bare),
            ("404 Not Found", bare),
            ("400 Bad Request", "content-length: 10\r\n\r\n"),
            ("400 Bad Request", "content-length: 0\r\n"),
            ("4", ""),
        ] {
            assert_eq!(bare_answer(answer(status, rest).as_bytes()), None, "{status} {rest}");
        }
    }
}
