//! What happens.
//!
//! ```text
//! start.rs    1  everything starts          crash.rs      4  the consumer is killed
//! orders.rs   2  orders and outcomes        evolution.rs  5  the schema changes
//! poison.rs   3  records that are none      end.rs        6  everything ends, and what it amounts to
//! ```

mod crash;
mod end;
mod evolution;
mod orders;
mod poison;
mod start;

use std::path::{Path, PathBuf};
use std::time::Instant;

use ottla::client::Client;
use serde_json::Value;

use crate::Problem;
use crate::cast::{Cast, Player};
use crate::kafka::{Kafka, Names};
use crate::options::Options;
use crate::outcomes::Outcomes;
use crate::shop::{Placed, Shop};
use crate::tale::say;
use crate::tally::Tally;

/// Items that there are.
const ITEMS: u32 = 80;

/// Units of each.
const STOCK: u32 = 5;

/// What is on stage. It ends in this order where it ends too soon: who depends on others first.
pub struct Story {
    orders: Player,
    new_orders: Option<Player>,
    inventory: Player,
    own_registry: Option<Player>,
    outcomes: Outcomes,
    registry: Client,
    shop: Shop,
    cast: Cast,
    kafka: Kafka,
    names: Names,
    burst: u32,
    database: PathBuf,
    began: Instant,
    tally: Tally,
    /// May others have placed orders, or ended something?
    is_shared: bool,
}

impl Story {
    /// Starts everything.
    ///
    /// # Errors
    /// If something does not start, or is not as it should be.
    pub async fn begin(options: &Options, folder: &Path) -> Result<Self, Problem> {
        start::everything(options, folder).await
    }

    /// What happens then.
    ///
    /// # Errors
    /// If something else does.
    pub async fn go_on(&mut self) -> Result<(), Problem> {
        orders::are_placed(self).await?;
        poison::is_set_aside(self).await?;
        crash::does_no_harm(self).await?;
        evolution::takes_place(self).await
    }

    /// Ends everything, and says what it amounts to.
    ///
    /// # Errors
    /// If something does not end, or it does not add up.
    pub async fn end(&mut self) -> Result<(), Problem> {
        end::of_all(self).await
    }

    /// Says what can be tried by hand, from now on.
    ///
    /// # Errors
    /// If links cannot be made.
    pub fn invite(&mut self) -> Result<(), Problem> {
        self.is_shared = true;
        let bin = self.cast.links()?;
        let (bin, kafka) = (bin.display(), self.kafka.arguments().join(" "));
        let (orders, inventory) = (self.orders.url(), self.inventory.url());
        let new_orders = self.new_orders.as_ref().map_or(orders, Player::url);
        let registry = self.registry.urls().join(",");
        say!("\nEverything goes on until Ctrl-C. To try by hand:\n ");
        say!(
            "curl -i {orders}/orders -H 'content-type: application/json' -d '{}'",
            r#"{"customerId":"cust-123","totalAmount":250.75}"#
        );
        say!(
            "curl -i {new_orders}/orders -H 'content-type: application/json' -d '{}'",
            r#"{"customerId":"cust-123","totalAmount":250.75,"currency":"EUR"}"#
        );
        for url in [orders, inventory] {
            say!("curl {url}/health/ready; curl {url}/metrics");
        }
        say!("curl {registry}/subjects/{}/versions/latest", self.names.subject);
        say!("{bin}/inventory-service dlq list {kafka} --dead-letter-topic {}", self.names.dead_letter_topic);
        say!("sqlite3 {} 'SELECT * FROM stock'", self.database.display());
        say!("kill -9 {}    (and it is gone: nobody starts it again)", self.inventory.id());
        Ok(())
    }

    /// Places an order. It has been counted then.
    async fn place(&mut self, url: &str, key: &str, order: &Value) -> Result<Placed, Problem> {
        let placed = self.shop.place(url, key, order).await?;
        self.acknowledged(&placed);
        Ok(placed)
    }

    fn acknowledged(&mut self, placed: &Placed) {
        if self.tally.sent.insert(placed.order_id.clone()) {
            self.tally.acknowledged.push(placed.order_id.clone());
        }
    }

    /// Waits for the outcomes of orders, and tells them.
    async fn tell_outcomes(&self, orders: &[String]) -> Result<(usize, usize), Problem> {
        let outcomes = self.outcomes.of(orders).await?;
        for outcome in &outcomes {
            let word = if outcome.is_reserved { "reserved" } else { "REJECTED" };
            let (order, item) = (&outcome.order_id, &outcome.item);
            say!("{word}  {item:8}  order {order}, {} ms after it was created", outcome.latency);
        }
        let reserved = outcomes.iter().filter(|outcome| outcome.is_reserved).count();
        Ok((reserved, outcomes.len() - reserved))
    }
}
