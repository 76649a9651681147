//! A type that the macro does not know, and that is no event.

struct Money {
    cents: i64,
}

type Count = u32;

#[derive(ottla::Event)]
struct Order {
    price: Money,
    counts: Vec<Count>,
    prices: Option<Vec<Money>>,
}

fn main() {}
