//! Numbers that look random and follow from a seed, so that a test that failed can be run again.

use std::time::{SystemTime, UNIX_EPOCH};

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed that an environment variable gives, else one of the clock's; printed, so that it can be given.
    ///
    /// # Panics
    /// If the variable holds no number.
    pub fn from_environment(variable: &str) -> Self {
        let seed = match std::env::var(variable) {
            Ok(text) => text.parse().unwrap_or_else(|e| panic!("{variable}={text}: {e}")),
            Err(_) => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH);
                since.map_or(0, |s| s.as_nanos() as u64 % 1_000_000_007)
            }
        };
        println!("{variable}={seed}");
        Self::new(seed)
    }

    /// A sequence of its own, for another thread.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self::new(self.any())
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number less than the bound, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.any() % bound
    }

    /// An index of a collection that is not empty.
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True that many times in a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_sequence() {
        let numbers = |seed| {
            std::iter::repeat_with({
                let mut random = Random::new(seed);
                move || random.any()
            })
        };
        assert!(numbers(1).take(100).eq(numbers(1).take(100)));
        assert!(!numbers(1).take(100).eq(numbers(2).take(100)));
        // As in the reference of the algorithm.
        assert_eq!(Random::new(1_234_567).any(), 6_457_827_717_110_365_317);
    }
}
