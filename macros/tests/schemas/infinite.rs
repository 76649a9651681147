ottla_macros::include_schema!("./schemas/node.avsc");

fn main() {}
