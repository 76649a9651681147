//! The story, with a registry within the process.

use ottla::testing::Registry;

#[tokio::test(flavor = "current_thread")]
async fn is_told_as_expected() {
    let registry = Registry::new();
    let mut told = Vec::new();
    typed_events::story::tell(&registry.client(), &mut told).await.expect("the story");
    let told = String::from_utf8(told).expect("text");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "com.example.events.OrderCreated: 63 bytes, with schema 1 of orders-value",
            "com.example.events.OrderCreated: 67 bytes, with schema 2 of orders-value",
            "this year's service reads 129.95 EUR",
            "this year's service reads 142.00 CHF",
            "last year's service reads 129.95",
            "last year's service reads 142.00",
            "without a copy: customer-17",
            "0192a5c4-7b1e-7cc3-98f4-1d2e3f405162 left 2025-11-25T12:00:00.000Z",
        ],
        "{told}"
    );
}
