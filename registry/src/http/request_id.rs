//! `X-Request-ID`: every answer carries one.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's own id; a fresh one if it has none, or several.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let mut ids = headers.get_all(X_REQUEST_ID).iter();
    match (ids.next(), ids.next()) {
        (Some(id), None) if !id.is_empty() => id.clone(),
        _ => fresh(),
    }
}

/// A random UUID. It need not be unpredictable, so no system call is spent on it.
fn fresh() -> HeaderValue {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(std::thread::current().id()));
    }
    let random = || {
        STATE.with(|state| {
            state.set(state.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
            mix(state.get())
        })
    };
    let bits = u128::from(random()) << 64 | u128::from(random());
    let id = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let text: &str = id.hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("unknown"))
}

/// The output function of SplitMix64.
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_is_echoed() {
        let one = |id: &'static str| (X_REQUEST_ID, HeaderValue::from_static(id));
        assert_eq!(of(&[one("a")].into_iter().collect()), "a");
        for ids in [vec![], vec![one("a"), one("b")], vec![one("")]] {
            let id = of(&ids.into_iter().collect());
            let id = uuid::Uuid::try_parse_ascii(id.as_bytes()).expect("a UUID");
            assert_eq!(id.get_version_num(), 4);
        }
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
