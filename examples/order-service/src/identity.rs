//! The same order for the same `Idempotency-Key`.

use http::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What ids of orders are derived in. It must never change: after that, a repeated request would be another order.
const ORDERS: Uuid = Uuid::from_u128(0x6f70_9f2c_2c5d_4c0e_9a5b_3f1d_7e84_c1a6);

/// The longest key, in characters.
const LONGEST: usize = 255;

/// Which order a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the client calls it, or what it was given because it was called nothing.
    pub key: String,
    /// Did the client say?
    pub is_given: bool,
    /// The id of the order, which follows from the key.
    pub order_id: Uuid,
}

/// There has to be one key, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Idempotency-Key has to be there once, with 1 to 255 visible ASCII characters")]
pub struct IdentityError;

impl Identity {
    /// Of the request with these headers.
    ///
    /// # Errors
    /// If there are several keys, or one that is none.
    pub fn of(headers: &HeaderMap) -> Result<Self, IdentityError> {
        let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
        match (keys.next(), keys.next()) {
            (None, _) => Ok(Self::new(Uuid::new_v4().to_string(), false)),
            (Some(key), None) => match key.to_str() {
                Ok(key) if !key.is_empty() && key.len() <= LONGEST => Ok(Self::new(key.to_owned(), true)),
                _ => Err(IdentityError),
            },
            (Some(_), Some(_)) => Err(IdentityError),
        }
    }

    fn new(key: String, is_given: bool) -> Self {
        let order_id = Uuid::new_v5(&ORDERS, key.as_bytes());
        Self { key, is_given, order_id }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(keys: &[&[u8]]) -> Result<Identity, IdentityError> {
        let values = keys.iter().map(|key| HeaderValue::from_bytes(key).expect("a header"));
        Identity::of(&values.map(|value| (IDEMPOTENCY_KEY, value)).collect())
    }

    #[test]
    fn the_id_follows_from_the_key() {
        let first = of(&[b"checkout-7"]).expect("an identity");
        // Written down: it has to stay so in every version.
        assert_eq!(first.order_id.to_string(), "3b32237b-77ed-55c9-9ae5-c0df876310d3");
        assert_eq!(of(&[b"checkout-7"]), Ok(first.clone()));
        assert_ne!(of(&[b"checkout-8"]).expect("an identity").order_id, first.order_id);
    }

    #[test]
    fn without_a_key_each_request_is_an_order_and_the_key_is_told() {
        let (a, b) = (of(&[]).expect("an identity"), of(&[]).expect("an identity"));
        assert!(a.order_id != b.order_id && !a.is_given);
        assert_eq!(of(&[a.key.as_bytes()]).expect("an identity").order_id, a.order_id);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
        assert!(of(&[longest.as_bytes()]).is_ok());
        for keys in [&[b"" as &[u8]] as &[&[u8]], &[b"a", b"b"], &[too_long.as_bytes()], &["ü".as_bytes()]] {
            assert_eq!(of(keys), Err(IdentityError), "{keys:?}");
        }
    }
}
