//! Headers that others have written.
//!
//! Headers with a name that is no UTF-8 are carried on without being looked at.

use chassis::kafka::readable;
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
