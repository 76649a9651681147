//! 1: everything starts.

use std::path::Path;
use std::time::Instant;

use ottla::client::{Client, Version};

use super::{ITEMS, STOCK, Story};
use crate::Problem;
use crate::cast::{Cast, Player};
use crate::kafka::{Kafka, Names};
use crate::options::Options;
use crate::outcomes::Outcomes;
use crate::role::Role;
use crate::shop::Shop;
use crate::tale::{chapter, say};
use crate::tally::Tally;

pub(super) async fn everything(options: &Options, folder: &Path) -> Result<Story, Problem> {
    let began = Instant::now();
    chapter(1, "A registry, a Kafka and two services start");
    let mut cast = Cast::new(folder)?;
    let own_registry = match &options.registry {
        Some(_) => None,
        None => Some(registry(&cast, folder).await?),
    };
    let url = own_registry.as_ref().map(Player::url).or(options.registry.as_deref()).unwrap_or_default();
    cast.registry_is(url);
    let registry = Client::builder(url.split(',')).build()?;
    say!("registry           {}", registry.urls().join(", "));

    let names = Names::new(options);
    let kafka = Kafka::start(options, &names)?;
    match kafka.is_real() {
        true => say!("Kafka              {} (exactly once)", kafka.address),
        false => say!("Kafka              {} (librdkafka's mock cluster: at least once)", kafka.address),
    }
    let database = folder.join("inventory.db");
    let (orders, inventory) = tokio::try_join!(
        self::orders(&cast, &kafka, &names, Role::OrderService),
        self::inventory(&cast, &kafka, &names, &database, (Role::InventoryService, "inventory-service")),
    )?;
    say!("order-service      {} (process {})", orders.url(), orders.id());
    say!("inventory-service  {} (process {})", inventory.url(), inventory.id());
    say!("stock              {ITEMS} items, {STOCK} units of each, in SQLite");
    let record = "com.example.events.InventoryReserved";
    for subject in [names.subject.clone(), format!("{}-{record}", names.outcome_topic)] {
        let version = registry.version(&subject, Version::Latest).await?;
        say!("schema {subject} version {} registered, id {}", version.version, version.id);
    }
    let outcomes = Outcomes::follow(&kafka, &names.outcome_topic, &registry)?;
    let (shop, burst, tally) = (Shop::open()?, options.burst, Tally::default());
    let new_orders = None;
    Ok(Story {
        orders,
        new_orders,
        inventory,
        own_registry,
        outcomes,
        registry,
        shop,
        cast,
        kafka,
        names,
        burst,
        database,
        began,
        tally,
        is_shared: false,
    })
}

async fn registry(cast: &Cast, folder: &Path) -> Result<Player, Problem> {
    let database = format!("--database=sqlite://{}", folder.join("ottla.db").display());
    cast.start(Role::Ottla, "ottla", ["serve", "--listen=127.0.0.1:0", &database]).await
}

/// A build of the order service.
pub(super) async fn orders(cast: &Cast, kafka: &Kafka, names: &Names, role: Role) -> Result<Player, Problem> {
    let mut arguments = kafka.service();
    arguments.extend(["--listen=127.0.0.1:0".to_owned(), "--log-format=json".to_owned()]);
    arguments.push(format!("--topic={}", names.topic));
    cast.start(role, role.name(), arguments).await
}

/// A build of the inventory service: always the same replica, as far as Kafka and the database know.
pub(super) async fn inventory(
    cast: &Cast,
    kafka: &Kafka,
    names: &Names,
    database: &Path,
    (role, log): (Role, &str),
) -> Result<Player, Problem> {
    let mut arguments = kafka.consumer();
    arguments.extend(["--listen=127.0.0.1:0".to_owned(), "--log-format=json".to_owned()]);
    arguments.push(format!("--topic={}", names.topic));
    arguments.push(format!("--outcome-topic={}", names.outcome_topic));
    arguments.push(format!("--dead-letter-topic={}", names.dead_letter_topic));
    arguments.push(format!("--group={}", names.group));
    arguments.push("--instance=replica-1".to_owned());
    arguments.push(format!("--database=sqlite://{}", database.display()));
    arguments.extend([format!("--items={ITEMS}"), format!("--stock={STOCK}")]);
    cast.start(role, log, arguments).await
}
