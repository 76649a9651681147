mod unknown {
    ottla_macros::include_schema!("schemas/price.avsc", borowed = "**");
}

mod no_text {
    ottla_macros::include_schema!("schemas/price.avsc", borrowed = true);
}

mod no_value {
    ottla_macros::include_schema!("schemas/price.avsc", derive("**"));
}

mod no_comma {
    ottla_macros::include_schema!("schemas/price.avsc" "schemas/order.avsc");
}

mod no_name {
    ottla_macros::include_events!(events);
}

fn main() {}
