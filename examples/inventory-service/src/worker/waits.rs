//! Partitions that have to wait: something they need is away.
//!
//! Others go on. A partition that waits is paused, so its consumer still polls, and stays in the group. When its time is up it
//! goes on from the record that it stopped at: nothing is passed over.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

/// The pause after the first failure; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(100);

/// Partitions that wait, and those that did until a moment ago.
#[derive(Debug)]
pub struct Waits {
    partitions: HashMap<i32, Wait>,
    longest: Duration,
    dice: RandomState,
}

#[derive(Debug)]
struct Wait {
    /// Failures in a row.
    failures: u32,
    /// Nothing while it is tried again.
    paused: Option<Paused>,
}

#[derive(Debug)]
struct Paused {
    until: Instant,
    offset: i64,
}

impl Waits {
    /// Nobody waits yet.
    pub fn new(longest: Duration) -> Self {
        Self { partitions: HashMap::new(), longest, dice: RandomState::new() }
    }

    /// A partition has to wait, and to go on from an offset. Says for how long.
    pub fn begin(&mut self, partition: i32, offset: i64, now: Instant) -> Duration {
        let dice = self.dice.hash_one((partition, offset, now));
        let wait = self.partitions.entry(partition).or_insert(Wait { failures: 0, paused: None });
        wait.failures = wait.failures.saturating_add(1);
        let pause = FIRST.saturating_mul(1 << (wait.failures - 1).min(16)).min(self.longest);
        // Between a half of it and all of it: who failed together does not come again together.
        let pause = pause / 2 + (pause / 2).mul_f64((dice % 1_000) as f64 / 1_000.0);
        wait.paused = Some(Paused { until: now + pause, offset });
        pause
    }

    /// Those whose time is up, with the offsets they go on from.
    pub fn due(&mut self, now: Instant) -> Vec<(i32, i64)> {
        let due = self.partitions.iter_mut().filter_map(|(partition, wait)| {
            let paused = wait.paused.take_if(|paused| paused.until <= now)?;
            Some((*partition, paused.offset))
        });
        due.collect()
    }

    /// Does it wait?
    pub fn is_waiting(&self, partition: i32) -> bool {
        self.partitions.get(&partition).is_some_and(|wait| wait.paused.is_some())
    }

    /// It went well: the next failure is a first one.
    pub fn well(&mut self, partition: i32) {
        self.partitions.remove(&partition);
    }

    /// It is somebody else's.
    pub fn forget(&mut self, partition: i32) {
        self.partitions.remove(&partition);
    }

    /// How many wait.
    pub fn count(&self) -> usize {
        self.partitions.values().filter(|wait| wait.paused.is_some()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest_and_begin_anew_once_it_went_well() {
        let mut waits = Waits::new(Duration::from_secs(5));
        let mut now = Instant::now();
        for expected in [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            let pause = waits.begin(1, 7, now);
            let most = Duration::from_millis(expected);
            assert!(pause >= most / 2 && pause <= most, "{pause:?} of {most:?}");
            assert!(waits.is_waiting(1) && !waits.is_waiting(2) && waits.due(now).is_empty());
            now += pause;
            assert_eq!(waits.due(now), [(1, 7)]);
            assert!(waits.due(now).is_empty() && waits.count() == 0);
        }
        waits.well(1);
        assert!(waits.begin(1, 7, now) <= Duration::from_millis(100));
        waits.forget(1);
        assert!(waits.due(now + Duration::from_secs(9)).is_empty());
    }

    #[test]
    fn it_goes_on_for_ever() {
        let mut waits = Waits::new(Duration::from_secs(5));
        let now = Instant::now();
        let pauses = (0..1_000).map(|_| waits.begin(1, 7, now));
        assert!(pauses.max() <= Some(Duration::from_secs(5)));
    }
}
