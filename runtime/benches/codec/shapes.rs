//! The values that are written and read.

pub use crate::com::acme::orders::{
    Address, BankTransfer, CardPayment, Customer, LineItem, OrderCreated as Small,
    OrderCreatedRef as SmallRef, OrderPlaced as Big, OrderPlacedPayment as Payment, OrderPlacedRef as BigRef,
    Status,
};
use ottla::logical::{Decimal, TimestampMillis};

/// Five fields, 60 bytes.
pub fn small() -> Small {
    Small {
        order_id: "0192a5c4-7b1e-7cc3-98f4".to_owned(),
        customer_id: "customer-004211".to_owned(),
        total_amount: 129.95,
        created_at: TimestampMillis(1_764_000_000_000),
        currency: "EUR".to_owned(),
    }
}

/// Nested records, 20 line items, a map, a union, a decimal.
pub fn big() -> Big {
    Big {
        order_id: "0192a5c4-7b1e-7cc3-98f4".to_owned(),
        customer: Customer {
            id: "customer-004211".to_owned(),
            name: "Marie Curie".to_owned(),
            email: Some("marie.curie@example.com".to_owned()),
            address: Address {
                street: "Rue Pierre et Marie Curie 11".to_owned(),
                city: "Paris".to_owned(),
                zip: "75005".to_owned(),
                country: "FR".to_owned(),
            },
        },
        items: (0..20).map(item).collect(),
        attributes: (0..5).map(|n| (format!("attribute-{n}"), format!("value of attribute {n}"))).collect(),
        payment: Payment::CardPayment(CardPayment { last4: "4242".to_owned(), brand: "visa".to_owned() }),
        status: Status::Paid,
        // apache-avro resolves no decimal with fewer bytes than its precision may take.
        total: Decimal::from_unscaled(987_654_321_098),
        note: Some("leave it with the neighbours".to_owned()),
        created_at: TimestampMillis(1_764_000_000_000),
        currency: "EUR".to_owned(),
    }
}

fn item(n: i32) -> LineItem {
    LineItem {
        sku: format!("SKU-{:06}", n * 7919),
        title: format!("An article of the catalogue, number {n}"),
        quantity: n % 7 + 1,
        unit_price: 9.99 + f64::from(n),
        discount: (n % 3 == 0).then_some(0.15),
    }
}
