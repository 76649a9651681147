ottla_macros::include_schema!("schemas/a.avsc", "schemas/b.avsc");

fn main() {}
