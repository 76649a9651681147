ottla_macros::include_events!();

fn main() {}
