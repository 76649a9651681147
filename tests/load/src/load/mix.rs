//! Which requests a load consists of, by chance.

use super::key::{Key, Question};

/// Where a request comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// One of these, whose answers are known.
    Known(Vec<Question>),
    /// A new schema under a new subject.
    New,
    /// A new schema under one of these subjects.
    Next(Vec<Key>),
    /// A subject or an id that is not there.
    Missing,
}

/// Sources with their shares.
#[derive(Debug)]
pub(crate) struct Mix {
    parts: Vec<(u64, Source)>,
}

/// Pseudo-random numbers (xorshift), the same in every run.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Mix {
    /// Shares add up to any number above 0.
    pub(crate) fn new(parts: Vec<(u64, Source)>) -> Self {
        Self { parts }
    }

    pub(super) fn pick(&self, random: &mut Random) -> Option<&Source> {
        if let [(_, source)] = &*self.parts {
            return Some(source);
        }
        let mut at = random.below(self.parts.iter().map(|(share, _)| share).sum());
        for (share, source) in &self.parts {
            match at.checked_sub(*share) {
                None => return Some(source),
                Some(rest) => at = rest,
            }
        }
        None
    }
}

impl From<Source> for Mix {
    fn from(source: Source) -> Self {
        Self::new(vec![(1, source)])
    }
}

impl Random {
    pub(super) fn new(seed: usize) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (seed as u64 + 1).wrapping_mul(0x0123_4567_89AB_CDEF))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len() as u64) as usize)
    }
}
