//! 5: the event gets a currency, while everything runs.

use ottla::client::{Schema, Scope, Version};

use super::orders::{self, CARTS};
use super::{Story, start};
use crate::Problem;
use crate::role::Role;
use crate::shop::{order, order_in};
use crate::tale::{chapter, ensure, say};

/// What nobody may register.
const VERSION_3: &str = include_str!("../../../../schemas/evolution/order_created_v3.avsc");

/// Orders of each service at a time.
const FEW: u32 = 3;

pub(super) async fn takes_place(story: &mut Story) -> Result<(), Problem> {
    chapter(5, "The event gets a currency, while everything runs");
    let new = start::orders(&story.cast, &story.kafka, &story.names, Role::OrderServiceV2).await?;
    let url = new.url().to_owned();
    story.new_orders = Some(new);
    say!("order-service-v2   {url}, beside the old one");
    let subject = story.names.subject.clone();
    let latest = story.registry.version(&subject, Version::Latest).await?;
    let level = story.registry.effective_config(Scope::Subject(&subject)).await?.compatibility_level;
    let level = level.map_or("unknown".to_owned(), |level| level.to_string());
    say!("schema {subject} version {} registered, id {}: it may follow ({level})", latest.version, latest.id);
    let versions = story.registry.versions(&subject).await?;
    ensure!(versions == [1, 2], "{subject} has versions {versions:?}");

    old_consumer(story, &url).await?;
    new_consumer(story, &url).await?;
    same_key_elsewhere(story, &url).await?;
    third_version(story, &subject).await
}

/// The consumer that knows nothing of currencies reads what both services write.
async fn old_consumer(story: &mut Story, new: &str) -> Result<(), Problem> {
    let (_, ids) = both_place(story, new, "old-consumer").await?;
    say!("the old consumer reads both:");
    story.tell_outcomes(&ids).await.map(drop)
}

/// The consumer that knows of currencies takes the place of the old one, and reads both, too.
async fn new_consumer(story: &mut Story, new: &str) -> Result<(), Problem> {
    let took = story.inventory.terminate().await?;
    say!("the old consumer has ended (SIGTERM, {} ms), the new one takes its name:", took.as_millis());
    tokio::time::sleep(story.kafka.pause()).await;
    let (cast, kafka, names) = (&story.cast, &story.kafka, &story.names);
    let role = (Role::InventoryServiceV2, "inventory-service-v2");
    story.inventory = start::inventory(cast, kafka, names, &story.database, role).await?;
    say!("inventory-service-v2  {} (process {})", story.inventory.url(), story.inventory.id());
    let (priced, ids) = both_place(story, new, "new-consumer").await?;
    story.outcomes.of(&ids).await?;
    let lines = story.inventory.logged(ids.len(), |line| ids.contains(&line.order_id)).await?;
    for line in &lines {
        let currency = line.currency.as_deref();
        say!("{}, currency: {}", line.message, currency.unwrap_or("none"));
        // A rejection does not say it.
        let is_so = currency == priced.contains(&line.order_id).then_some("CHF");
        ensure!(
            is_so || line.message.starts_with("Nothing left"),
            "{line:?}, where {priced:?} have a currency"
        );
    }
    Ok(())
}

/// Both services take orders, the new one with a currency. The orders that have one, and all.
async fn both_place(story: &mut Story, new: &str, key: &str) -> Result<(Vec<String>, Vec<String>), Problem> {
    let old = story.orders.url().to_owned();
    let (mut priced, mut all) = (Vec::new(), Vec::new());
    for number in 0..FEW {
        let (customer, amount) = (format!("cust-{number}"), f64::from(number) + 0.5);
        let placed = story.place(&old, &format!("{key}-1-{number}"), &order(&customer, amount)).await?;
        all.push(placed.order_id);
        let placed =
            story.place(new, &format!("{key}-2-{number}"), &order_in("CHF", &customer, amount)).await?;
        priced.push(placed.order_id.clone());
        all.push(placed.order_id);
    }
    say!("order-service: {FEW} orders of version 1; order-service-v2: {FEW} of version 2, in CHF");
    Ok((priced, all))
}

/// Services do not know each other's keys, but come to the same id, and the consumer keeps the first order that has it.
async fn same_key_elsewhere(story: &mut Story, new: &str) -> Result<(), Problem> {
    let cart = CARTS[0];
    let placed = story.place(new, &orders::key(cart), &orders::of(cart)).await?;
    let (id, partition, offset) = (placed.order_id, placed.partition, placed.offset);
    say!(
        "POST /orders  {} to order-service-v2, which has not seen it: order {id}, offset {offset}",
        orders::key(cart)
    );
    ensure!(story.tally.acknowledged.first() == Some(&id), "the same key is another order there: {id}");
    let is_it = |line: &crate::cast::LogLine| (i64::from(line.partition), line.offset) == (partition, offset);
    let lines = story.inventory.logged(1, |line| line.order_id == id && is_it(line)).await?;
    let message = lines.first().map(|line| line.message.as_str()).unwrap_or_default();
    say!("the log of inventory-service-v2: \"{message}\"");
    ensure!(message.contains("came before"), "the second record of order {id} is not passed over: {message}");
    story.tally.passed_over += 1;
    Ok(())
}

/// A version that does not know how to read what is in the topic is refused.
async fn third_version(story: &Story, subject: &str) -> Result<(), Problem> {
    let refused = match story.registry.register(subject, &Schema::avro(VERSION_3)).await {
        Ok(registration) => return Err(format!("version 3 is accepted, id {}", registration.id).into()),
        Err(refused) => refused,
    };
    let message = refused.refusal().map(|refusal| refusal.message.clone()).unwrap_or_default();
    say!("schema {subject} version 3 is refused ({}):", refused.status().unwrap_or_default());
    for reason in reasons(&message) {
        say!("- {reason}");
    }
    ensure!(refused.is_incompatible(), "version 3 is refused because of something else: {refused}");
    let names_both = message.contains("region") && message.contains("/fields/2");
    ensure!(names_both, "the refusal does not name the fields: {message}");
    let versions = story.registry.versions(subject).await?;
    ensure!(versions == [1, 2], "{subject} has versions {versions:?} then");
    Ok(())
}

/// What registries say, in the form that Confluent's has it: the rule, and where it is broken.
fn reasons(message: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    for part in message.split("{errorType:'").skip(1) {
        let rule = part.split('\'').next().unwrap_or_default();
        let what =
            part.split("description:'").nth(1).and_then(|rest| rest.split("', additionalInfo:'").next());
        let details = part.split("additionalInfo:'").nth(1).and_then(|rest| rest.split("'}").next());
        reasons.push(format!("{rule}: {}\n  {}", details.unwrap_or_default(), what.unwrap_or_default()));
    }
    reasons
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_refusal_has_rules_and_places() {
        let message = "Schema being registered is incompatible, details: [{errorType:'TYPE_MISMATCH', description:'The type \
                       (path '/fields/2/type') does not match', additionalInfo:'reader type: STRING'}, {errorType:'B', \
                       description:'c', additionalInfo:'region'}, {oldSchemaVersion: 2}]";
        let reasons = super::reasons(message);
        assert_eq!(
            reasons,
            [
                "TYPE_MISMATCH: reader type: STRING\n  The type (path '/fields/2/type') does not match",
                "B: region\n  c"
            ]
        );
        assert!(super::reasons("no").is_empty());
    }
}
