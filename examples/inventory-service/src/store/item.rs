//! Which item an order takes.

/// The items, by their names.
#[derive(Debug)]
pub(super) struct Items(Vec<String>);

impl Items {
    /// As the database has them; at least one.
    pub(super) fn new(names: Vec<String>) -> Option<Self> {
        (!names.is_empty()).then_some(Self(names))
    }

    /// The item of an order, the same for every replica.
    pub(super) fn of(&self, order_id: &str) -> &str {
        &self.0[(hash(order_id) % self.0.len() as u64) as usize]
    }
}

/// FNV-1a, of 64 bits. It must never change: an order would take another item.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_item_follows_from_the_id() {
        // As in the publication of the function.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
        let items = Items::new((0..10).map(|number| format!("item-{number}")).collect());
        let items = items.expect("items");
        let mut counts = [0; 10];
        for order in 0..10_000 {
            let item = items.of(&format!("order-{order}"));
            counts[item.strip_prefix("item-").and_then(|n| n.parse::<usize>().ok()).expect("a number")] += 1;
        }
        assert!(counts.iter().all(|count| (800..1_200).contains(count)), "{counts:?}");
    }
}
