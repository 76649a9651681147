ottla_macros::include_schema!(
    "schemas/price.avsc",
    borrowed = "com.exmaple.*",
    map_type("com.example.Mony", crate::Money),
    derive("com.example.Money", serde::Serialize),
    derive("com.example.Money", "5"),
);

mod unused {
    ottla_macros::include_schema!("schemas/price.avsc", borrowed = "com.exmaple.*", map_type("com.example.Mony", crate::Money));
}

fn main() {}
