ottla_macros::include_schema!(
    "schemas/price.avsc",
    "schemas/nowhere.avsc",
    "schemas",
);

mod no_file {
    ottla_macros::include_schema!("schemas/price.avsc", "schemas/nowhere.avsc");
}

mod nothing {
    ottla_macros::include_schema!();
}

fn main() {}
