ottla_macros::include_schema!("schemas/money.avsc");

fn main() {}
