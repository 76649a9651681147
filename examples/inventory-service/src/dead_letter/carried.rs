//! Headers that others have written.
//!
//! A header's name may be any bytes on the wire, but rdkafka panics at one that is no UTF-8, and has no other way to look at it.
//! So looking at the headers of a stranger is guarded here, and headers with such a name are carried on without being looked at.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use rdkafka::message::{BorrowedHeaders, Header, Headers, OwnedHeaders};

/// Headers that can be copied as they are, whatever is in them.
pub trait Carried: Headers {
    /// The copy.
    fn copied(&self) -> OwnedHeaders;
}

impl Carried for BorrowedHeaders {
    fn copied(&self) -> OwnedHeaders {
        self.detach()
    }
}

impl Carried for OwnedHeaders {
    fn copied(&self) -> OwnedHeaders {
        self.clone()
    }
}

/// All headers in their order; nothing stands for one whose name is no UTF-8.
pub fn readable<H: Headers>(headers: &H) -> impl Iterator<Item = Option<Header<'_, &[u8]>>> {
    (0..headers.count()).map(|at| look(headers, at))
}

thread_local! {
    /// Is this thread looking at a header?
    static LOOKS: Cell<bool> = const { Cell::new(false) };
}

fn look<H: Headers>(headers: &H, at: usize) -> Option<Header<'_, &[u8]>> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        // What is expected is not told as if the program had failed.
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !LOOKS.get() {
                tell(what);
            }
        }));
    });
    LOOKS.set(true);
    // It only reads, so nothing is left half-done.
    let header = catch_unwind(AssertUnwindSafe(|| headers.get(at)));
    LOOKS.set(false);
    header.ok()
}

/// Copies headers except for those with these names. If not all names can be read, nothing is taken out: what is untouched counts
/// for more than what is there once.
pub(super) fn without<H: Carried>(headers: Option<&H>, names: &[&str]) -> OwnedHeaders {
    let Some(headers) = headers else { return OwnedHeaders::new() };
    let is_among = |header: &Header<'_, &[u8]>| names.contains(&header.key);
    let Some(all) = readable(headers).collect::<Option<Vec<_>>>() else { return headers.copied() };
    if !all.iter().any(is_among) {
        // This way what follows a zero in a name is kept, too.
        return headers.copied();
    }
    let kept = all.into_iter().filter(|header| !is_among(header));
    kept.fold(OwnedHeaders::new(), OwnedHeaders::insert)
}
