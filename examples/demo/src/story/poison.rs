//! 3: records that are no orders are set aside, and their partition goes on.

use inventory_service::dead_letter::DeadLetter;
use rdkafka::Message as _;
use rdkafka::message::OwnedMessage;

use super::Story;
use crate::Problem;
use crate::role::Role;
use crate::shop::order;
use crate::tale::{chapter, ensure, say};

/// Where they are put.
const PARTITION: i32 = 1;

/// What is put there, and why it is a dead letter then: bytes that are nothing, and a schema that nobody has registered.
const POISON: [(&[u8], &str); 2] =
    [(b"this is no event", "undecodable"), (b"\0\x7f\xff\xff\xfe\x02a", "unknown_schema")];

/// How many orders may be placed until one gets into the partition.
const TRIES: u32 = 50;

pub(super) async fn is_set_aside(story: &mut Story) -> Result<(), Problem> {
    chapter(3, "Poison in the topic becomes dead letters, and the partition goes on");
    let mut offsets = Vec::new();
    for (bytes, _) in POISON {
        let offset = story.kafka.send(&story.names.topic, PARTITION, "poison", bytes).await?;
        say!(
            "straight into {}, partition {PARTITION}, offset {offset}: \"{}\"",
            story.names.topic,
            bytes.escape_ascii()
        );
        offsets.push(offset);
    }
    let after = an_order_behind_it(story).await?;
    story.tell_outcomes(&[after]).await?;

    let list = format!("--dead-letter-topic={}", story.names.dead_letter_topic);
    let arguments = ["dlq".to_owned(), "list".to_owned(), list];
    let listed =
        story.cast.run(Role::InventoryService, arguments.into_iter().chain(story.kafka.arguments())).await?;
    say!("$ inventory-service dlq list");
    say!("{listed}");
    let letters = story.kafka.committed(&story.names.dead_letter_topic).await?;
    story.tally.dead_letters = letters.len();
    for ((bytes, reason), offset) in POISON.into_iter().zip(offsets) {
        is_there(&letters, bytes, reason, offset)?;
        ensure!(listed.contains(reason), "dlq list does not tell {reason}: {listed}");
    }
    Ok(())
}

/// Orders until one is in the same partition. It.
async fn an_order_behind_it(story: &mut Story) -> Result<String, Problem> {
    let url = story.orders.url().to_owned();
    for number in 0..TRIES {
        let placed = story.place(&url, &format!("after-{number}"), &order("cust-3", 9.5)).await?;
        let (id, partition, offset) = (placed.order_id, placed.partition, placed.offset);
        say!("POST /orders  202  order {id}, partition {partition}, offset {offset}");
        if partition == i64::from(PARTITION) {
            return Ok(id);
        }
    }
    Err(format!("{TRIES} orders are in other partitions").into())
}

/// The dead letter has the bytes as they were, and says why and where from.
fn is_there(letters: &[OwnedMessage], bytes: &[u8], reason: &str, offset: i64) -> Result<(), Problem> {
    let ours = letters.iter().find(|letter| DeadLetter::of(*letter).offset == Some(offset));
    let ours = ours.ok_or_else(|| format!("offset {offset} is not among {} dead letters", letters.len()))?;
    let told = DeadLetter::of(ours);
    let is_so = told.reason.as_deref() == Some(reason) && told.partition == Some(PARTITION);
    ensure!(is_so && ours.payload() == Some(bytes), "the dead letter of offset {offset} is {told:?}");
    Ok(())
}
