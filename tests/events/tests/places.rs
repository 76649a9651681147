//! Errors say exactly where: in the schema that the bytes were written with, and in the bytes.

use ottla::codec::Fault;
use ottla::{Event, Plan};

mod types {
    ottla::include_schema!("schemas/order.avsc", strip = "com.example");
}

mod evolved {
    ottla::include_schema!("schemas/order_v2.avsc", strip = "com.example");
}

use types::Order;

/// The fields of an order, each with a value. The two dots are what a case puts in place of one of them.
const FIELDS: [(&str, &[u8]); 10] = [
    ("id", &[14]),
    ("items", &[2, 2, b'a', 2, 2, b'k', 6, 0, 0]),
    ("note", &[2, 2, b'n']),
    ("payment", &[2, 2]),
    ("status", &[2]),
    ("gift", &[1]),
    ("reference", b"\x48123e4567-e89b-12d3-a456-426614174000"),
    ("sum", &[2, 5]),
    ("parent", &[0]),
    ("gaps", &[0]),
];

/// An order with something else for one field, and nothing behind it; and where that field begins.
fn ends_with(field: &str, bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut message = Vec::new();
    for (name, value) in FIELDS {
        if name == field {
            let start = message.len();
            message.extend_from_slice(bytes);
            return (message, start);
        }
        message.extend_from_slice(value);
    }
    let start = message.len();
    message.extend_from_slice(bytes);
    (message, start)
}

/// The field and its bytes; the path behind the order's name; the offset from the start of the field; what is wrong.
type Case = (&'static str, &'static [u8], &'static str, usize, Fault);

const CASES: &[Case] = &[
    ("id", &[], ".id", 0, Fault::End),
    ("id", &[0x80], ".id", 0, Fault::End),
    ("id", &[0xff, 0xff, 0xff, 0xff, 0x1f], ".id", 0, Fault::IntRange),
    ("items", &[], ".items", 0, Fault::End),
    ("items", &[0xd0, 0x0f, 0, 0], ".items", 0, Fault::End),
    ("items", &[1, 1], ".items", 0, Fault::Negative),
    ("items", &[1, 20, 0], ".items", 0, Fault::End),
    ("items", &[2, 1, 0, 0], ".items[0].sku", 1, Fault::Negative),
    ("items", &[2, 2, 0xff, 0], ".items[0].sku", 1, Fault::Utf8),
    ("items", &[2, 8, b'a', 0], ".items[0].sku", 1, Fault::End),
    ("items", &[2, 0, 0], ".items", 3, Fault::End),
    // Indexes go on over blocks, with or without their sizes.
    ("items", &[2, 0, 0, 2, 0, 0, 3, 10, 0, 0, 2, 0xff, 0], ".items[3].sku", 10, Fault::Utf8),
    ("items", &[2, 0, 2, 2, 0xff, 0, 0], ".items[0].attributes[key 0]", 3, Fault::Utf8),
    ("items", &[2, 0, 4, 0, 2, 9, 0, 0], ".items[0].attributes[key 1]", 5, Fault::Negative),
    ("items", &[2, 0, 2, 2, b'k', 0x80], ".items[0].attributes[\"k\"]", 5, Fault::End),
    ("items", &[2, 0, 2, 2, b'"', 0x80], ".items[0].attributes[\"\\\"\"]", 5, Fault::End),
    ("items", &[2, 0, 2, 2, b'k', 0, 0x80], ".items[0].attributes", 6, Fault::End),
    ("note", &[4], ".note", 0, Fault::Branch),
    ("note", &[1], ".note", 0, Fault::Branch),
    ("note", &[], ".note", 0, Fault::End),
    ("note", &[2, 4, b'n'], ".note", 1, Fault::End),
    ("payment", &[8], ".payment", 0, Fault::Branch),
    ("payment", &[2, 0x80], ".payment<int>", 1, Fault::End),
    ("payment", &[4, 1], ".payment<com.example.Card>.owner", 1, Fault::End),
    ("payment", &[4, 1, 2, 3], ".payment<com.example.Card>.rate", 3, Fault::End),
    ("payment", &[6, 2, 0xc0], ".payment<string>", 1, Fault::Utf8),
    ("status", &[4], ".status", 0, Fault::Symbol),
    ("status", &[3], ".status", 0, Fault::Symbol),
    ("gift", &[2], ".gift", 0, Fault::Boolean),
    ("reference", &[4, b'n', b'o'], ".reference", 0, Fault::Logical),
    ("sum", b"\x2201234567890123456", ".sum", 0, Fault::Logical),
    ("parent", &[2], ".parent.id", 1, Fault::End),
    ("parent", &[2, 0, 0, 0, 0, 6], ".parent.status", 5, Fault::Symbol),
    ("gaps", &[0xfe, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], ".gaps", 0, Fault::Memory),
    ("gaps", &[0xff, 0xff, 0xff, 0xff, 0x7f, 0], ".gaps", 0, Fault::Memory),
    ("gaps", &[0xff, 0xff, 0xff, 0xff, 0x7f, 4], ".gaps", 0, Fault::End),
    // Ten million items without bytes, and then nothing.
    ("gaps", &[0x80, 0xda, 0xc4, 0x09], ".gaps", 4, Fault::End),
    ("", &[7], "", 0, Fault::Trailing),
];

#[test]
fn errors_say_where() {
    for (field, bytes, path, offset, fault) in CASES {
        let (message, start) = ends_with(field, bytes);
        let error = Order::decode(&message).expect_err("an error");
        let expected = (format!("com.example.Order{path}"), start + offset, *fault);
        assert_eq!((error.path().to_owned(), error.offset(), error.fault()), expected, "{field} {bytes:x?}");
        // A plan finds the same.
        let plan = Order::plan(Order::descriptor().schema().expect("a schema").clone()).expect("a plan");
        assert_eq!(Order::decode_resolved(&message, &plan), Err(error), "{field} {bytes:x?}");
    }
    let (message, _) = ends_with("", &[]);
    Order::decode(&message).expect("an order, if nothing else is put into it");
}

#[test]
fn errors_are_sentences() {
    let (message, _) = ends_with("sum", b"\x2201234567890123456");
    let error = Order::decode(&message).expect_err("an error").to_string();
    let expected = "com.example.Order.sum at byte 54: the value does not suit its logical type: a decimal has more than 128 bits";
    assert_eq!(error, expected);
}

/// Long paths are shown without their middle.
#[test]
fn errors_in_the_deep() {
    let (start, _) = ends_with("parent", &[2]);
    let message = start.repeat(200);
    let error = Order::decode(&message).expect_err("an error");
    assert_eq!(error.fault(), Fault::Depth);
    let parents = |count| ".parent".repeat(count);
    let path = format!("com.example.Order{}...(105 levels)...{}.id", parents(12), parents(11));
    assert_eq!((error.path(), error.offset()), (path.as_str(), start.len() * 128));
}

/// What `order_v1.avsc` wrote, read by `order_v2.avsc`, which skips the first field.
#[test]
fn errors_of_a_plan_are_in_terms_of_the_writer() {
    let text = include_str!("../schemas/order_v1.avsc");
    let writer = ottla::schema::parse(text, ottla::schema::Mode::Strict).expect("a schema");
    let plan = Plan::<evolved::Order>::new(writer).expect("a plan");
    let whole = [2, 2, 2, b'k', 2, 8, 2, b'n', 0, 0, 0, 1, 14, 2, 6, 0, 2];
    let read = evolved::Order::decode_resolved(&whole, &plan).expect("an order");
    let expected = evolved::Order {
        id: 7,
        gift: true,
        sums: vec![3.0],
        ..evolved::Order::new(0, false, vec![], evolved::Status::Open)
    };
    assert_eq!(read, expected);
    let cases: &[(&[u8], &str, usize, Fault)] = &[
        (&[], ".history", 0, Fault::End),
        (&[2, 2, 2, b'k', 4], ".history[0][\"k\"]", 4, Fault::Branch),
        (&[2, 2, 1], ".history[0][key 0]", 2, Fault::Negative),
        (&[2, 2, 2, b'k', 0], ".history[0][\"k\"]", 5, Fault::End),
        (&[2, 2, 2, b'k', 2, 8, 20], ".history[0][\"k\"].by", 6, Fault::End),
        // What is passed over as a whole is not looked into.
        (&[1, 20, 0], ".history", 0, Fault::End),
        (&[0, 2], ".gift", 1, Fault::Branch),
        (&[0, 0, 3], ".gift", 2, Fault::Boolean),
        (&[0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x1f], ".id", 3, Fault::IntRange),
        (&[0, 0, 1, 0, 4, 2, 0x80], ".sums[1]", 6, Fault::End),
        (&[0, 0, 1, 0, 0, 6], ".status", 5, Fault::Symbol),
        (&[0, 0, 1, 0, 0], ".status", 5, Fault::End),
        (&[0, 0, 1, 0, 0, 0, 0], "", 6, Fault::Trailing),
    ];
    for (bytes, path, offset, fault) in cases {
        let error = evolved::Order::decode_resolved(bytes, &plan).expect_err("an error");
        let expected = (format!("com.example.Order{path}"), *offset, *fault);
        assert_eq!((error.path().to_owned(), error.offset(), error.fault()), expected, "{bytes:x?}");
    }
}

/// A writer that calls the type something else is named as it calls itself.
#[test]
fn bytes_behind_a_value_are_told_of_by_the_name_of_the_writer() {
    let text = include_str!("../schemas/order_v1.avsc").replace("com.example", "org.elsewhere");
    let writer = ottla::schema::parse(&text, ottla::schema::Mode::Strict).expect("a schema");
    let plan = Plan::<evolved::Order>::new(writer).expect("a plan");
    let error = evolved::Order::decode_resolved(&[0, 0, 1, 0, 0, 0, 0], &plan).expect_err("an error");
    assert_eq!(error.to_string(), "org.elsewhere.Order at byte 6: bytes are left after the value");
}
