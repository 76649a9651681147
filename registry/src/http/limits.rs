//! How much goes on at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts something that there may be only so much of.
#[derive(Debug)]
pub struct Gauge {
    used: AtomicUsize,
    max: usize,
}

/// A share of a [`Gauge`], given back when dropped.
#[derive(Debug)]
pub struct Share<'a> {
    gauge: &'a Gauge,
    amount: usize,
}

impl Gauge {
    /// Nothing used yet.
    pub fn new(max: usize) -> Self {
        Self { used: AtomicUsize::new(0), max }
    }

    /// How much is used.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes a share; `None` if that would be too much.
    pub fn take(&self, amount: usize) -> Option<Share<'_>> {
        let mut share = Share { gauge: self, amount: 0 };
        share.grow(amount).then_some(share)
    }
}

impl Share<'_> {
    /// Takes more; false if that would be too much.
    pub fn grow(&mut self, amount: usize) -> bool {
        let before = self.gauge.used.fetch_add(amount, Ordering::Relaxed);
        self.amount += amount;
        before.saturating_add(amount) <= self.gauge.max
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.gauge.used.fetch_sub(self.amount, Ordering::Relaxed);
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
}
