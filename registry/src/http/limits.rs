//! How much goes on at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts something that there may be only so much of. Clones count together.
#[derive(Debug, Clone)]
pub struct Gauge(Arc<Used>);

#[derive(Debug)]
struct Used {
    amount: AtomicUsize,
    max: usize,
}

/// A share of a [`Gauge`], given back when dropped.
#[derive(Debug)]
pub struct Share {
    gauge: Gauge,
    amount: usize,
}

impl Gauge {
    /// Nothing used yet.
    pub fn new(max: usize) -> Self {
        Self(Arc::new(Used { amount: AtomicUsize::new(0), max }))
    }

    /// How much is used.
    pub fn used(&self) -> usize {
        self.0.amount.load(Ordering::Relaxed)
    }

    /// A share of nothing, which can grow.
    pub fn nothing(&self) -> Share {
        Share { gauge: self.clone(), amount: 0 }
    }

    /// Takes a share; `None` if that would be too much.
    pub fn take(&self, amount: usize) -> Option<Share> {
        let mut share = self.nothing();
        share.grow(amount).then_some(share)
    }

    /// Takes a share, and says whether that is too much. Whoever is alone may take more than there is.
    pub fn take_or_all(&self, amount: usize) -> (Share, bool) {
        let mut share = self.nothing();
        let fits = share.grow(amount.min(self.0.max));
        (share, fits)
    }
}

impl Share {
    /// Takes more; false if that would be too much.
    pub fn grow(&mut self, amount: usize) -> bool {
        let before = self.gauge.0.amount.fetch_add(amount, Ordering::Relaxed);
        self.amount += amount;
        before.saturating_add(amount) <= self.gauge.0.max
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.gauge.0.amount.fetch_sub(self.amount, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_given_back() {
        let gauge = Gauge::new(2);
        let mut one = gauge.take(1).expect("room");
        assert!(gauge.take(2).is_none());
        assert_eq!(gauge.used(), 1);
        assert!(one.grow(1));
        assert!(!one.grow(1));
        drop(one);
        assert_eq!(gauge.used(), 0);
    }

    #[test]
    fn who_is_alone_may_take_more_than_there_is() {
        let gauge = Gauge::new(2);
        let (all, fits) = gauge.take_or_all(5);
        assert!(fits && !gauge.take_or_all(1).1);
        drop(all);
        let (one, fits) = gauge.take_or_all(1);
        assert!(fits && !gauge.take_or_all(5).1);
        drop(one);
        assert_eq!(gauge.used(), 0);
    }
}
