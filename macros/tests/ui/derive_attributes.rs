//! Attributes that do not exist, or say nothing.

#[derive(ottla::Event)]
#[event(namespaces = "com.example", rename_all = "kebab-case")]
struct Typo {
    #[event(defualt = "1")]
    one: i32,
    #[event(default)]
    two: i32,
    #[event(default = 3)]
    three: i32,
    #[event(default = "1", default = "2")]
    four: i32,
    #[event(logical = "timestamp")]
    five: i64,
    #[event(logical = "decimal(2, 3)")]
    six: i64,
    #[event(fixed = "Seven")]
    seven: Vec<u8>,
}

#[derive(ottla::Event)]
#[event(name = "Id", namespace = "com.example", alias = "Key", rename_all = "camelCase")]
struct OrderId(String);

#[derive(ottla::Event)]
#[event(name = "Payment")]
enum Payment {
    #[event(rename = "cash")]
    Cash(i64),
    Text(String),
}

#[derive(ottla::Event)]
enum Status {
    #[event(default)]
    Open,
    #[event(default)]
    Paid,
    #[event(default = "Open")]
    Gone,
}

fn main() {}
