//! One suite for every database that keeps the log.
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod support;

use ottla_registry::domain::Defaults;
use ottla_registry::engine::{Database, Engine, Options};
use support::commands::Register;

#[tokio::test]
async fn smoke() {
    let folder = tempfile::tempdir().unwrap();
    let database: Database = format!("sqlite://{}/ottla.db", folder.path().display()).parse().unwrap();
    let engine = Engine::open(&database, Defaults::default(), Options::default()).await.unwrap();
    let one = engine.submit(Register::new("s", "\"int\"")).await.unwrap();
    let two = engine.submit(Register::new("s", "\"long\"")).await.unwrap();
    assert_eq!((one.id, one.version, two.id, two.version), (1, 1, 2, 2));
    assert!(
        Engine::open(&database, Defaults::default(), Options::default())
            .await
            .unwrap_err()
            .to_string()
            .contains("in use")
    );
    engine.close().await;
    let again = Engine::open(&database, Defaults::default(), Options::default()).await.unwrap();
    assert_eq!(*again.snapshot(), *engine.snapshot());
    assert_eq!(again.confirmed().await.unwrap().head(), 2);
}
