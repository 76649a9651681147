//! Tables, items and URLs.

use std::time::Duration;

use inventory_service::store::{OpenError, Seed, Store};
use ottla_tests::postgres::Cluster;

use crate::place::{NOW, PATIENCE, Place, order, shown};

on_both! {
    a_new_database_is_made_once
    tables_of_somebody_else_are_left_alone
    a_layout_of_the_future_is_left_alone
    without_items_there_is_nothing_to_do
}

const SEED: Seed = Seed { items: 12, stock: 5 };

async fn a_new_database_is_made_once(place: Place) {
    let opening: Vec<_> = (0..8)
        .map(|number| {
            let url = place.url.clone();
            // Who comes later would have other things in stock.
            let seed = Seed { stock: SEED.stock + number, ..SEED };
            tokio::spawn(async move { Store::open(&url, seed, PATIENCE).await })
        })
        .collect();
    for opened in opening {
        let store = opened.await.expect("no panic").expect("a store");
        assert_eq!(store.ping().await, Ok(()));
    }
    let stock = place.stock().await;
    let left = stock[0].strip_prefix("item-0 ").expect("the first item");
    assert_eq!(stock, Vec::from_iter((0..12).map(|number| format!("item-{number} {left}"))));
    place.adds_up().await;

    // Later ones find it, whatever they would have made.
    Store::open(&place.url, Seed { items: 3, stock: 1_000 }, PATIENCE).await.expect("a store");
    assert_eq!(place.stock().await, stock);
}

async fn tables_of_somebody_else_are_left_alone(place: Place) {
    create(&place).await;
    place.run("CREATE TABLE stock (name TEXT); INSERT INTO stock VALUES ('gold')").await;
    let error = Store::open(&place.url, SEED, PATIENCE).await.expect_err("no tables of ours");
    assert!(matches!(error, OpenError::Migration(_)) && !error.is_temporary(), "{error:?}");
    assert!(error.to_string().contains("stock"), "{error}");
    assert_eq!(place.run("SELECT name FROM stock").await, ["gold"]);
}

async fn a_layout_of_the_future_is_left_alone(place: Place) {
    place.open(1, 1).await.close().await;
    place.run("UPDATE _sqlx_migrations SET version = 1000").await;
    let error = Store::open(&place.url, SEED, PATIENCE).await.expect_err("another layout");
    assert!(matches!(error, OpenError::Migration(_)) && !error.is_temporary(), "{error:?}");
}

/// SQLite's file, which is not there yet.
async fn create(place: &Place) {
    if let Some(file) = place.url.strip_prefix("sqlite://") {
        std::fs::write(file, "").expect("an empty file");
    }
}

#[tokio::test]
async fn urls_that_name_no_database() {
    for url in [
        "",
        "inventory.db",
        "mysql://me:hunter2@localhost/x",
        "postgres://me:hunter2@localhost:port/x",
        "postgres://me:hunter2@localhost/x?port=none",
        "sqlite://x?mode=none",
        "sqlite://",
        "sqlite:",
        "sqlite://?mode=memory",
        "sqlite://%ff",
    ] {
        let error = Store::open(url, SEED, PATIENCE).await.expect_err(url);
        assert!(matches!(error, OpenError::Url(_)) && !error.is_temporary(), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_database_in_memory() {
    for url in ["sqlite::memory:", "sqlite://:memory:"] {
        let store = Store::open(url, Seed { items: 1, stock: 1 }, PATIENCE).await.expect("a store");
        let batch = [order("a", 0, 0), order("b", 0, 1)];
        assert_eq!(shown(&store.reserve(&batch, NOW).await.expect("effects")), ["reserved", "rejected"]);
        // The connection goes, what it has written stays.
        store.clone().close().await;
        let effects = store.reserve(&batch, NOW).await.expect("effects");
        assert_eq!(shown(&effects), ["again reserved", "again rejected"], "{url}");
        // And it is its own.
        let other = Store::open(url, Seed { items: 1, stock: 1 }, PATIENCE).await.expect("a store");
        assert_eq!(shown(&other.reserve(&batch, NOW).await.expect("effects")), ["reserved", "rejected"]);
    }
}

#[tokio::test]
async fn files_that_are_no_database() {
    let folder = tempfile::Builder::new().prefix("ottla-store-").tempdir().expect("a folder");
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "Dear reader, ".repeat(1_000)).expect("a file");
    let error =
        Store::open(&format!("sqlite://{}", file.display()), SEED, PATIENCE).await.expect_err("a letter");
    assert!(!error.is_temporary() && error.to_string().contains("not a database"), "{error:?}");
    // A folder may be mounted later.
    let missing = format!("sqlite://{}", folder.path().join("missing/inventory.db").display());
    let error = Store::open(&missing, SEED, PATIENCE).await.expect_err("no folder");
    assert!(error.is_temporary() && error.to_string().contains("unable to open"), "{error:?}");
    // In a name, anything.
    let odd = format!("sqlite://{}", folder.path().join("a%20b%3f.db").display());
    Store::open(&odd, SEED, PATIENCE).await.expect("a store");
    assert!(folder.path().join("a b?.db").exists());
}

async fn without_items_there_is_nothing_to_do(place: Place) {
    let error = Store::open(&place.url, Seed { items: 0, stock: 1 }, PATIENCE).await.expect_err("no items");
    assert!(error.to_string().contains("no items") && !error.is_temporary(), "{error:?}");
    // Which is not for ever.
    place.open(2, 1).await;
    assert_eq!(place.stock().await, ["item-0 1", "item-1 1"]);
}

#[tokio::test]
async fn passwords_are_not_shown() {
    let nobody = "postgres://me:hunter2@127.0.0.1:1/x";
    let error = Store::open(nobody, SEED, Duration::from_secs(5)).await.expect_err("nobody listens there");
    assert!(error.is_temporary(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database().replace("ottla@", "ottla:hunter2@");
    let store = Store::open(&url, SEED, PATIENCE).await.expect("a store");
    assert!(!format!("{store:?}").contains("hunter2"), "{store:?}");
    // Encryption is not built in: that will not change.
    let error = Store::open(&format!("{url}?sslmode=require"), SEED, PATIENCE).await.expect_err("no TLS");
    assert!(!error.is_temporary(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

/// Whatever the database is set up for, sessions have what the store depends on.
#[tokio::test]
async fn settings_of_the_server_do_not_matter() {
    let Some(place) = Place::postgres() else { return };
    let name = place.url.rsplit('/').next().expect("a name");
    place
        .run(&format!(
            "ALTER DATABASE {name} SET synchronous_commit = off;
            ALTER DATABASE {name} SET default_transaction_isolation = 'serializable';
            ALTER DATABASE {name} SET statement_timeout = 0;
            CREATE TABLE told (setting TEXT PRIMARY KEY)"
        ))
        .await;
    let store = place.open(1, 10).await;
    place
        .run(
            "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO told SELECT name || ' ' || current_setting(name) FROM unnest(ARRAY['synchronous_commit',
                    'transaction_isolation', 'statement_timeout', 'idle_in_transaction_session_timeout']) AS name;
                RETURN NEW; END $$;
            CREATE TRIGGER tell BEFORE INSERT ON reservations FOR EACH ROW EXECUTE FUNCTION tell()",
        )
        .await;
    store.reserve(&[order("a", 0, 0)], NOW).await.expect("effects");
    let told = place.run("SELECT setting FROM told ORDER BY setting").await;
    let expected = [
        "idle_in_transaction_session_timeout 3s",
        "statement_timeout 16s",
        "synchronous_commit on",
        "transaction_isolation read committed",
    ];
    assert_eq!(told, expected);
}
