//! What is counted on the way.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use crate::outcomes::Seen;

/// What has happened so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Orders that were sent, each once.
    pub sent: HashSet<String>,
    /// Orders that were answered 202, each once, in this order.
    pub acknowledged: Vec<String>,
    /// Requests for an order that was there before, which the order service answered from memory.
    pub answered_from_memory: usize,
    /// Records of an order that had come before, which the inventory service passed over.
    pub passed_over: usize,
    /// Records that nothing could be done about.
    pub dead_letters: usize,
    /// Records that were read again after the kill, and whose stored outcome was sent again.
    pub replayed: usize,
    /// The outcomes, by the order in which they were read, from the kill until all is well again.
    pub disturbed: Range<usize>,
}

/// Times from the creation of orders to their outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Half are not longer.
    pub p50: Duration,
    /// 99 of 100 are not longer.
    pub p99: Duration,
    /// None is longer.
    pub longest: Duration,
    /// How many.
    pub count: usize,
}

impl Latency {
    /// Of these outcomes: for each order the first one. Nothing, if there is none.
    pub fn of<'s>(seen: impl IntoIterator<Item = &'s Seen>) -> Option<Self> {
        let mut orders = HashSet::new();
        let first = seen.into_iter().filter(|seen| orders.insert(seen.order_id.as_str()));
        let mut times: Vec<_> = first.map(|seen| u64::try_from(seen.latency).unwrap_or_default()).collect();
        times.sort_unstable();
        let at = |percent: usize| times.get((times.len() * percent).div_ceil(100).max(1) - 1).copied();
        let [p50, p99, longest] = [at(50)?, at(99)?, at(100)?].map(Duration::from_millis);
        Some(Self { p50, p99, longest, count: times.len() })
    }
}

/// How many outcomes were sent again, for whatever order.
pub fn sent_twice(seen: &[Seen]) -> usize {
    let orders: HashSet<_> = seen.iter().map(|seen| seen.order_id.as_str()).collect();
    seen.len() - orders.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(order_id: usize, latency: i64) -> Seen {
        Seen { order_id: order_id.to_string(), item: String::new(), is_reserved: true, latency }
    }

    #[test]
    fn percentiles() {
        assert_eq!(Latency::of(&[]), None);
        let mut all: Vec<_> = (1..=200).rev().map(|n| seen(n, n as i64)).collect();
        // The second outcome of an order says nothing about how long the order took.
        all.push(seen(7, 9_000));
        let latency = Latency::of(&all).expect("a latency");
        let [p50, p99, longest] = [100, 198, 200].map(Duration::from_millis);
        assert_eq!(latency, Latency { p50, p99, longest, count: 200 });
        assert_eq!(sent_twice(&all), 1);
        let one = Latency::of(&[seen(1, 5)]).expect("a latency");
        assert_eq!((one.p50, one.p99), (one.longest, Duration::from_millis(5)));
    }
}
