//! Up to where dead letters were replayed: what the group of replays has committed.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::reader::{self, PATIENCE, Reader, Stretch, Unread, away};
use crate::consumer::Consumer;

/// By partition, the first offset that was not replayed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Progress(BTreeMap<i32, i64>);

impl Progress {
    /// For those who only look: what was committed last, whether a replay is under way or not.
    pub fn seen(reader: &Reader, client: &ClientConfig) -> Result<Self, Unread> {
        Self::committed(reader, &reader::connect(client, &reader.group, "read_uncommitted")?)
    }

    /// For those who replay: if a transaction is at it, its end is waited for.
    pub fn settled(reader: &Reader) -> Result<Self, Unread> {
        Self::committed(reader, &reader.consumer)
    }

    fn committed(reader: &Reader, consumer: &Consumer) -> Result<Self, Unread> {
        let failed = away("how far replays have come");
        let started = Instant::now();
        let told = loop {
            match consumer.committed_offsets(asked(reader), PATIENCE * 2) {
                // Who keeps the offsets of a group may change, or not be settled yet.
                Err(error) if started.elapsed() < PATIENCE => {
                    tracing::info!(%error, "the cluster is asked again how far replays have come");
                    thread::sleep(Duration::from_millis(200));
                }
                told => break told.map_err(&failed)?,
            }
        };
        let mut progress = Self::default();
        for element in told.elements() {
            element.error().map_err(&failed)?;
            if let Offset::Offset(offset) = element.offset() {
                progress.0.insert(element.partition(), offset);
            }
        }
        Ok(progress)
    }

    /// The first offset of a partition that was not replayed. Where replays have come further than the partition goes, which was
    /// asked for later, there is another topic of the same name: nothing of that was replayed.
    pub fn of(&self, stretch: &Stretch) -> i64 {
        let Stretch { partition, begin, end } = stretch;
        let committed = self.0.get(partition).copied().filter(|offset| offset <= end);
        committed.unwrap_or(*begin).max(*begin)
    }
}

fn asked(reader: &Reader) -> TopicPartitionList {
    let mut asked = TopicPartitionList::new();
    for partition in 0..reader.partitions {
        asked.add_partition(&reader.topic, partition);
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_lies_within_the_topic() {
        let progress = Progress(BTreeMap::from([(0, 5), (1, 5), (2, 5), (3, 5)]));
        for (partition, begin, end, first) in
            [(0, 0, 9, 5), (1, 7, 9, 7), (2, 0, 5, 5), (3, 0, 4, 0), (4, 2, 9, 2)]
        {
            assert_eq!(progress.of(&Stretch { partition, begin, end }), first, "{partition}");
        }
    }
}
