//! Names that Avro has not, and names that come twice.

#[derive(ottla::Event)]
#[event(namespace = "com..example")]
struct Größe {
    länge: i32,
    #[event(rename = "order-id", alias = "order id")]
    order_id: String,
    #[event(rename = "order")]
    first: String,
    order: String,
    #[event(fixed = "9")]
    digest: [u8; 2],
}

#[derive(ottla::Event)]
#[event(name = "string")]
struct Text {
    text: String,
}

#[derive(ottla::Event)]
#[event(rename_all = "UPPERCASE")]
enum Status {
    Open,
    OPEN,
}

fn main() {}
