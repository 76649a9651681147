// What is only wrong because of the missing name is not told, nor are defaults looked at.
ottla_macros::include_schema!("schemas/order.avsc", "schemas/price.avsc");

fn main() {}
