//! Headers that strangers have written.
//!
//! A header's name may be any bytes on the wire, but rdkafka panics at one that is no UTF-8, and has no other way to look at it.
//! So looking at the headers of a stranger is guarded here.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use rdkafka::message::{Header, Headers};

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
