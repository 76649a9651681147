//! Requests at random, on what there is: equal and different contents, and versions that may have been deleted.

use std::sync::atomic::{AtomicU32, Ordering};

use super::registry::{Answer, Content, Level, Op, Subject};
use crate::random::Random;

/// Contents that are registered again and again; greater ones are registered once.
pub const SHARED: Content = 12;

/// Chooses requests for several clients of one context.
#[derive(Debug)]
pub struct Workload {
    /// For each subject the greatest version that was told.
    versions: Vec<AtomicU32>,
    /// The greatest id that was told.
    ids: AtomicU32,
    contents: AtomicU32,
}

impl Workload {
    /// For subjects with the numbers from 0 on.
    pub fn new(subjects: u8) -> Self {
        let versions = (0..subjects).map(|_| AtomicU32::new(1)).collect();
        Self { versions, ids: AtomicU32::new(1), contents: AtomicU32::new(SHARED) }
    }

    /// A request.
    pub fn choose(&self, random: &mut Random) -> Op {
        let subject = random.index(self.versions.len()) as Subject;
        let version = self.near(&self.versions[usize::from(subject)], random);
        match random.below(100) {
            0..30 => Op::Register { subject, content: self.content(random) },
            30..40 => Op::LookUp { subject, content: random.below(u64::from(SHARED)) as Content },
            40..50 => Op::Get { subject, version: None },
            50..58 => Op::Get { subject, version: Some(version) },
            58..65 => Op::List { subject, deleted: random.percent(30) },
            65..72 => Op::ById { id: self.near(&self.ids, random) },
            72..80 => Op::DeleteVersion { subject, version, permanent: false },
            80..86 => Op::DeleteVersion { subject, version, permanent: true },
            86..88 => Op::DeleteSubject { subject, permanent: false },
            88..90 => Op::DeleteSubject { subject, permanent: true },
            90..94 => {
                let level = if random.percent(30) { Level::Backward } else { Level::None };
                Op::PutLevel { subject, level }
            }
            94..98 => Op::GetLevel { subject },
            _ => Op::DeleteLevel { subject },
        }
    }

    /// A request that changes nothing.
    pub fn choose_read(&self, random: &mut Random) -> Op {
        loop {
            let op = self.choose(random);
            if op.only_reads() {
                return op;
            }
        }
    }

    /// Takes note of what there is.
    pub fn learn(&self, op: &Op, answer: &Answer) {
        if let Answer::Held { id, version } | Answer::Schema { id, version, .. } = answer {
            self.ids.fetch_max(*id, Ordering::Relaxed);
            if let Op::Register { subject, .. } | Op::LookUp { subject, .. } | Op::Get { subject, .. } = op {
                self.versions[usize::from(*subject)].fetch_max(*version, Ordering::Relaxed);
            }
        }
    }

    /// The greatest id that was told.
    pub fn greatest_id(&self) -> u32 {
        self.ids.load(Ordering::Relaxed)
    }

    fn content(&self, random: &mut Random) -> Content {
        if random.percent(65) {
            random.below(u64::from(SHARED)) as Content
        } else {
            self.contents.fetch_add(1, Ordering::Relaxed)
        }
    }

    /// One of the last few numbers.
    fn near(&self, greatest: &AtomicU32, random: &mut Random) -> u32 {
        let greatest = greatest.load(Ordering::Relaxed);
        greatest.saturating_sub(random.below(5) as u32).max(1)
    }
}
