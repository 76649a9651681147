//! 2: orders are placed, and something is reserved for them, or nothing.

use super::{STOCK, Story};
use crate::Problem;
use crate::shop::order;
use crate::tale::{chapter, ensure, say};

/// What the carts of two customers are called. The id of an order follows from its key, and the item from the id: all but the
/// first two want the same item, of which there is not enough.
pub(super) const CARTS: [u32; 9] = [1, 2, 98, 110, 112, 165, 174, 192, 208];

/// How many want it.
const RIVALS: usize = CARTS.len() - 2;

pub(super) async fn are_placed(story: &mut Story) -> Result<(), Problem> {
    chapter(2, "Orders are placed over HTTP, and reserved from Kafka");
    let url = story.orders.url().to_owned();
    let mut ids = Vec::new();
    for cart in CARTS {
        let placed = story.place(&url, &key(cart), &of(cart)).await?;
        let (id, partition, offset) = (&placed.order_id, placed.partition, placed.offset);
        say!("POST /orders  {:8}  202  order {id}, partition {partition}, offset {offset}", key(cart));
        ids.push(placed.order_id);
    }
    repeated(story, &url, &ids).await?;
    refused(story, &url).await?;

    let (reserved, rejected) = story.tell_outcomes(&ids).await?;
    let short = RIVALS - STOCK as usize;
    ensure!(
        (reserved, rejected) == (ids.len() - short, short),
        "{reserved} orders were reserved and {rejected} rejected, where {RIVALS} wanted one of {STOCK} units"
    );
    let first = ids.first().cloned().unwrap_or_default();
    let lines = story.inventory.logged(1, |line| line.order_id == first).await?;
    for line in lines.iter().take(1) {
        say!("the log of inventory-service: \"{}\"", line.message);
    }
    Ok(())
}

pub(super) fn key(cart: u32) -> String {
    format!("cart-{cart}")
}

/// What is in a cart.
pub(super) fn of(cart: u32) -> serde_json::Value {
    order(&format!("cust-{}", cart % 2 + 1), f64::from(cart) + 0.75)
}

/// A request that is sent again is the same order, and no further record.
async fn repeated(story: &mut Story, url: &str, ids: &[String]) -> Result<(), Problem> {
    for (cart, id) in CARTS.into_iter().zip(ids).take(2) {
        let again = story.place(url, &key(cart), &of(cart)).await?;
        say!("POST /orders  {:8}  202  order {}, again: it was there before", key(cart), again.order_id);
        ensure!(
            again.order_id == *id && again.is_repeated,
            "{} sent again is another order: {again:?}",
            key(cart)
        );
        story.tally.answered_from_memory += 1;
    }
    Ok(())
}

/// What is no order is refused, with the fields.
async fn refused(story: &Story, url: &str) -> Result<(), Problem> {
    let wrong = order("", -5.0);
    match story.shop.send(url, None, &wrong).await? {
        Err(refused) if refused.status == 422 => {
            say!("POST /orders  {wrong}  422  {}", refused.detail);
            ensure!(refused.fields == ["customerId", "totalAmount"], "other fields are named: {refused:?}");
        }
        other => return Err(format!("{wrong} is answered {other:?}").into()),
    }
    let other = order("cust-3", 1.0);
    match story.shop.send(url, Some(&key(CARTS[0])), &other).await? {
        Err(refused) if refused.status == 422 => {
            say!("POST /orders  {:8}  422  {}", key(CARTS[0]), refused.detail);
            Ok(())
        }
        answer => Err(format!("another order with the same key is answered {answer:?}").into()),
    }
}
