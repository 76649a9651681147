//! Types of fields that Avro has not.

use std::collections::HashMap;

#[derive(ottla::Event)]
struct Numbers {
    small: u8,
    unsigned: Option<u64>,
    list: Vec<usize>,
    wide: HashMap<String, i128>,
    letter: char,
    text: Box<str>,
    pair: (i32, i32),
    digest: [u8; 16],
    three: [i32; 3],
    keyed: HashMap<i32, String>,
}

fn main() {}
